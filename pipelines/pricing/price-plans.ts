import type { PlanFigures, PlanIncidence, PricedPlan } from "../../datasets/pricing-result.js";
import type { Estimate } from "../../datasets/results.js";
import { allocateCost } from "../../models/pricing/allocate-cost.js";
import { gini, topTenthShare } from "../../models/pricing/concentration.js";
import { incidenceOf } from "../../models/pricing/incidence.js";
import type { PricingPlan } from "../../models/pricing/plan.js";
import { type PlanCost, planCost, quotaUnits } from "../../models/pricing/plan-cost.js";
import { mapVolume, tokensOf, type Volume, volumeFields } from "../../models/pricing/volume.js";
import { clusterJackknife } from "../../models/statistics/cluster-jackknife.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { describePlan } from "./describe-plan.js";
import type { PayerColumns } from "./payer-columns.js";

/** Everybody's month, and what it would cost under each plan. */
export interface PricedTraffic {
  volume: Volume;
  billed: number;
  successes: number;
  payers: number;
  clusters: number;
  now: PlanFigures & { incidence: Pick<PlanIncidence, "gini" | "top_tenth_share"> | null };
  priced: PricedPlan[];
}

/** Price a month under every plan, with intervals over payers, and say who pays more.
 * @param options.isTokensKnown whether every request has token counts; without them there is no price per million
 * @param options.method how the month was made, for the estimates */
export function pricePlans(
  columns: PayerColumns,
  plans: readonly PricingPlan[],
  options: { monthDays: number; isTokensKnown: boolean; method: string },
): PricedTraffic {
  const layout = sumsOf(columns, plans);
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);
  const whole = layout.read(layout.columns.map(sum));
  const costs = plans.map((plan, i) => costOf(plan, whole, i, options.monthDays));
  const intervals = clusterJackknife({
    columns: layout.columns,
    statistics: (sums) => {
      const month = layout.read(sums);
      const amounts = [
        month.billed,
        ...plans.map((plan, i) => costOf(plan, month, i, options.monthDays).usd),
      ];
      return amounts.flatMap((usd) => ratesOf(usd, month));
    },
  });
  const figures = (place: number) =>
    readFigures(intervals.slice(place * figureCount), options, columns.billed.length);
  const payers = [...columns.seats.keys()].filter((i) => columns.seats[i]! > 0);
  const { change: _, ...now } = figures(0);
  return {
    volume: whole.volume,
    billed: whole.billed,
    successes: whole.successes,
    payers: payers.length,
    clusters: columns.billed.length,
    now: { ...now, incidence: payers.length === 0 ? null : spread(columns, payers) },
    priced: plans.map((plan, i) => ({
      plan: plan.name,
      terms: describePlan(plan),
      ...figures(i + 1),
      parts: partsOf(costs[i]!),
      unserved_calls: costs[i]!.unserved_calls,
      incidence: payers.length === 0 ? null : planIncidence(columns, payers, plan, i, costs[i]!, whole),
    })),
  };
}

/** Sums over clusters by name. */
interface Month {
  volume: Volume;
  billed: number;
  successes: number;
  seats: number;
  /** By plan: above the quotas of those who have one each. */
  excess: number[];
  /** Traffic of requests without a payer, in the plan's own unit: one user's together. */
  unnamed: number[];
}

function sumsOf(
  columns: PayerColumns,
  plans: readonly PricingPlan[],
): { columns: Float64Array[]; read: (sums: readonly number[]) => Month } {
  const unnamed = plans.map((plan) =>
    plan.subscription?.per === "user"
      ? columns.seats.map((seat, i) => (seat > 0 ? 0 : quotaUnits(plan, volumeAt(columns, i))))
      : columns.seats.map(() => 0),
  );
  const { volume, billed, successes, seats, excess } = columns;
  const fields = volume.length;
  const count = plans.length;
  return {
    columns: [...volume, billed, successes, seats, ...excess, ...unnamed],
    read: (sums) => ({
      volume: mapVolume((_, k) => sums[k]!),
      billed: sums[fields]!,
      successes: sums[fields + 1]!,
      seats: sums[fields + 2]!,
      excess: sums.slice(fields + 3, fields + 3 + count),
      unnamed: sums.slice(fields + 3 + count),
    }),
  };
}

function volumeAt(columns: PayerColumns, i: number): Volume {
  return mapVolume((_, k) => columns.volume[k]![i]!);
}

function costOf(plan: PricingPlan, month: Month, i: number, monthDays: number): PlanCost {
  if (plan.subscription?.per !== "user") return planCost(plan, month.volume, { monthDays });
  const unnamed = month.unnamed[i]!;
  const { included } = plan.subscription;
  const quota = included === null ? Infinity : included.amount * (included.period === "day" ? monthDays : 1);
  return planCost(plan, month.volume, {
    users: month.seats + (unnamed > 0 ? 1 : 0),
    excess: month.excess[i]! + Math.max(0, unnamed - quota),
    monthDays,
  });
}

const figureCount = 5;

function ratesOf(usd: number, { volume, successes, billed }: Month): number[] {
  return [usd, usd / volume.calls, (usd / tokensOf(volume)) * 1e6, usd / successes, (usd - billed) / billed];
}

function readFigures(
  intervals: readonly Interval[],
  { isTokensKnown, method }: { isTokensKnown: boolean; method: string },
  n: number,
): PlanFigures & Pick<PricedPlan, "change"> {
  // No cost is below 0, and none can fall by more than all of it.
  const least = (i: number) => (i === figureCount - 1 ? -1 : 0);
  const estimate = (i: number): Estimate => {
    const { value, low, high } = intervals[i]!;
    return { value, low: Number.isFinite(low) ? Math.max(least(i), low) : low, high, method, n };
  };
  const known = (i: number) => (Number.isFinite(intervals[i]!.value) ? estimate(i) : null);
  return {
    usd_per_month: estimate(0),
    usd_per_call: known(1),
    usd_per_mtok: isTokensKnown ? known(2) : null,
    usd_per_success: known(3),
    change: known(4),
  };
}

function partsOf({ usd: _, unserved_calls: __, ...parts }: PlanCost): PricedPlan["parts"] {
  return Object.entries(parts).flatMap(([part, usd]) => (usd === 0 ? [] : [{ part, usd }]));
}

function spread(columns: PayerColumns, payers: readonly number[]) {
  const sorted = Float64Array.from(payers, (i) => columns.billed[i]!).sort();
  return { gini: gini(sorted), top_tenth_share: topTenthShare(sorted) };
}

function planIncidence(
  columns: PayerColumns,
  payers: readonly number[],
  plan: PricingPlan,
  place: number,
  cost: PlanCost,
  { volume }: Month,
): PlanIncidence {
  const then = Float64Array.from(payers, (i) =>
    allocateCost(
      plan,
      { cost, volume },
      { volume: volumeAt(columns, i), seats: 1, excess: columns.excess[place]![i]! },
    ),
  );
  const now = Float64Array.from(payers, (i) => columns.billed[i]!);
  return incidenceOf(
    now,
    then,
    Float64Array.from(payers, (i) => columns.volume[volumeFields.indexOf("calls")]![i]!),
  );
}
