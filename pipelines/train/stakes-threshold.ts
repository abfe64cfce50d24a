import type { FittedRouter } from "../../models/fit-router.js";
import type { RouterTargets } from "../../models/router-targets.js";
import { youdenThreshold } from "../../models/thresholds/youden-threshold.js";

/** Without evidence to the contrary a request counts as high stakes when it is more likely so than not. */
const mostCautious = 0.5;

/** Probability from which a request counts as high stakes: the one that best separates the held-out high-stakes rows from
 * the others, at most 0.5. Label noise that hits both kinds alike doesn't move it, whereas a rule such as "catch 95 %" would
 * chase the noise and flag most of the traffic.
 * @returns null without a stakes head, or without held-out rows of both kinds to set it by */
export function stakesThreshold(
  { heldOut, probabilities }: FittedRouter,
  targets: RouterTargets,
): number | null {
  const head = targets.heads.findIndex((target) => target.head.kind === "stakes");
  if (head === -1) return null;
  const { calibrate, weights } = targets.heads[head]!;
  const known = [...heldOut.keys()].filter((i) => weights[heldOut[i]!]! > 0);
  const best = youdenThreshold(
    known.map((i) => probabilities[head]![i]!),
    known.map((i) => calibrate[heldOut[i]!] === 1),
  );
  return best === null ? null : Math.min(mostCautious, best);
}
