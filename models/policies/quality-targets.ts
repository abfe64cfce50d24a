import type { Targets } from "../classifier/head-loss.js";
import type { PolicyRows } from "./policy.js";

/** One probability column per model, fitted to its quality; a quality that isn't known has no weight. */
export function qualityTargets({ quality, texts }: PolicyRows): Targets {
  const width = quality.length;
  const values = new Float32Array(texts.length * width);
  const weights = new Float32Array(values.length);
  quality.forEach((known, column) => {
    for (let row = 0; row < texts.length; row++) {
      const isKnown = !Number.isNaN(known[row]!);
      values[row * width + column] = isKnown ? known[row]! : 0;
      weights[row * width + column] = Number(isKnown);
    }
  });
  return { columns: quality.map(() => ({ kind: "logistic" })), values, weights };
}
