/** A mix and what it comes to. */
export interface Mix {
  value: number;
  weights: Float64Array;
}

/** The mix of strata that makes a mean least, among all within a total variation distance of the known one: a linear programme whose
 * optimum moves the `radius` of mass from the strata with the largest values into the one with the smallest, so no solver is needed.
 * @param weights shares of the strata, sum 1
 * @param radius largest sum of |difference| / 2, in [0, 1]
 * @see Ben-Tal et al. 2013, Robust solutions of optimization problems affected by uncertain probabilities */
export function worstMean(values: Float64Array, weights: Float64Array, radius: number): Mix {
  const moved = weights.slice();
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  const least = order.at(-1);
  let left = radius;
  for (const place of order) {
    if (least === undefined || values[place] === values[least] || left <= 0) break;
    const mass = Math.min(left, moved[place]!);
    moved[place]! -= mass;
    moved[least]! += mass;
    left -= mass;
  }
  return { value: dot(values, moved), weights: moved };
}

/** The mix that makes a ratio of means least within the same distance. The ratio falls until the mix that is worst for
 * numerator - ratio * denominator can't lower it: Dinkelbach's method, exact after a handful of linear programmes.
 * @param denominators above 0 wherever a mix may put weight
 * @returns null when the known mix has no denominator
 * @see Dinkelbach 1967, On nonlinear fractional programming */
export function worstRatio(
  numerators: Float64Array,
  denominators: Float64Array,
  weights: Float64Array,
  radius: number,
): Mix | null {
  let mix = weights;
  let value = dot(numerators, mix) / dot(denominators, mix);
  if (!Number.isFinite(value)) return null;
  for (;;) {
    const ratio = value;
    const next = worstMean(
      numerators.map((numerator, i) => numerator - ratio * denominators[i]!),
      weights,
      radius,
    );
    const lower = dot(numerators, next.weights) / dot(denominators, next.weights);
    if (!(lower < value)) return { value, weights: mix };
    [value, mix] = [lower, next.weights];
  }
}

/** Half the sum of absolute differences of two mixes. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / 2;
}

function dot(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * weights[i]!;
  return sum;
}
