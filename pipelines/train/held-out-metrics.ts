import type { Estimate } from "@signalbox/runtime";
import { apgr } from "../../models/metrics/apgr.js";
import { expectedCalibrationError, squaredErrors } from "../../models/metrics/calibration-metrics.js";
import { rankByScore } from "../../models/metrics/routing-curve.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import type { HeldOut } from "./held-out-rows.js";
import { routedFigures } from "./routed-figures.js";

/** Figures of a trained router on rows that it never saw, each with a 95 % interval clustered by session. */
export function heldOutMetrics(
  rows: HeldOut,
  threshold: number | null,
  seed: number,
): Record<string, Estimate> {
  const { clusters, weights } = rows;
  const n = rows.strongQuality.length;
  const cheapest = rows.probabilities[0]!;
  return {
    apgr: apgrEstimate(
      cheapest.map((p) => 1 - p),
      rows,
      seed,
    ),
    ...routedFigures(rows, threshold),
    brier: {
      ...clusterRatioInterval(
        clusterRatio(
          squaredErrors(rows.crossCalibrated[0]!, rows.targets[0]!).map((value, i) => value * weights[i]!),
          weights,
          clusters,
        ),
      ),
      method: "measured on held-out rows; cluster-robust ratio",
      n,
    },
    calibration_error: calibrationEstimate(rows.crossCalibrated[0]!, rows.targets[0]!, rows.clusters, seed),
  };
}

/** Average performance gap recovered between the first candidate and the strong model, with its interval.
 * @param scores need of the strong model; higher = more */
export function apgrEstimate(
  scores: Float64Array,
  {
    quality,
    strongQuality,
    clusters,
    weights,
    correction,
  }: Pick<HeldOut, "quality" | "strongQuality" | "clusters" | "weights" | "correction">,
  seed: number,
): Estimate {
  const routed = { scores, strong: strongQuality, weak: quality[0]! };
  const order = rankByScore(scores);
  const statistic = (counts: Float64Array) =>
    apgr(
      routed,
      counts.map((count, i) => count * weights[i]!),
      order,
    );
  const interval = clusterBootstrap({ clusters, statistic, seed });
  return {
    ...interval,
    method: `measured on held-out rows; cheapest against strong, all thresholds; cluster bootstrap${correction}`,
    n: scores.length,
  };
}

/** Expected calibration error with its interval. */
export function calibrationEstimate(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  clusters: Int32Array,
  seed: number,
): Estimate {
  const value = expectedCalibrationError(probabilities, targets);
  const { low, high } = clusterBootstrap({
    clusters,
    statistic: (counts) => expectedCalibrationError(...repeatRows(probabilities, targets, counts)),
    replicates: 200,
    seed,
  });
  return {
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    method: "measured on held-out rows; 10 equal-mass bins; cluster bootstrap (biased upward by noise)",
    n: probabilities.length,
  };
}

function repeatRows(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  counts: Float64Array,
): [number[], number[]] {
  const p: number[] = [];
  const y: number[] = [];
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) {
      p.push(probabilities[i]!);
      y.push(targets[i]!);
    }
  });
  return [p, y];
}
