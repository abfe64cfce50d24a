import { createRandom } from "../../datasets/random.js";
import { normalCdf } from "./normal-cdf.js";
import { sampleQuantile } from "./quantiles.js";

/** Confidence that each of several intervals needs so that all of them hold at once: from the distribution of the largest of |z|
 * among errors that correlate as theirs do. Never wider than Bonferroni's but for the error of the draws, and much narrower where
 * slices overlap.
 * @param covariance of the errors, row-major, `size` by `size`
 * @param members those compared; ones without an error of their own are passed over
 * @param confidence that all shall hold
 * @returns two-sided confidence of one interval, for Student's t with its own degrees of freedom
 * @see Hothorn, Bretz and Westfall 2008, Simultaneous inference in general parametric models, sec. 3 */
export function simultaneousConfidence(options: {
  covariance: Float64Array;
  size: number;
  members: readonly number[];
  confidence?: number;
  draws?: number;
  seed?: number;
}): number {
  const { covariance, size, confidence = 0.95, draws = 10_000, seed = 1 } = options;
  const members = options.members.filter((m) => covariance[m * size + m]! > 0);
  if (members.length < 2) return confidence;
  const root = choleskyOfCorrelation(covariance, size, members);
  const random = createRandom(seed);
  const count = members.length;
  const normal = new Float64Array(count);
  const largest = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let most = 0;
    for (let a = 0; a < count; a++) {
      normal[a] = random.normal();
      let z = 0;
      for (let b = 0; b <= a; b++) z += root[a * count + b]! * normal[b]!;
      most = Math.max(most, Math.abs(z));
    }
    largest[draw] = most;
  }
  const bound = sampleQuantile(largest.sort(), confidence);
  const bonferroni = 1 - (1 - confidence) / count;
  return Math.min(bonferroni, Math.max(confidence, 1 - 2 * normalCdf(-bound)));
}

/** Lower triangular root of the correlations; where one is determined by others before it, its own part is 0. */
function choleskyOfCorrelation(
  covariance: Float64Array,
  size: number,
  members: readonly number[],
): Float64Array {
  const count = members.length;
  const at = (a: number, b: number) => covariance[members[a]! * size + members[b]!]!;
  const root = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let left = at(a, b) / Math.sqrt(at(a, a) * at(b, b));
      for (let k = 0; k < b; k++) left -= root[a * count + k]! * root[b * count + k]!;
      if (a === b) root[a * count + a] = left > 1e-10 ? Math.sqrt(left) : 0;
      else root[a * count + b] = root[b * count + b]! > 0 ? left / root[b * count + b]! : 0;
    }
  }
  return root;
}
