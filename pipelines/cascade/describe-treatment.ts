import type { CascadeRow } from "../../datasets/cascade-result.js";
import type { Estimate } from "../../datasets/results.js";
import { faultlessRates, type GateRates } from "../../models/cascade/gate.js";
import { combineSums, emptyGatedSums, type GatedSums, gatedRatio } from "../../models/cascade/gated-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { CascadeRows } from "./cascade-rows.js";
import type { TreatmentSums } from "./sum-cascade.js";

/** The figures of a row that rest on sums by session. */
export type TreatmentFigures = Pick<
  CascadeRow,
  "usd" | "saving" | "saving_of_strong" | "retention" | "strong_share" | "escalated" | "mean_ms"
>;

const clustered = "95 % interval: cluster-robust by session (Student t)";
const doubted = `${clustered}, and the gate's rates within their own intervals (MOVER)`;
const repriced = "modelled: logged tokens at list price, and what the gateway adds";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";
const timed = "modelled: times composed from logged distributions by class of lengths, taken as known";

/** Describes treatments of the same attempts; what they share is summed once.
 * @param strongSums always-strong */
export function treatmentDescriber(
  rows: CascadeRows,
  strongSums: TreatmentSums,
): (sums: TreatmentSums, rates: GateRates, isPriced: boolean) => TreatmentFigures {
  const { replay, group, groups } = rows;
  const n = rows.rows.length;
  const [requests, billed] = [emptyGatedSums(groups), emptyGatedSums(groups)];
  // A total is so many times the mean of a group of sessions: how many requests they have varies too.
  const each = emptyGatedSums(groups);
  each.fixed.fill(1);
  for (const row of rows.rows) {
    requests.fixed[group[row]!]! += 1;
    billed.fixed[group[row]!]! += replay.billed[row]!;
  }
  return (sums, rates, isPriced) => {
    const estimate = (interval: Interval | null, how: string, scale = 1): Estimate | null =>
      interval && {
        value: interval.value * scale,
        low: interval.low * scale,
        high: interval.high * scale,
        method: `${how}; ${rates === faultlessRates ? clustered : doubted}`,
        n,
      };
    const share = (sum: GatedSums, of: GatedSums, how: string) =>
      estimate(within(gatedRatio(sum, of, rates)), how);
    const saved = (base: GatedSums) =>
      isPriced ? estimate(gatedRatio(combineSums([1, base], [-1, sums.usd]), base, rates), repriced) : null;
    return {
      usd: isPriced ? estimate(gatedRatio(sums.usd, each, rates), repriced, groups) : null,
      saving: saved(billed),
      saving_of_strong: sums === strongSums ? null : saved(strongSums.usd),
      retention: share(sums.kept, requests, predicted),
      strong_share: share(sums.strong, requests, predicted),
      escalated: share(sums.escalated, sums.asked, predicted),
      mean_ms: estimate(gatedRatio(sums.ms, sums.timed, rates), timed),
    };
  };
}

function within(interval: Interval | null): Interval | null {
  return interval && { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
}
