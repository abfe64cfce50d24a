/** Mean and spread of each dense feature on the training rows. */
export interface DenseMoments {
  mean: Float64Array;
  /** Standard deviation; 0 for a feature that never varied, which then gets no weight. */
  spread: Float64Array;
}

/** Moments of dense features, row-major (rows, features). */
export function denseMoments(dense: Float32Array, features: number): DenseMoments {
  const rows = dense.length / features;
  const mean = new Float64Array(features);
  const spread = new Float64Array(features);
  for (let i = 0; i < dense.length; i++) mean[i % features]! += dense[i]! / rows;
  for (let i = 0; i < dense.length; i++)
    spread[i % features]! += (dense[i]! - mean[i % features]!) ** 2 / rows;
  for (let j = 0; j < features; j++) spread[j] = spread[j]! > 1e-10 ? Math.sqrt(spread[j]!) : 0;
  return { mean, spread };
}

/** Dense features with mean 0 and spread 1; a feature that never varied becomes 0. */
export function standardise(dense: Float32Array, { mean, spread }: DenseMoments): Float32Array {
  const features = mean.length;
  return dense.map((value, i) => {
    const j = i % features;
    return spread[j]! > 0 ? (value - mean[j]!) / spread[j]! : 0;
  });
}
