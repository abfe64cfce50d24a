import type { MisrouteGroup } from "../../datasets/misroutes-result.js";
import { MisrouteAmount } from "../../models/misroutes/misroute-amounts.js";
import { type DomainRatios, domainInterval, domainRatios } from "../../models/statistics/domain-ratios.js";
import type { ReplayData } from "../replay/replay-data.js";
import { type ReplaySlices, type SliceDimension, sliceReplay } from "../slices/slice-replay.js";
import { scaled, withinShare } from "./misroute-figures.js";

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
  modelled: DomainRatios[];
  combined: DomainRatios[] | null;
}

/** Work the groups' means of the amounts out; those of none sufficient are too rare for groups. */
export function groupRatios(
  replay: ReplayData,
  rows: Int32Array,
  { slices, domains }: ReplaySlices,
  columns: readonly Float64Array[],
): DomainRatios[] {
  const layout = { rows, clusters: replay.session, domains: domains.slice(1), count: slices.length };
  return domainRatios(layout, columns.slice(0, MisrouteAmount.noneSufficient));
}

/** Describe every group. The intervals of one figure hold for all groups at once (Bonferroni). */
export function describeGroups(
  { slices }: ReplaySlices,
  { modelled, combined }: GroupRatios,
  facts: { billed: Float64Array; labelled: Float64Array; labelledSessions: Float64Array },
): MisrouteGroup[] {
  const groups = slices.length - 1;
  const confidence = 1 - 0.05 / Math.max(1, groups);
  const method = `95 % for all ${groups} groups at once (Bonferroni), cluster-robust by session (Student t)`;
  return slices.slice(1).map(({ dimension, slice }, i): MisrouteGroup => {
    const domain = i + 1;
    const isCombined = combined !== null && facts.labelledSessions[domain]! >= leastLabelledSessions;
    const ratios = isCombined ? combined : modelled;
    const evidence = isCombined ? "combined" : "modelled";
    const attempts = ratios[0]!.rows[domain]!;
    const estimate = (amount: number, shape: typeof withinShare) => ({
      ...shape(domainInterval(ratios[amount]!, domain, confidence)),
      method: `${evidence}; ${method}`,
      n: attempts,
    });
    const total = (interval: Parameters<typeof withinShare>[0]) => scaled(interval, attempts);
    return {
      dimension,
      slice,
      evidence,
      attempts,
      sessions: ratios[0]!.clusters[domain]!,
      labelled: facts.labelled[domain]!,
      billed_usd: facts.billed[domain]!,
      overkill: estimate(MisrouteAmount.overkill, withinShare),
      underpowered: estimate(MisrouteAmount.underpowered, withinShare),
      overpaid_usd: estimate(MisrouteAmount.overpaidUsd, total),
      at_risk_usd: estimate(MisrouteAmount.atRiskUsd, total),
      repair_usd: estimate(MisrouteAmount.repairUsd, total),
    };
  });
}

/** App and model of a group of both; null for another group. */
export function pairOf({ dimension, slice }: MisrouteGroup): { app: string; model: string } | null {
  const at = slice.lastIndexOf(pairSign);
  return dimension !== "pair" || at < 0 ? null : { app: slice.slice(0, at), model: slice.slice(at + 1) };
}
