import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";
import { groupBy } from "../../pipelines/trust/group-by.js";
import type { SplitRecord } from "./bench-cache-splits.js";

/** A share over splits: the mean, and between what the middle 95 % of the splits fell. */
export interface SplitShare {
  mean: number;
  low: number;
  high: number;
}

/** One policy's results over splits. */
export interface PolicySummary {
  policy: string;
  target: number | null;
  splits: number;
  /** Hits / requests. */
  hitRate: SplitShare;
  /** Wrong hits / all requests. */
  usr: SplitShare;
  /** Wrong hits / hits, of the splits with a hit. */
  fhr: SplitShare;
  /** Half the width of the 95 % Clopper-Pearson interval of the USR inside one split of that mean. */
  usrWithin: number;
  /** Splits whose USR is above the target, and whose FHR is. */
  usrViolations: number;
  fhrViolations: number;
  /** Mean over splits. */
  labels: number;
}

/** Sum up the splits, by policy and target in the order of their first record. */
export function summariseSplits(records: readonly SplitRecord[]): PolicySummary[] {
  const groups = groupBy(records, ({ policy, target }) => `${policy} ${target}`);
  return [...groups.values()].map(summarise);
}

function summarise(records: readonly SplitRecord[]): PolicySummary {
  const { policy, target, requests } = records[0]!;
  const usr = spread(records.map(({ wrong, requests: all }) => wrong / all));
  const within = clopperPearson(usr.mean * requests, requests);
  const served = records.filter(({ hits }) => hits > 0);
  const above = (share: (record: SplitRecord) => number) =>
    target === null ? 0 : records.filter((record) => share(record) > target).length;
  return {
    policy,
    target,
    splits: records.length,
    hitRate: spread(records.map(({ hits, requests: all }) => hits / all)),
    usr,
    fhr: spread(served.map(({ wrong, hits }) => wrong / hits)),
    usrWithin: (within.high - within.low) / 2,
    usrViolations: above(({ wrong, requests: all }) => wrong / all),
    fhrViolations: above(({ wrong, hits }) => (hits === 0 ? 0 : wrong / hits)),
    labels: records.reduce((sum, { labels }) => sum + labels, 0) / records.length,
  };
}

function spread(values: readonly number[]): SplitShare {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  const sorted = Float64Array.from(values).sort();
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: sampleQuantile(sorted, 0.025),
    high: sampleQuantile(sorted, 0.975),
  };
}
