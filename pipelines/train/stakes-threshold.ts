import type { FittedRouter, RouterTargets } from "../../models/fit-router.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";

/** A stakes flag that misses more than this share of the requests whose errors are expensive is no protection. */
const missed = 0.05;

/** Probability from which a request counts as high stakes: the one that catches 95 % of the held-out high-stakes rows, at
 * most 0.5.
 * @returns null without a stakes head, or without a held-out row to set it by */
export function stakesThreshold(
  { heldOut, probabilities }: FittedRouter,
  targets: RouterTargets,
): number | null {
  const head = targets.heads.findIndex(({ kind }) => kind === "stakes");
  if (head === -1) return null;
  const { calibrate, weights } = targets.columns[head]!;
  const caught = probabilities[head]!.filter(
    (_, i) => weights[heldOut[i]!]! > 0 && calibrate[heldOut[i]!] === 1,
  ).sort();
  return caught.length === 0 ? null : Math.min(0.5, sampleQuantile(caught, missed));
}
