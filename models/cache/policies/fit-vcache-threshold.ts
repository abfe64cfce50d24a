/** A request that was near an entry, and whether the entry's answer would have served. */
export interface Observation {
  cosine: number;
  isSame: boolean;
}

/** P(the answer serves | s) = sigma(slope (s - t)). */
export interface VcacheThreshold {
  /** 0 to 1. */
  t: number;
  slope: number;
  /** Of t. */
  variance: number;
}

/** Fit vCache's curve of one entry: a logistic regression without a penalty; t cut to [0, 1]; its variance by the delta method, or, where the
 * observations are perfectly separated by a cosine (the estimate is then infinitely steep), from a table by their number.
 * @param observations at least one of each label */
export function fitVcacheThreshold(observations: readonly Observation[]): VcacheThreshold {
  let lowestSame = Number.POSITIVE_INFINITY;
  let highestOther = Number.NEGATIVE_INFINITY;
  for (const { cosine, isSame } of observations) {
    if (isSame) lowestSame = Math.min(lowestSame, cosine);
    else highestOther = Math.max(highestOther, cosine);
  }
  if (lowestSame > highestOther) {
    return {
      t: clip((lowestSame + highestOther) / 2),
      slope: (2 * separatedLogit) / (lowestSame - highestOther),
      variance: separatedVariance(observations.length),
    };
  }
  const { intercept, slope: fitted, information } = fitLogistic(observations);
  const slope = Math.max(fitted, leastSlope);
  const { a, b, c } = information;
  const byIntercept = -1 / slope;
  const bySlope = intercept / slope ** 2;
  const variance =
    (byIntercept ** 2 * c - 2 * byIntercept * bySlope * b + bySlope ** 2 * a) / (a * c - b * b);
  return { t: clip(-intercept / slope), slope, variance: Math.max(0, variance) };
}

/** Steepness of a separated curve: half of the gap to its middle takes the probability to sigma(18) = 1 - 1.5e-8, where a gradient descent
 * with vCache's tolerance ends. */
const separatedLogit = 18;
const leastSlope = 1e-6;

function clip(t: number): number {
  return Math.min(1, Math.max(0, t));
}

/** Nine of the 43 simulated variances that the authors' program holds, by number of observations; linear in between, the last beyond. */
const separatedVariances = [
  [6, 0.0354],
  [8, 0.0264],
  [11, 0.0126],
  [15, 0.0093],
  [19, 0.0118],
  [25, 0.0117],
  [30, 0.008],
  [44, 0.0098],
  [48, 0.0153],
] as const;

function separatedVariance(count: number): number {
  const next = separatedVariances.findIndex(([n]) => count <= n);
  if (next < 0) return separatedVariances.at(-1)![1];
  const [to, variance] = separatedVariances[next]!;
  if (next === 0) return variance;
  const [from, before] = separatedVariances[next - 1]!;
  return before + ((variance - before) * (count - from)) / (to - from);
}

interface LogisticFit {
  intercept: number;
  slope: number;
  /** X'WX: [[a, b], [b, c]]. */
  information: { a: number; b: number; c: number };
}

const mostSteps = 100;
const mostHalvings = 30;
const tolerance = 1e-8;

/** Newton's method, its step halved until the likelihood doesn't fall. */
function fitLogistic(observations: readonly Observation[]): LogisticFit {
  let intercept = 0;
  let slope = 0;
  let state = evaluate(observations, intercept, slope);
  for (let step = 0; step < mostSteps; step++) {
    const { a, b, c, gradient } = state;
    const determinant = a * c - b * b;
    const isDone = Math.max(Math.abs(gradient[0]), Math.abs(gradient[1])) <= tolerance;
    if (isDone || !(determinant > 0)) break;
    let byIntercept = (c * gradient[0] - b * gradient[1]) / determinant;
    let bySlope = (a * gradient[1] - b * gradient[0]) / determinant;
    let next = evaluate(observations, intercept + byIntercept, slope + bySlope);
    for (let half = 0; !(next.likelihood >= state.likelihood) && half < mostHalvings; half++) {
      byIntercept /= 2;
      bySlope /= 2;
      next = evaluate(observations, intercept + byIntercept, slope + bySlope);
    }
    if (!(next.likelihood >= state.likelihood)) break;
    intercept += byIntercept;
    slope += bySlope;
    state = next;
  }
  return { intercept, slope, information: state };
}

/** Log likelihood, its gradient and the information at a point. */
function evaluate(observations: readonly Observation[], intercept: number, slope: number) {
  let likelihood = 0;
  const gradient: [number, number] = [0, 0];
  let a = 0;
  let b = 0;
  let c = 0;
  for (const { cosine, isSame } of observations) {
    const logit = intercept + slope * cosine;
    const tail = Math.exp(-Math.abs(logit));
    const p = (logit > 0 ? 1 : tail) / (1 + tail);
    const weight = p * (1 - p);
    const surprise = isSame ? 1 - p : -p;
    const isExpected = isSame === logit > 0;
    likelihood -= Math.log1p(tail) + (isExpected ? 0 : Math.abs(logit));
    gradient[0] += surprise;
    gradient[1] += surprise * cosine;
    a += weight;
    b += weight * cosine;
    c += weight * cosine ** 2;
  }
  return { likelihood, gradient, a, b, c };
}
