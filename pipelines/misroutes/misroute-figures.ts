import type { MisrouteFigures } from "../../datasets/misroutes-result.js";
import type { Estimate } from "../../datasets/results.js";
import { MisrouteAmount } from "../../models/misroutes/misroute-amounts.js";
import { type DomainLayout, domainInterval, domainRatios } from "../../models/statistics/domain-ratios.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";

const clustered = "95 % interval, cluster-robust by session (Student t)";

/** Describe all audited attempts by their amounts.
 * @param columns one per amount, by row number: expected, or corrected by labels
 * @param how what they are, for the method of each figure
 * @param hasNone whether labels can show that no model would have done */
export function misrouteFigures(
  layout: DomainLayout,
  columns: readonly Float64Array[],
  {
    evidence,
    how,
    labelled,
    billed,
    hasNone,
  }: {
    evidence: MisrouteFigures["evidence"];
    how: string;
    labelled: number;
    billed: number;
    hasNone: boolean;
  },
): MisrouteFigures {
  const n = layout.rows.length;
  const ratio = (amount: Float64Array, per?: Float64Array) =>
    domainInterval(domainRatios(layout, amount, { per }), 0);
  const estimate = (interval: Interval): Estimate => ({ ...interval, method: `${how}; ${clustered}`, n });
  const share = (amount: Float64Array, per?: Float64Array) => estimate(withinShare(ratio(amount, per)));
  const total = (amount: number) => estimate(scaled(ratio(columns[amount]!), n));
  const overkill = columns[MisrouteAmount.overkill]!;
  const under = columns[MisrouteAmount.underpowered]!;
  const none = columns[MisrouteAmount.noneSufficient]!;
  const wrong = overkill.map((value, row) => value + under[row]!);
  const ofWrong = share(overkill, wrong);
  return {
    evidence,
    attempts: n,
    labelled,
    billed_usd: billed,
    overkill: share(overkill),
    right_sized: share(wrong.map((value, row) => 1 - value - none[row]!)),
    underpowered: share(under),
    none_sufficient: hasNone ? share(none) : null,
    wrong: share(wrong),
    overkill_of_wrong: Number.isFinite(ofWrong.value) ? ofWrong : null,
    overpaid_usd: total(MisrouteAmount.overpaidUsd),
    at_risk_usd: total(MisrouteAmount.atRiskUsd),
    repair_usd: total(MisrouteAmount.repairUsd),
  };
}

/** An interval for a share, cut to [0, 1]. */
export function withinShare({ value, low, high }: Interval): Interval {
  const cut = (share: number) => Math.min(1, Math.max(0, share));
  return { value: cut(value), low: cut(low), high: cut(high) };
}

/** An interval of a mean as one of a total. */
export function scaled({ value, low, high }: Interval, by: number): Interval {
  return { value: value * by, low: low * by, high: high * by };
}
