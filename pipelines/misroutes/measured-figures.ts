import type { MisrouteFigures } from "../../datasets/misroutes-result.js";
import type { Estimate } from "../../datasets/results.js";
import { MisrouteAmount } from "../../models/misroutes/misroute-amounts.js";
import { clusterRatio, skewedRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { totalOfSums } from "../../models/statistics/session-sums.js";
import { surveyShare } from "../../models/statistics/survey-share.js";
import { type Interval, wilsonInterval } from "../../models/statistics/wilson-interval.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { MeasuredAmounts } from "./measured-amounts.js";
import { withinShare } from "./misroute-figures.js";

/** Describe the attempts of the served models that have labels by the labelled ones alone, weighted by inverse inclusion probability.
 * Shares of uncorrected labels have Wilson's interval at effective rows, which also holds near 0 and 1; corrected values leave
 * [0, 1], so that theirs is Student's.
 * @param options.audited attempts of the served models that have labels, and what was billed for them
 * @returns null with labels in fewer than two sessions */
export function measuredFigures(
  replay: ReplayData,
  measured: MeasuredAmounts,
  options: { isCorrected: boolean; ratings: number; audited: Int32Array; billed: number; how: string },
): MisrouteFigures | null {
  const { rows, weights, columns } = measured;
  const clusters = Int32Array.from(rows, (row) => replay.session[row]!);
  if (new Set(clusters).size < 2) return null;
  const estimate = (interval: { value: number; low: number; high: number }, how: string): Estimate => ({
    value: interval.value,
    low: interval.low,
    high: interval.high,
    method: `${options.how}; ${how}`,
    n: rows.length,
  });
  const ratio = (values: Float64Array, per?: Float64Array) =>
    skewedRatioInterval(
      clusterRatio(
        values.map((value, i) => value * weights[i]!),
        per === undefined ? weights : per.map((value, i) => value * weights[i]!),
        clusters,
      ),
    );
  const share = (values: Float64Array): Estimate => {
    if (options.isCorrected) {
      const own = ratio(values);
      if (own.low < own.high) return estimate(withinShare(own), student);
      // Ratings that all agree leave no scatter, and yet are only so many.
      const worth = Math.min(options.ratings, rows.length);
      return estimate(wilsonInterval(own.value * worth, worth), "Wilson 95 % on the ratings");
    }
    const { value, wilson } = surveyShare({ values, weights, clusters })!;
    return estimate({ ...wilson, value }, "Wilson 95 % at effective rows, clustered by session");
  };
  const total = (amount: number) =>
    estimate(
      totalOfMean(replay, { measured, values: columns[amount]!, audited: options.audited }),
      drawnAnew,
    );
  const overkill = columns[MisrouteAmount.overkill]!;
  const under = columns[MisrouteAmount.underpowered]!;
  const none = columns[MisrouteAmount.noneSufficient]!;
  const wrong = overkill.map((value, i) => value + under[i]!);
  const ofWrong = withinShare(ratio(overkill, wrong));
  return {
    evidence: "measured",
    attempts: options.audited.length,
    labelled: rows.length,
    billed_usd: options.billed,
    overkill: share(overkill),
    right_sized: share(wrong.map((value, i) => 1 - value - none[i]!)),
    underpowered:
      measured.absolute > 0
        ? share(under)
        : estimate({ value: 0, low: 0, high: 0 }, "0 by definition: compared with the strong model's answer"),
    none_sufficient: measured.absolute > 0 ? share(none) : null,
    wrong: share(wrong),
    overkill_of_wrong: Number.isFinite(ofWrong.value) ? estimate(ofWrong, student) : null,
    overpaid_usd: total(MisrouteAmount.overpaidUsd),
    at_risk_usd: total(MisrouteAmount.atRiskUsd),
    repair_usd: total(MisrouteAmount.repairUsd),
  };
}

/** Interval of the total that a mean over labelled attempts makes of all audited ones, linearised: by session, its attempts times the mean, and
 * what its labels pull the mean by. So the number of attempts varies too, as in the modelled totals.
 * @see Cochran 1977, Sampling Techniques, sec. 6.3 */
function totalOfMean(
  { session, sessions }: ReplayData,
  { measured, values, audited }: { measured: MeasuredAmounts; values: Float64Array; audited: Int32Array },
): Interval {
  const { rows, weights } = measured;
  let [weight, sum] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    weight += weights[i]!;
    sum += weights[i]! * values[i]!;
  }
  const mean = sum / weight;
  const bySession = new Float64Array(sessions);
  for (let i = 0; i < audited.length; i++) bySession[session[audited[i]!]!]! += mean;
  for (let i = 0; i < rows.length; i++)
    bySession[session[rows[i]!]!]! += (audited.length * weights[i]! * (values[i]! - mean)) / weight;
  return totalOfSums(bySession)!;
}

const drawnAnew = "95 % interval for as many sessions, each drawn anew (Student t)";
const student = "95 % interval, cluster-robust by session (Student t)";
