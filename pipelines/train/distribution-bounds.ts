import { FEATURISER, type Policy } from "@signalbox/runtime";
import type { FeatureMatrix } from "../../models/classifier/feature-matrix.js";

/** Share of a feature's observed range that a request may lie beyond it before it counts as out of distribution. */
const slack = 0.25;

/** Room around a feature that hardly varied in training, so that noise alone isn't out of distribution. */
const leastSlack = 0.1;

/** What a request is made of: the size and texture of its text, its scripts, its attachments. Settings of the call (output cap,
 * JSON mode) and counts of single cues say nothing about whether the model has seen such a request. */
const makeUp: ReadonlySet<string> = new Set([
  "user_chars",
  "history_chars",
  "word_length",
  "digit_share",
  "upper_share",
  "mark_share",
  "space_share",
  "non_ascii_share",
  "has_tools",
  "images",
]);

/** Bounds that follow the data only where it varied: with one system prompt, or none, the model has learnt nothing from system
 * prompts, and another one changes nothing that it says. */
const boundedIfVaried: ReadonlySet<string> = new Set(["system_chars"]);

/** Sizes bound from above only: a shorter request holds less that could be new. */
const sizes: ReadonlySet<string> = new Set(["user_chars", "system_chars", "history_chars"]);

/** Texture that bounds don't hold, since its range in training is nearly always the whole one. */
const texture: readonly string[] = ["lines", "code_marks", "code_fence", "maths_marks", "latex_marks"];

/** Places of the dense features by whose distance from the mean a request can be unusual. */
export const shapeFeatures: ReadonlySet<number> = new Set(
  FEATURISER.denseNames.flatMap((name, i) =>
    makeUp.has(name) || texture.includes(name) || name.startsWith("script_") ? [i] : [],
  ),
);

/** Range of dense features in which the router trusts its model: what training saw, widened; [0, 1] for features that don't
 * bound. Requests beyond it go to the strong model. */
export function distributionBounds({
  dense,
  denseFeatures,
}: FeatureMatrix): NonNullable<Policy["in_distribution"]> {
  const low = new Array<number>(denseFeatures).fill(1);
  const high = new Array<number>(denseFeatures).fill(0);
  dense.forEach((value, i) => {
    low[i % denseFeatures] = Math.min(low[i % denseFeatures]!, value);
    high[i % denseFeatures] = Math.max(high[i % denseFeatures]!, value);
  });
  const margins = low.map((value, i) => {
    const name = FEATURISER.denseNames[i]!;
    const range = high[i]! - value;
    const bounds = makeUp.has(name) || name.startsWith("script_") || (boundedIfVaried.has(name) && range > 0);
    return bounds ? Math.max(slack * range, leastSlack) : 1;
  });
  return {
    dense_low: low.map((value, i) =>
      sizes.has(FEATURISER.denseNames[i]!) ? 0 : Math.max(0, value - margins[i]!),
    ),
    dense_high: high.map((value, i) => Math.min(1, value + margins[i]!)),
  };
}
