import type { PriceBreakEven } from "../../datasets/pricing-result.js";
import { type CostCurve, costCurve } from "../../models/pricing/cost-curve.js";
import type { Exact } from "../../models/pricing/exact.js";
import { isPerCallOrToken, type PricingPlan } from "../../models/pricing/plan.js";
import { tokenBreakEven } from "../../models/pricing/token-break-even.js";
import type { Volume } from "../../models/pricing/volume.js";
import { sayVolumeBreakEven, volumeBreakEven } from "../../models/pricing/volume-break-even.js";

/** A price and an average call of the traffic that it is put on. */
export interface Rival {
  plan: PricingPlan;
  /** One call; null where nothing is known of it. */
  call: Volume | null;
}

/** Where each two of the rivals cost the same, in tokens per call and in calls a month.
 * @param options.users who subscribe under plans by user, all alike */
export function breakEvens(
  rivals: readonly Rival[],
  options: { users: number; monthDays: number },
): PriceBreakEven[] {
  const curves = rivals.map(({ plan, call }) => (call === null ? null : curveOf(plan, call, options)));
  return rivals.flatMap((first, i) =>
    rivals.slice(i + 1).map((second, j) => ({
      first: first.plan.name,
      second: second.plan.name,
      tokens_per_call: inTokens(first, second),
      volume: [first, second].some(({ call }) => call === null)
        ? withoutCalls(first.plan, second.plan)
        : inCalls([first.plan.name, second.plan.name], curves[i]!, curves[i + 1 + j]!),
    })),
  );
}

/** null for a plan at list price when the call has none. */
function curveOf(
  plan: PricingPlan,
  call: Volume,
  options: { users: number; monthDays: number },
): CostCurve | null {
  return plan.tokens === "list" && Number.isNaN(call.list_usd) ? null : costCurve(plan, call, options);
}

/** What can be said of volume without knowing a call. */
function withoutCalls(first: PricingPlan, second: PricingPlan): PriceBreakEven["volume"] {
  if (![first, second].every(isPerCallOrToken)) return null;
  const says =
    "both grow in proportion to the calls, so volume can't flip which is cheaper: the size of calls decides";
  return { crossings: [], is_proportional: true, says };
}

function inTokens(first: Rival, second: Rival): PriceBreakEven["tokens_per_call"] {
  const found = tokenBreakEven(first, second);
  if (found === null) return null;
  const number = (tokens: Exact | null) => tokens?.toNumber() ?? null;
  return {
    input_only: number(found.input_only),
    output_only: number(found.output_only),
    own_mix: number(found.own_mix),
    cheaper_above: (found.cheaper_above === "first" ? first : second).plan.name,
  };
}

function inCalls(
  [first, second]: readonly [string, string],
  one: CostCurve | null,
  other: CostCurve | null,
): PriceBreakEven["volume"] {
  if (one === null || other === null) return null;
  const found = volumeBreakEven(one, other);
  return {
    crossings: found.crossings.map(({ calls_per_month: at, cheaper_above: above }) => ({
      calls_per_month: at.toNumber(),
      cheaper_above: above === "first" ? first : second,
    })),
    is_proportional: found.is_proportional,
    says: sayVolumeBreakEven(found, first, second),
  };
}
