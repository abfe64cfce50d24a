import { perCallFee, percentPlus, tokenChargePerCall } from "./cost-curve.js";
import { Exact } from "./exact.js";
import { isPerCallOrToken, type PricingPlan } from "./plan.js";
import { mapVolume, tokensOf, type Volume } from "./volume.js";

/** Size of a call at which two plans cost the same; null where there is none, or prices aren't known for such calls. */
export interface TokenBreakEven {
  /** If a call were input alone, and output alone, in tokens. */
  input_only: Exact | null;
  output_only: Exact | null;
  /** At the traffic's own mix of input and output. */
  own_mix: Exact | null;
  /** Which plan is cheaper for calls larger than that. */
  cheaper_above: "first" | "second";
}

/** A plan, and an average call of the traffic that it is put on; null where nothing is known of it. */
interface Side {
  plan: PricingPlan;
  call: Volume | null;
}

/** Solve two plans for the tokens per call at which they cost the same: (fee - fee') / (rate' - rate), where a rate is USD per token of
 * a mix.
 * @returns null unless both plans are made of fees per call and token prices, with a higher fee on one side and higher token
 *   prices on the other */
export function tokenBreakEven(first: Side, second: Side): TokenBreakEven | null {
  if (!isPerCallOrToken(first.plan) || !isPerCallOrToken(second.plan)) return null;
  const fee = feeOf(first).minus(feeOf(second));
  if (fee.equals(0)) return null;
  const solve = (one: Exact | null, other: Exact | null): Exact | null => {
    if (one === null || other === null || one.equals(other)) return null;
    const tokens = fee.over(other.minus(one));
    return tokens.compare(0) > 0 ? tokens : null;
  };
  const [input, output] = [single("input_tokens"), single("output_tokens")];
  const found = {
    input_only: solve(rateOf(first.plan, input), rateOf(second.plan, input)),
    output_only: solve(rateOf(first.plan, output), rateOf(second.plan, output)),
    own_mix: solve(rateOf(first.plan, first.call), rateOf(second.plan, second.call)),
  };
  if (Object.values(found).every((tokens) => tokens === null)) return null;
  return { ...found, cheaper_above: fee.compare(0) > 0 ? "first" : "second" };
}

/** Without traffic every attempt counts as answered. */
function feeOf({ plan, call }: Side): Exact {
  const fee = call === null ? Exact.of(plan.call?.usd ?? 0) : perCallFee(plan, call);
  return fee.times(percentPlus(plan.credit_fee_percent));
}

/** USD per token of a mix; null when the list price of such a mix isn't known. */
function rateOf(plan: PricingPlan, mix: Volume | null): Exact | null {
  if (mix === null || tokensOf(mix) === 0) return null;
  if (plan.tokens === "list" && Number.isNaN(mix.list_usd)) return null;
  return tokenChargePerCall(plan, mix).times(percentPlus(plan.credit_fee_percent)).over(tokensOf(mix));
}

/** A call of one token. What of such calls could wait isn't known, so a discount for batchable ones has no part in it. */
function single(kind: "input_tokens" | "output_tokens"): Volume {
  return mapVolume((field) => (field === kind ? 1 : field === "list_usd" ? Number.NaN : 0));
}
