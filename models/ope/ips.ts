import { importanceWeights } from "./importance-weights.js";
import type { OpeRows } from "./ope-rows.js";

/** Inverse propensity scoring: w r of each row, whose mean is the value of the target. Unbiased when propensities are right and the log could
 * have shown everything that the target does; noisy when weights are large.
 * @see Horvitz and Thompson 1952 */
export function ips(rows: OpeRows, clip?: number): Float64Array {
  return importanceWeights(rows, clip).map((weight, row) => weight * rows.reward[row]!);
}
