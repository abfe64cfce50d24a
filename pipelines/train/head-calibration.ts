import type { HeadCalibration } from "../../datasets/model-evidence.js";
import type { FittedRouter } from "../../models/fit-router.js";
import { squaredErrors } from "../../models/metrics/calibration-metrics.js";
import type { HeadTarget } from "../../models/router-targets.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { calibrationEstimate } from "./held-out-metrics.js";

/** Brier score and calibration error of every probability head on the held-out rows whose truth is known, by a calibration
 * that did not see them.
 * @param groups sessions of all rows */
export function headCalibration(
  { heldOut, crossCalibrated }: Pick<FittedRouter, "heldOut" | "crossCalibrated">,
  heads: ReadonlyArray<Pick<HeadTarget, "head" | "calibrate" | "weights">>,
  groups: Int32Array,
  seed: number,
): HeadCalibration[] {
  return heads.flatMap(({ head, calibrate, weights }, h) => {
    const places = [...heldOut.keys()].filter((place) => weights[heldOut[place]!]! > 0);
    if (places.length === 0) return [];
    const rows = places.map((place) => heldOut[place]!);
    const probabilities = places.map((place) => crossCalibrated[h]![place]!);
    const truth = rows.map((row) => calibrate[row]!);
    const clusters = Int32Array.from(rows, (row) => groups[row]!);
    const errors = squaredErrors(probabilities, truth);
    const weighted = errors.map((error, i) => error * weights[rows[i]!]!);
    const brier = clusterRatio(
      weighted,
      rows.map((row) => weights[row]!),
      clusters,
    );
    return {
      head: head.kind === "sufficiency" ? `sufficiency of ${head.model}` : nameOf(head),
      brier: {
        ...clusterRatioInterval(brier),
        method: "measured on held-out rows; cluster-robust ratio",
        n: rows.length,
      },
      calibration_error: calibrationEstimate(probabilities, truth, clusters, seed),
    };
  });
}

function nameOf(head: { kind: "difficulty"; level: number } | { kind: "stakes" }): string {
  return head.kind === "stakes" ? "stakes" : `difficulty of ${head.level} or more`;
}
