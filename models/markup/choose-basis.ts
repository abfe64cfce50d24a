import { type CostFit, fitCost } from "./fit-cost.js";
import type { Stretch } from "./price-steps.js";

/** How a gateway may have counted: the list cost of every call under that rule. */
export interface CostBasis {
  name: string;
  /** USD a call, in the order of time. */
  costs: Float64Array;
}

/** A basis against the first one. */
export interface BasisScore {
  name: string;
  /** Calls whose cost it changes. */
  affected: number;
  /** Mean gain in log likelihood a call over the first basis, and that mean over its standard error. */
  gain: number;
  z: number;
  noise: number;
}

/** Which basis reported costs follow: each is fitted with a mark-up and a fee of its own in every stretch, and judged by a
 * likelihood with heavy tails (Student t, one degree of freedom), so that rows of another rule can't decide. A basis displaces the
 * first only at four standard errors (Vuong) and a gain that shows in the noise.
 * @param bases the first is the list price as it should be
 * @returns the winner's index; `rivals` fit as well as the winner (within two standard errors) though they change many calls
 * @see Vuong 1989 */
export function chooseBasis(options: {
  bases: readonly CostBasis[];
  reported: Float64Array;
  stretches: readonly Stretch[];
  step: number;
}): { winner: number; scores: BasisScore[]; rivals: string[] } {
  const { bases, reported, stretches, step } = options;
  const fitted = bases.map(({ costs }) => fitStretches(costs, reported, stretches, step));
  const noises = fitted.map((fit) => fit?.noise ?? Number.POSITIVE_INFINITY);
  const least = Math.max(1e-6, Math.min(...noises));
  const losses = fitted.map((fit) => fit && lossOf(fit.residuals, fit.fitted, least, step));
  const changes = bases.map(({ costs }) => countChanges(costs, bases[0]!.costs));
  const scores = bases.map((basis, b) =>
    compare(basis.name, losses[0] ?? null, losses[b] ?? null, changes[b]!, noises[b]!),
  );
  const likeliest = scores.reduce(
    (best, score, b) =>
      b > 0 &&
      score.affected >= 20 &&
      score.z > 4 &&
      score.gain > leastGain &&
      score.gain > scores[best]!.gain
        ? b
        : best,
    0,
  );
  const winner = likeliest === 0 ? 0 : plainest(likeliest, bases, fitted);
  const rivals = scores.flatMap((score, b) => {
    if (
      b === winner ||
      score.affected < 0.05 * reported.length ||
      countChanges(bases[b]!.costs, bases[winner]!.costs) < 20
    )
      return [];
    const against = compare(score.name, losses[winner] ?? null, losses[b] ?? null, 0, 0);
    return against.z > -2 ? [score.name] : [];
  });
  return { winner, scores, rivals };
}

const leastGain = 0.02;

/** Of bases that are multiples of each other (price lists before and after a cut) none is likelier: the one that leaves the smallest
 * mark-up or discount is taken. The list price itself isn't among them, it has lost. */
function plainest(
  winner: number,
  bases: readonly CostBasis[],
  fitted: ReadonlyArray<ReturnType<typeof fitStretches>>,
): number {
  const size = (b: number) => Math.abs(Math.log(Math.max(fitted[b]?.slope ?? 0, Number.MIN_VALUE)));
  return bases.reduce(
    (best, { costs }, b) =>
      b > 0 && areMultiples(costs, bases[winner]!.costs) && size(b) < size(best) ? b : best,
    winner,
  );
}

function areMultiples(a: Float64Array, b: Float64Array): boolean {
  const ratio = a[0]! / b[0]!;
  return a.every((cost, i) => Math.abs(cost - ratio * b[i]!) <= 1e-6 * cost);
}

function fitStretches(
  costs: Float64Array,
  reported: Float64Array,
  stretches: readonly Stretch[],
  step: number,
) {
  const residuals = new Float64Array(reported.length);
  const fitted = new Float64Array(reported.length);
  let noise = 0;
  let slope = 0;
  for (const { from, to } of stretches) {
    const part = reported.subarray(from, to);
    const fit: CostFit | null = fitCost({
      columns: [costs.slice(from, to), new Float64Array(to - from).fill(1)],
      reported: part.slice(),
      step,
    });
    if (fit === null) return null;
    fit.fitted.forEach((value, i) => {
      fitted[from + i] = value;
      residuals[from + i] = part[i]! - value;
    });
    noise += (fit.noise * (to - from)) / reported.length;
    slope += (fit.coefficients[0]! * (to - from)) / reported.length;
  }
  return { residuals, fitted, noise, slope };
}

function lossOf(residuals: Float64Array, fitted: Float64Array, noise: number, step: number): Float64Array {
  return residuals.map((residual, i) => {
    const variance = (noise * Math.max(fitted[i]!, step, 1e-12)) ** 2 + (step * step) / 12;
    return Math.log1p((residual * residual) / variance);
  });
}

function compare(
  name: string,
  first: Float64Array | null,
  other: Float64Array | null,
  affected: number,
  noise: number,
): BasisScore {
  if (first === null || other === null) return { name, affected, gain: 0, z: 0, noise };
  const n = first.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const gain = first[i]! - other[i]!;
    sum += gain;
    squares += gain * gain;
  }
  const gain = sum / n;
  const error = Math.sqrt(Math.max(0, squares / n - gain * gain) / n);
  return { name, affected, gain, z: error === 0 ? 0 : gain / error, noise };
}

function countChanges(costs: Float64Array, other: Float64Array): number {
  return costs.reduce((count, cost, i) => count + (Math.abs(cost - other[i]!) > 1e-3 * other[i]! ? 1 : 0), 0);
}
