import type { Estimate } from "../../datasets/results.js";
import { rankByScore } from "../../models/metrics/routing-curve.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import type { LabelledPairs } from "./labelled-pairs.js";

/** Rows whose quality is known on two models. */
type KnownRows = Pick<LabelledPairs, "weak" | "strong" | "weights">;

/** The score from which on a strategy sends requests to the strong model: the highest that still keeps a share of always-strong's quality
 * on the given rows. It is the best setting in hindsight, not a certified one.
 * @param needs score of each row
 * @param rows numbers of the rows that count
 * @returns Infinity when the cheap model alone keeps it; -Infinity when nothing but the strong model does */
export function operatingPoint(
  { weak, strong, weights }: KnownRows,
  needs: Float64Array,
  retention: number,
  rows: Int32Array,
): number {
  let promised = 0;
  let kept = 0;
  for (const row of rows) {
    promised += retention * weights[row]! * strong[row]!;
    kept += weights[row]! * weak[row]!;
  }
  const slack = 1e-12 * Math.abs(promised);
  if (kept >= promised - slack) return Number.POSITIVE_INFINITY;
  const order = rankByScore(Float64Array.from(rows, (row) => needs[row]!));
  for (let i = 0; i < order.length; i++) {
    const row = rows[order[i]!]!;
    kept += weights[row]! * (strong[row]! - weak[row]!);
    const isTied = i + 1 < order.length && needs[rows[order[i + 1]!]!] === needs[row];
    if (!isTied && kept >= promised - slack) return needs[row]!;
  }
  return Number.NEGATIVE_INFINITY;
}

/** Quality that a strategy keeps on labelled rows, each at the setting that the other folds chose. */
export function measuredRetention(pairs: LabelledPairs, needs: Float64Array, retention: number): Estimate {
  const { weak, strong, weights, folds, clusters } = pairs;
  const rows = Int32Array.from(weak.keys());
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const points = Array.from({ length: count }, (_, fold) =>
    operatingPoint(
      pairs,
      needs,
      retention,
      rows.filter((row) => folds[row] !== fold),
    ),
  );
  const kept = weak.map(
    (quality, row) => weights[row]! * (needs[row]! >= points[folds[row]!]! ? strong[row]! : quality),
  );
  const reference = strong.map((quality, row) => weights[row]! * quality);
  return {
    ...clusterRatioInterval(clusterRatio(kept, reference, clusters)),
    method:
      "measured on labelled rows, each at the setting that the other folds chose; 95 % interval, cluster-robust by session",
    n: weak.length,
  };
}
