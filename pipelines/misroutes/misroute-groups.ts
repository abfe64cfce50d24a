import type { MisrouteGroup } from "../../datasets/misroutes-result.js";
import { MisrouteAmount } from "../../models/misroutes/misroute-amounts.js";
import { type DomainRatios, domainInterval, domainRatios } from "../../models/statistics/domain-ratios.js";
import {
  type DomainTotals,
  domainTotalInterval,
  domainTotals,
} from "../../models/statistics/domain-totals.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { ReplayData } from "../replay/replay-data.js";
import { type ReplaySlices, type SliceDimension, sliceReplay } from "../slices/slice-replay.js";
import { withinShare } from "./misroute-figures.js";

/** Labelled sessions that a group needs for labels to speak of it; with fewer its figures are modelled. */
const leastLabelledSessions = 10;

/** Between an app's and a model's name in the pairs of both. */
const pairSign = "\t";

/** The cuts of an audit: by the model that answered, by app, by difficulty, and by app and model. */
export function misrouteSlices(replay: ReplayData, rows: Int32Array): ReplaySlices {
  const { served, app, apps, tier, models } = replay;
  const pairs = app.map((place, row) => (served[row]! < 0 ? -1 : (place + 1) * models.length + served[row]!));
  const dimensions: SliceDimension[] = [
    { dimension: "model", places: served, names: models, isOrdered: true },
    { dimension: "app", places: app, names: apps },
    { dimension: "tier", places: tier, names: ["0", "1", "2"], isOrdered: true },
    {
      dimension: "pair",
      places: pairs,
      names: ["(not logged)", ...apps].flatMap((name) => models.map((model) => `${name}${pairSign}${model}`)),
    },
  ];
  return sliceReplay(rows, dimensions);
}

/** Amounts of every group of attempts: modelled, and where labels are, combined with them. */
export interface GroupRatios {
  modelled: GroupAmounts;
  combined: GroupAmounts | null;
}

/** Means and totals of the amounts in every group, by place of the amount. */
export interface GroupAmounts {
  means: DomainRatios[];
  totals: DomainTotals[];
}

/** Work the groups' means and totals of the amounts out; those of none sufficient are too rare for groups. */
export function groupAmounts(
  replay: ReplayData,
  rows: Int32Array,
  { slices, domains }: ReplaySlices,
  columns: readonly Float64Array[],
): GroupAmounts {
  const layout = { rows, clusters: replay.session, domains: domains.slice(1), count: slices.length };
  const amounts = columns.slice(0, MisrouteAmount.noneSufficient);
  return { means: domainRatios(layout, amounts), totals: domainTotals(layout, amounts) };
}

/** Describe every group. The intervals of one figure hold for all groups at once (Bonferroni). */
export function describeGroups(
  { slices }: ReplaySlices,
  { modelled, combined }: GroupRatios,
  facts: { billed: Float64Array; labelled: Float64Array; labelledSessions: Float64Array },
): MisrouteGroup[] {
  const groups = slices.length - 1;
  const confidence = 1 - 0.05 / Math.max(1, groups);
  const atOnce = `95 % for all ${groups} groups at once (Bonferroni)`;
  return slices.slice(1).map(({ dimension, slice }, i): MisrouteGroup => {
    const domain = i + 1;
    const isCombined = combined !== null && facts.labelledSessions[domain]! >= leastLabelledSessions;
    const { means, totals } = isCombined ? combined : modelled;
    const evidence = isCombined ? "combined" : "modelled";
    const attempts = means[0]!.rows[domain]!;
    const estimate = (interval: Interval, how: string) => ({
      ...interval,
      method: `${evidence}; ${atOnce}, ${how}`,
      n: attempts,
    });
    const share = (amount: number) =>
      estimate(
        withinShare(domainInterval(means[amount]!, domain, confidence)),
        "cluster-robust by session (Student t)",
      );
    const total = (amount: number) =>
      estimate(
        domainTotalInterval(totals[amount]!, domain, confidence),
        "for as many sessions, each drawn anew (Student t)",
      );
    return {
      dimension,
      slice,
      evidence,
      attempts,
      sessions: means[0]!.clusters[domain]!,
      labelled: facts.labelled[domain]!,
      billed_usd: facts.billed[domain]!,
      overkill: share(MisrouteAmount.overkill),
      underpowered: share(MisrouteAmount.underpowered),
      overpaid_usd: total(MisrouteAmount.overpaidUsd),
      at_risk_usd: total(MisrouteAmount.atRiskUsd),
      repair_usd: total(MisrouteAmount.repairUsd),
    };
  });
}

/** App and model of a group of both; null for another group. */
export function pairOf({ dimension, slice }: MisrouteGroup): { app: string; model: string } | null {
  const at = slice.lastIndexOf(pairSign);
  return dimension !== "pair" || at < 0 ? null : { app: slice.slice(0, at), model: slice.slice(at + 1) };
}
