import type { CompiledPolicy } from "./compile-policy.js";
import { type CallTokens, cachedCallCost, callCost } from "./expected-cost.js";

/** A turn that might leave its session's model for a cheaper one. */
export interface Drop {
  /** Places of the two models. */
  from: number;
  to: number;
  /** Milliseconds since 1970; the last turn's is -Infinity where `from` has no cached prefix. */
  now: number;
  lastTurnAt: number;
}

/** Whether a turn is expected to cost less on a cheaper model, which has to read the whole prompt anew.
 *
 *     stay = prefix x cache-read price (while it is cached, else x input price) + turn x input price + output x output price
 *     drop = (prefix + turn) x input price + output x output price, all of the cheaper model
 *
 * The prefix counts as cached when it is long enough for providers to keep, the last turn is younger than the cache's life, and its
 * price is known. With a price or the output unknown the session stays. */
export function paysToDrop(
  { policy, candidates }: CompiledPolicy,
  tokens: CallTokens,
  { from, to, now, lastTurnAt }: Drop,
): boolean {
  const { switching } = policy;
  if (switching?.drops !== "when_cheaper") return false;
  const isCached =
    tokens.prefix >= switching.min_prefix_tokens && now - lastTurnAt < switching.cache_ttl_s * 1_000;
  const stay = (isCached ? cachedCallCost : callCost)(candidates[from]!.facts, tokens);
  const drop = callCost(candidates[to]!.facts, tokens);
  return stay !== null && drop !== null && drop < stay;
}
