import type { GpuFleet, PlanRates, PricingPlan } from "./plan.js";
import { tokensOf, type Volume } from "./volume.js";

/** What a plan charges for a month, part by part. */
export interface PlanCost {
  /** Sum of the parts, USD. */
  usd: number;
  /** Tokens after batch discount, mark-up and commitment. */
  tokens: number;
  /** The part of a commitment that was paid for nothing. */
  unused_commitment: number;
  calls: number;
  subscription: number;
  overage: number;
  gpu: number;
  credit_fee: number;
  /** Calls that the plan doesn't serve, being above a cap without overage or above the machines' capacity. */
  unserved_calls: number;
}

/** Cost of a month's traffic under a plan, USD. In plain double precision: relative error below 1e-12.
 *
 *     tokens   = sum of tokens x rate / 1e6 (or the list price), less batch discount on the eligible part, x (1 + mark-up)
 *     commit C = C, and what x (1 - discount) exceeds C at the overage discount
 *     total    = (tokens + calls + subscription + overage + machines) x (1 + credit fee)
 *
 * @param volume of the month
 * @param users who subscribe, for plans by user
 * @param excess calls or tokens above what a subscription includes, summed over users; absent: as if all users were alike
 * @param monthDays days in a month, for quotas by day */
export function planCost(
  plan: PricingPlan,
  volume: Volume,
  { users = 1, excess, monthDays = 30 }: { users?: number; excess?: number; monthDays?: number } = {},
): PlanCost {
  const committed = chargeTokens(plan, volume);
  const calls = chargeCalls(plan, volume);
  const subscribed = chargeSubscription(
    plan,
    volume,
    users,
    excess ?? excessOf(plan, volume, users, monthDays),
  );
  const machines = chargeGpu(plan.gpu, volume);
  const before =
    committed.tokens + committed.unused + calls + subscribed.fixed + subscribed.overage + machines.usd;
  const creditFee = (before * plan.credit_fee_percent) / 100;
  return {
    usd: before + creditFee,
    tokens: committed.tokens,
    unused_commitment: committed.unused,
    calls,
    subscription: subscribed.fixed,
    overage: subscribed.overage,
    gpu: machines.usd,
    credit_fee: creditFee,
    unserved_calls: Math.max(subscribed.unserved, machines.unserved),
  };
}

/** What a subscription meters of a volume: calls or tokens. */
export function quotaUnits(plan: PricingPlan, volume: Volume): number {
  return plan.subscription?.included?.unit === "tokens" ? tokensOf(volume) : volume.calls;
}

/** Tokens that one replica serves in a month. */
export function replicaCapacity({ tokens_per_second, utilisation, hours_per_month }: GpuFleet): number {
  return tokens_per_second * 3600 * hours_per_month * utilisation;
}

/** Token charge of a volume after batch discount and mark-up, before a commitment, USD. */
export function tokenCharge(plan: PricingPlan, volume: Volume): number {
  if (plan.tokens === null) return 0;
  const all = meter(plan.tokens, volume, "");
  const discount =
    plan.batch === null ? 0 : (eligiblePart(plan, all, volume) * plan.batch.discount_percent) / 100;
  return (all - discount) * (1 + plan.markup_percent / 100);
}

function chargeTokens(plan: PricingPlan, volume: Volume): { tokens: number; unused: number } {
  const charged = tokenCharge(plan, volume);
  if (plan.commitment === null) return { tokens: charged, unused: 0 };
  const { usd_per_month: promised, discount_percent, overage_discount_percent } = plan.commitment;
  const drawn = charged * (1 - discount_percent / 100);
  if (drawn <= promised) return { tokens: drawn, unused: promised - drawn };
  const beyond = charged - promised / (1 - discount_percent / 100);
  return { tokens: promised + beyond * (1 - overage_discount_percent / 100), unused: 0 };
}

function eligiblePart({ batch, tokens }: PricingPlan, all: number, volume: Volume): number {
  const share = batch!.eligible_percent;
  return share === null ? meter(tokens!, volume, "batchable_") : (all * share) / 100;
}

function meter(price: PlanRates | "list", volume: Volume, part: "" | "batchable_"): number {
  if (price === "list") return volume[`${part}list_usd`];
  return (
    (volume[`${part}input_tokens`] * price.input_usd_per_mtok +
      volume[`${part}cached_input_tokens`] * price.cached_input_usd_per_mtok +
      volume[`${part}cache_write_tokens`] * price.cache_write_usd_per_mtok +
      volume[`${part}output_tokens`] * price.output_usd_per_mtok) /
    1e6
  );
}

function chargeCalls({ call }: PricingPlan, volume: Volume): number {
  if (call === null) return 0;
  return call.usd * (call.counts === "answers" ? volume.calls - volume.failed_calls : volume.calls);
}

function excessOf(plan: PricingPlan, volume: Volume, users: number, monthDays: number): number {
  const { included, per } = plan.subscription ?? {};
  if (!included) return 0;
  const amount = included.amount * (included.period === "day" ? monthDays : 1) * (per === "user" ? users : 1);
  return Math.max(0, quotaUnits(plan, volume) - amount);
}

function chargeSubscription(
  plan: PricingPlan,
  volume: Volume,
  users: number,
  excess: number,
): { fixed: number; overage: number; unserved: number } {
  const { subscription } = plan;
  if (subscription === null) return { fixed: 0, overage: 0, unserved: 0 };
  const fixed = subscription.usd_per_month * (subscription.per === "user" ? users : 1);
  const { included, overage_usd: price } = subscription;
  const inCalls = included?.unit === "tokens" ? excess * (volume.calls / tokensOf(volume) || 0) : excess;
  if (price === null) return { fixed, overage: 0, unserved: inCalls };
  return { fixed, overage: (excess * price) / (included?.unit === "tokens" ? 1e6 : 1), unserved: 0 };
}

function chargeGpu(gpu: GpuFleet | null, volume: Volume): { usd: number; unserved: number } {
  if (gpu === null) return { usd: 0, unserved: 0 };
  const tokens = tokensOf(volume);
  const capacity = replicaCapacity(gpu);
  const needed = Math.max(gpu.replicas, Math.ceil(tokens / capacity));
  const replicas = Math.min(needed, gpu.max_replicas ?? needed);
  const above = Math.max(0, tokens - replicas * capacity);
  return {
    usd: replicas * gpu.usd_per_hour * gpu.hours_per_month,
    unserved: tokens > 0 ? (above / tokens) * volume.calls : 0,
  };
}
