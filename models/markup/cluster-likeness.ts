/** Whether values of one cluster are more alike than chance: one-way analysis of variance, at four standard errors of the intraclass
 * correlation. Never so with fewer than 10 clusters, or when nearly every value is a cluster of its own.
 * @param clusters cluster number of each value
 * @see Donner 1986, A Review of Inference Procedures for the Intraclass Correlation Coefficient */
export function clusterLikeness(
  values: Float64Array,
  clusters: Int32Array,
): { isAlike: boolean; correlation: number; count: number } {
  const sums = new Map<number, { n: number; sum: number }>();
  let total = 0;
  values.forEach((value, i) => {
    const cluster = sums.get(clusters[i]!) ?? { n: 0, sum: 0 };
    cluster.n += 1;
    cluster.sum += value;
    sums.set(clusters[i]!, cluster);
    total += value;
  });
  const n = values.length;
  const count = sums.size;
  if (count < 10 || count > 0.9 * n) return { isAlike: false, correlation: 0, count };
  const mean = total / n;
  let between = 0;
  let squares = 0;
  for (const { n: size, sum } of sums.values()) {
    between += size * (sum / size - mean) ** 2;
    squares += size * size;
  }
  const whole = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const meanBetween = between / (count - 1);
  const meanWithin = (whole - between) / (n - count);
  const size = (n - squares / n) / (count - 1);
  const correlation = (meanBetween - meanWithin) / (meanBetween + (size - 1) * meanWithin);
  const spread = Math.sqrt(2 / ((count - 1) * size * Math.max(1, size - 1)));
  return { isAlike: correlation > 4 * spread, correlation, count };
}
