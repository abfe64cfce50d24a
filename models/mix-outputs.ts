import type { Calibration } from "./calibration/calibration.js";
import type { RouterTargets } from "./router-targets.js";
import type { RouterWeights } from "./router-weights.js";

/** The last layer of the graph: every head's score with its calibration folded in, then the length quantiles as they are.
 * @param calibrations one per head */
export function mixOutputs(
  { columns, heads, lengths }: RouterTargets,
  calibrations: readonly Calibration[],
): Pick<RouterWeights, "mix" | "shift" | "knots" | "bends"> {
  const outputs = heads.length + lengths.length;
  const mix = new Float32Array(2 * columns.length * outputs);
  const shift = new Float32Array(outputs);
  const perOutput = calibrations.reduce((most, { knots }) => Math.max(most, knots.length), 0);
  const knots = new Float32Array(outputs * perOutput);
  const bends = new Float32Array(outputs * perOutput);
  heads.forEach(({ terms }, h) => {
    const calibration = calibrations[h]!;
    for (const { column, of, factor } of terms) {
      const row = of === "logit" ? column : columns.length + column;
      mix[row * outputs + h]! += factor * calibration.scale;
    }
    shift[h] = calibration.shift;
    knots.set(calibration.knots, h * perOutput);
    bends.set(calibration.bends, h * perOutput);
  });
  lengths.forEach(({ column }, q) => {
    mix[column * outputs + heads.length + q] = 1;
  });
  return { mix, shift, knots, bends };
}
