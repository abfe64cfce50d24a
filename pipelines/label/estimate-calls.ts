import type { CallPrice } from "./call-price.js";
import { expectedInputTokens, verdictTokens } from "./expected-tokens.js";
import type { JudgeCall } from "./judge.js";

/** What calls can be expected to take. */
export interface CallEstimate<Kind extends string> {
  calls: Record<Kind, number>;
  estimated_input_tokens: number;
  estimated_output_tokens: number;
  /** At list price; null when a price is unknown. */
  estimated_usd: number | null;
}

/** Price verdict calls before they are sent: four characters a token in, a short rationale out.
 * @param kinds calls by what they are for */
export function estimateCalls<Kind extends string>(
  kinds: Readonly<Record<Kind, readonly JudgeCall[]>>,
  { price, isBatch }: { price: CallPrice; isBatch: boolean },
): CallEstimate<Kind> {
  const named = Object.entries(kinds) as Array<[Kind, readonly JudgeCall[]]>;
  const all = named.flatMap(([, calls]) => calls);
  return {
    calls: Object.fromEntries(named.map(([kind, calls]) => [kind, calls.length])) as Record<Kind, number>,
    estimated_input_tokens: all.reduce((sum, call) => sum + expectedInputTokens(call), 0),
    estimated_output_tokens: all.length * verdictTokens,
    estimated_usd: all.reduce<number | null>((sum, call) => {
      const tokens = { inputTokens: expectedInputTokens(call), cachedTokens: 0, outputTokens: verdictTokens };
      const usd = price(call.model, tokens, isBatch);
      return sum === null || usd === null ? null : sum + usd;
    }, 0),
  };
}

/** Items that a cap pays for at the expected price, at most all; null without a cap or a price.
 * @param usd expected cost of all items */
export function affordableItems(items: number, maxUsd: number | null, usd: number | null): number | null {
  if (maxUsd === null || usd === null) return null;
  return usd <= maxUsd ? items : Math.floor((items * maxUsd) / usd);
}
