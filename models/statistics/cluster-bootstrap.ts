import { createRandom } from "../../datasets/random.js";
import { sampleQuantile } from "./quantiles.js";
import type { Interval } from "./wilson-interval.js";

/** Percentile interval of any statistic by resampling whole clusters (sessions) with replacement. For statistics
 * without a linear form, such as APGR; use the cluster-robust ratio where there is one.
 * @param clusters cluster number of each row, 0 to count - 1
 * @param statistic gets how often each row was drawn; replicates where it isn't finite are left out
 * @see Davison and Hinkley 1997, sec. 3.8; Field and Welsh 2007 */
export function clusterBootstrap(options: {
  clusters: ArrayLike<number>;
  statistic: (counts: Float64Array) => number;
  replicates?: number;
  confidence?: number;
  seed: number;
}): Interval {
  const { clusters, statistic, replicates = 400, confidence = 0.95, seed } = options;
  const n = clusters.length;
  let count = 0;
  for (let i = 0; i < n; i++) count = Math.max(count, clusters[i]! + 1);
  const random = createRandom(seed);
  const drawn = new Float64Array(count);
  const counts = new Float64Array(n);
  const values: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < count; i++) drawn[random.below(count)]! += 1;
    for (let i = 0; i < n; i++) counts[i] = drawn[clusters[i]!]!;
    const value = statistic(counts);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const value = statistic(counts.fill(1));
  if (values.length === 0) return { value, low: Number.NaN, high: Number.NaN };
  const tail = (1 - confidence) / 2;
  return { value, low: sampleQuantile(values, tail), high: sampleQuantile(values, 1 - tail) };
}
