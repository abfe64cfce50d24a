/** A function to minimise: writes its gradient at x and returns its value. */
type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** A point at which the value and gradient are wanted. */
export interface Evaluation {
  x: Float64Array;
  /** To be written. */
  gradient: Float64Array;
}

interface LbfgsOptions {
  iterations?: number;
  /** Stop when the value falls by less than this share of itself, twice running. */
  tolerance?: number;
  /** Steps that are remembered. */
  memory?: number;
}

/** Minimise a smooth function by limited-memory BFGS with backtracking. Deterministic: the same function and start give
 * the same bits.
 * @param start not changed
 * @param curvature rough second derivative along each coordinate, > 0: the closer, the fewer iterations
 * @see Nocedal and Wright 2006, Numerical Optimization, alg. 7.4 and 7.5 */
export function minimiseLbfgs(
  objective: Objective,
  start: Float64Array,
  curvature: Float64Array,
  options: LbfgsOptions = {},
): Float64Array {
  const steps = stepLbfgs(start, curvature, options);
  let step = steps.next();
  while (!step.done) step = steps.next(objective(step.value.x, step.value.gradient));
  return step.value;
}

/** {@link minimiseLbfgs} for functions that are evaluated together: yields what it wants evaluated, takes the value, returns the
 * solution. */
export function* stepLbfgs(
  start: Float64Array,
  curvature: Float64Array,
  { iterations = 100, tolerance = 1e-5, memory = 8 }: LbfgsOptions = {},
): Generator<Evaluation, Float64Array, number> {
  const n = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = yield { x, gradient };
  const history: Array<{ step: Float64Array; change: Float64Array; inverse: number }> = [];
  let quiet = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descend(gradient, history, curvature);
    const slope = -dot(gradient, direction);
    if (!(slope < 0)) break;
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    let length = 1;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let trial = 0; trial < 20; trial++, length /= 2) {
      for (let i = 0; i < n; i++) next[i] = x[i]! - length * direction[i]!;
      nextValue = yield { x: next, gradient: nextGradient };
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const step = new Float64Array(n);
    const change = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      step[i] = next[i]! - x[i]!;
      change[i] = nextGradient[i]! - gradient[i]!;
    }
    const bend = dot(step, change);
    if (bend > 1e-12) {
      history.push({ step, change, inverse: 1 / bend });
      if (history.length > memory) history.shift();
    }
    quiet = value - nextValue < tolerance * Math.abs(value) ? quiet + 1 : 0;
    x = next;
    gradient = nextGradient;
    value = nextValue;
    if (quiet === 2) break;
  }
  return x;
}

/** Two-loop recursion: the inverse-Hessian estimate times the gradient. */
function descend(
  gradient: Float64Array,
  history: ReadonlyArray<{ step: Float64Array; change: Float64Array; inverse: number }>,
  curvature: Float64Array,
): Float64Array {
  const direction = Float64Array.from(gradient);
  const alphas = new Float64Array(history.length);
  for (let k = history.length - 1; k >= 0; k--) {
    const { step, change, inverse } = history[k]!;
    alphas[k] = inverse * dot(step, direction);
    addScaled(direction, change, -alphas[k]!);
  }
  const last = history.at(-1);
  let scale = 1;
  if (last) {
    let squares = 0;
    for (let i = 0; i < curvature.length; i++) squares += last.change[i]! ** 2 / curvature[i]!;
    scale = 1 / (last.inverse * squares);
  }
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale / curvature[i]!;
  history.forEach(({ step, change, inverse }, k) => {
    addScaled(direction, step, alphas[k]! - inverse * dot(change, direction));
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(into: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i]! += factor * values[i]!;
}
