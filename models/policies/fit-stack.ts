import { solveLinear } from "../markup/solve.js";

/** Pull of the weights towards equal shares, and of the constant towards 0, in rows' worth of evidence. */
const priorPrecision = 4;
const steps = 30;

/** Fit how to combine several forecasts of one quality: a logistic regression on their logits, held near the plain average, so that few
 * rows give the average and many rows give what the data says. Rows whose quality isn't known are left out.
 * @param members forecasts of rows that the members didn't see, (members)(rows)
 * @param quality 0 to 1; NaN = not known
 * @returns function from the members' forecasts of other rows to the combined forecast, inside (0, 1) */
export function fitStack(
  members: readonly Float64Array[],
  quality: Float64Array,
): (members: readonly Float64Array[]) => Float64Array {
  const inputs = members.map(logits);
  const prior = [0, ...members.map(() => 1 / members.length)];
  let weights = prior.slice();
  for (let step = 0; step < steps; step++) {
    const next = newtonStep(inputs, quality, weights, prior);
    const change = next.reduce((most, weight, i) => Math.max(most, Math.abs(weight - weights[i]!)), 0);
    weights = next;
    if (change < 1e-8) break;
  }
  return (asked) => combine(asked.map(logits), weights);
}

function newtonStep(
  inputs: readonly Float64Array[],
  quality: Float64Array,
  weights: readonly number[],
  prior: readonly number[],
): number[] {
  const size = weights.length;
  const gradient = weights.map((weight, i) => priorPrecision * (weight - prior[i]!));
  const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? priorPrecision : 0)));
  const combined = combine(inputs, weights);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < quality.length; i++) {
    if (Number.isNaN(quality[i]!)) continue;
    inputs.forEach((input, m) => {
      row[m + 1] = input[i]!;
    });
    const error = combined[i]! - quality[i]!;
    const curve = Math.max(combined[i]! * (1 - combined[i]!), 1e-6);
    for (let a = 0; a < size; a++) {
      gradient[a]! += error * row[a]!;
      for (let b = 0; b < size; b++) curvature[a]![b]! += curve * row[a]! * row[b]!;
    }
  }
  const change = solveLinear(curvature, gradient);
  return change ? weights.map((weight, i) => weight - change[i]!) : weights.slice();
}

function combine(inputs: readonly Float64Array[], weights: readonly number[]): Float64Array {
  return inputs[0]!.map((_, i) => {
    const logit = inputs.reduce((sum, input, m) => sum + weights[m + 1]! * input[i]!, weights[0]!);
    return 1 / (1 + Math.exp(-logit));
  });
}

/** Forecasts outside (0.01, 0.99) are drawn in: a member that is sure must not outweigh all others. */
function logits(forecast: Float64Array): Float64Array {
  return forecast.map((value) => {
    const p = Math.min(0.99, Math.max(0.01, value));
    return Math.log(p / (1 - p));
  });
}
