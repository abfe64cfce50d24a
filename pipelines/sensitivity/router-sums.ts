import type { Policy } from "@signalbox/runtime";
import type { Estimate } from "../../datasets/results.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import type { SweepRows } from "../frontier/sweep-rows.js";

/** What the router's replay comes to, by group of sessions: enough for every change of prices and lengths without another pass. */
export interface RouterSums {
  requests: Float64Array;
  /** [model][group]: USD billed where the model answered, and USD of the router where it chooses the model. */
  billedOn: Float64Array[];
  routedOn: Float64Array[];
  /** USD of moved attempts by what they pay for at the chosen model's list prices; the rest of the router's USD is as billed. */
  movedInput: Float64Array;
  movedOutput: Float64Array;
  /** False where a model that attempts move to has no list price, so that its USD can't be split. */
  isSplitKnown: boolean;
  sufficiency: Float64Array;
}

/** Sum the router's replay. Output's share of an attempt's cost is that of its tokens at the policy's list prices. */
export function routerSums(sweep: SweepRows, policy: Policy): RouterSums {
  const { replay, rows, group, groups } = sweep;
  const models = replay.models.length;
  const zeros = () => new Float64Array(groups.count);
  const sums = {
    requests: sweep.requests,
    billedOn: Array.from({ length: models }, zeros),
    routedOn: Array.from({ length: models }, zeros),
    movedInput: zeros(),
    movedOutput: zeros(),
    isSplitKnown: true,
    sufficiency: zeros(),
  };
  const inputUsd = policy.models.map((model) => model.input_usd_per_mtok ?? Number.NaN);
  const outputUsd = policy.models.map((model) => model.output_usd_per_mtok ?? Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const g = group[i]!;
    const [served, chosen] = [replay.served[row]!, replay.chosen[row]!];
    const usd = replay.usd[chosen * replay.rows + row]!;
    sums.billedOn[served]![g]! += replay.billed[row]!;
    sums.routedOn[chosen]![g]! += usd;
    sums.sufficiency[g]! += replay.sufficiency[chosen * replay.rows + row]!;
    if (chosen === served) continue;
    const input = Math.max(0, replay.inputTokens[row]!) * inputUsd[chosen]!;
    const output = Math.max(0, replay.outputTokens[row]!) * outputUsd[chosen]!;
    if (Number.isNaN(input + output)) sums.isSplitKnown = false;
    const share = input + output > 0 ? output / (input + output) : 0;
    sums.movedInput[g]! += usd * (1 - share);
    sums.movedOutput[g]! += usd * share;
  }
  return sums;
}

/** Sum of columns by group, each times its factor. */
export function weightedSum(columns: readonly Float64Array[], factors: readonly number[]): Float64Array {
  const sum = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, k) => {
    for (let g = 0; g < sum.length; g++) sum[g]! += column[g]! * factors[k]!;
  });
  return sum;
}

/** Total of a column. */
export function totalOf(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0);
}

/** Saving as a share of the bill.
 * @returns null where nothing was billed */
export function savingOf(
  billed: Float64Array,
  routed: Float64Array,
  how: string,
  n: number,
): Estimate | null {
  const saved = billed.map((value, g) => value - routed[g]!);
  const interval = ratioOfSums(saved, billed);
  return (
    interval && { ...interval, method: `${how}; 95 % interval, cluster-robust by session (Student t)`, n }
  );
}
