import type { PricingPlan } from "./plan.js";
import { type PlanCost, quotaUnits, tokenCharge } from "./plan-cost.js";
import { tokensOf, type Volume } from "./volume.js";

/** One payer's part of what a plan charges for a month, USD. What is charged for the payer alone is the payer's; what is charged to the
 * account is shared in proportion to what it meters: commitments by token charges, subscriptions by calls (or tokens, if these are
 * included), machines by tokens. The parts of all payers sum to the plan's cost.
 * @param total cost of everybody, and their volume
 * @param own the payer's volume of the month, and the calls or tokens above the payer's own quota */
export function allocateCost(
  plan: PricingPlan,
  total: { cost: PlanCost; volume: Volume },
  own: { volume: Volume; seats: number; excess: number },
): number {
  const { cost, volume } = total;
  const part = (amount: number, mine: number, all: number) => (all > 0 ? (amount * mine) / all : 0);
  const tokens =
    plan.tokens === null
      ? 0
      : part(cost.tokens + cost.unused_commitment, tokenCharge(plan, own.volume), tokenCharge(plan, volume));
  const answered = ({ calls, failed_calls: failed }: Volume) =>
    plan.call?.counts === "answers" ? calls - failed : calls;
  const calls = part(cost.calls, answered(own.volume), answered(volume));
  const machines = part(cost.gpu, tokensOf(own.volume), tokensOf(volume));
  return (
    (tokens + calls + machines + subscriptionPart(plan, total, own)) * (1 + plan.credit_fee_percent / 100)
  );
}

function subscriptionPart(
  plan: PricingPlan,
  { cost, volume }: { cost: PlanCost; volume: Volume },
  own: { volume: Volume; seats: number; excess: number },
): number {
  const { subscription } = plan;
  if (subscription === null) return 0;
  if (subscription.per === "user") {
    const perUnit =
      (subscription.overage_usd ?? 0) / (subscription.included?.unit === "tokens" ? 1_000_000 : 1);
    return own.seats * subscription.usd_per_month + own.excess * perUnit;
  }
  const all = quotaUnits(plan, volume);
  return all > 0 ? ((cost.subscription + cost.overage) * quotaUnits(plan, own.volume)) / all : 0;
}
