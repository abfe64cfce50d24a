import type { MisrouteFigures } from "../../datasets/misroutes-result.js";
import type { Estimate } from "../../datasets/results.js";
import { MisrouteAmount } from "../../models/misroutes/misroute-amounts.js";
import { type DomainLayout, domainInterval, domainRatios } from "../../models/statistics/domain-ratios.js";
import { domainTotalInterval, domainTotals } from "../../models/statistics/domain-totals.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";

const clustered = "95 % interval, cluster-robust by session (Student t)";
const drawnAnew = "95 % interval for as many sessions, each drawn anew (Student t)";

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
  const estimate = (interval: Interval): Estimate => ({ ...interval, method: `${how}; ${clustered}`, n });
  const overkill = columns[MisrouteAmount.overkill]!;
  const under = columns[MisrouteAmount.underpowered]!;
  const none = columns[MisrouteAmount.noneSufficient]!;
  const wrong = overkill.map((value, row) => value + under[row]!);
  const right = wrong.map((value, row) => 1 - value - none[row]!);
  const means = domainRatios(layout, [...columns, wrong, right]);
  const ofWrong = domainRatios(layout, [overkill], { per: wrong })[0]!;
  const share = (place: number) => estimate(withinShare(domainInterval(means[place]!, 0)));
  const totals = domainTotals(layout, columns);
  const total = (amount: number): Estimate => ({
    ...domainTotalInterval(totals[amount]!, 0),
    method: `${how}; ${drawnAnew}`,
    n,
  });
  return {
    evidence,
    attempts: n,
    labelled,
    billed_usd: billed,
    overkill: share(MisrouteAmount.overkill),
    right_sized: share(columns.length + 1),
    underpowered: share(MisrouteAmount.underpowered),
    none_sufficient: hasNone ? share(MisrouteAmount.noneSufficient) : null,
    wrong: share(columns.length),
    overkill_of_wrong: Number.isFinite(ofWrong.values[0]!)
      ? estimate(withinShare(domainInterval(ofWrong, 0)))
      : null,
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
