import { clampDense } from "../features/clamp-dense.js";
import { featuriseRead } from "../features/featurise.js";
import type { Engine } from "../model/engine.js";
import { readRequest } from "../request/read-request.js";
import { chooseModel } from "../router/choose-model.js";
import type { CompiledPolicy } from "../router/compile-policy.js";
import type { GoldenRow } from "./artifact.js";

/** Largest difference between two engines on the same graph. */
const goldenTolerance = 1e-5;

/** Decide a golden row again.
 * @returns what differs, in words; null when features, probabilities, lengths and the model are as they were at export */
export function replayGolden(row: GoldenRow, engine: Engine, compiled: CompiledPolicy): string | null {
  const read = readRequest(row.request);
  const features = featuriseRead(read);
  const { probabilities, lengthQuantiles } = engine.predict(clampDense(compiled.policy, features));
  const { model, ood } = chooseModel(compiled, { read, features, probabilities, lengthQuantiles });
  return (
    differing("ids", features.ids, row.ids, 0) ??
    differing("weights", features.weights, row.weights, goldenTolerance) ??
    differing("dense", features.dense, row.dense, goldenTolerance) ??
    differing("probabilities", probabilities, row.probabilities, goldenTolerance) ??
    differing("length_quantiles", lengthQuantiles, row.length_quantiles, goldenTolerance * 10) ??
    differing("ood", numbersOf(ood), numbersOf(row.ood === undefined ? ood : row.ood), goldenTolerance) ??
    (model === row.model ? null : `model is ${model}, expected ${row.model}`)
  );
}

function numbersOf(value: number | null): number[] {
  return value === null ? [] : [value];
}

/** How two lists of numbers differ, in words; null when no number does by more than the tolerance. */
export function differing(
  name: string,
  found: ArrayLike<number>,
  wanted: unknown,
  tolerance: number,
): string | null {
  if (!Array.isArray(wanted) || wanted.length !== found.length) {
    return `${found.length} ${name}, expected ${Array.isArray(wanted) ? wanted.length : "a list"}`;
  }
  for (let i = 0; i < found.length; i++) {
    const isNear = Math.abs(found[i]! - Number(wanted[i])) <= tolerance;
    if (!isNear) return `${name}[${i}] is ${found[i]}, expected ${wanted[i]}`;
  }
  return null;
}
