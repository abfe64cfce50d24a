import { ratioOfSums } from "../statistics/session-sums.js";
import type { Interval } from "../statistics/wilson-interval.js";
import type { GateRates } from "./gate.js";

/** Sums by session of an amount that is linear in a gate's error rates: fixed + (1 - TPR) * falseAlarms + TNR * caught. */
export interface GatedSums {
  fixed: Float64Array;
  falseAlarms: Float64Array;
  caught: Float64Array;
}

/** Sums of nothing yet. */
export function emptyGatedSums(sessions: number): GatedSums {
  return {
    fixed: new Float64Array(sessions),
    falseAlarms: new Float64Array(sessions),
    caught: new Float64Array(sessions),
  };
}

/** Weighted sum of several amounts, such as a difference. */
export function combineSums(...parts: ReadonlyArray<readonly [weight: number, sums: GatedSums]>): GatedSums {
  const combine = (of: keyof GatedSums) =>
    parts[0]![1][of].map((_, g) => parts.reduce((sum, [weight, sums]) => sum + weight * sums[of][g]!, 0));
  return { fixed: combine("fixed"), falseAlarms: combine("falseAlarms"), caught: combine("caught") };
}

/** The sums by session once the rates are known. */
export function settleSums(
  { fixed, falseAlarms, caught }: GatedSums,
  tpr: number,
  tnr: number,
): Float64Array {
  return fixed.map((amount, g) => amount + (1 - tpr) * falseAlarms[g]! + tnr * caught[g]!);
}

/** The total once the rates are known. */
export function settleTotal(sums: GatedSums): (tpr: number, tnr: number) => number {
  const [fixed, falseAlarms, caught] = [total(sums.fixed), total(sums.falseAlarms), total(sums.caught)];
  return (tpr, tnr) => fixed + (1 - tpr) * falseAlarms + tnr * caught;
}

/** Ratio of two totals with a 95 % interval that holds two kinds of doubt: other sessions might have come (cluster-robust), and the
 * gate's rates were measured on a sample.
 * @returns null where the denominator is 0 or an amount isn't known
 * @see propagateGateErrors */
export function gatedRatio(numerator: GatedSums, denominator: GatedSums, gate: GateRates): Interval | null {
  const [tpr, tnr] = [gate.tpr.value, gate.tnr.value];
  const sampling = ratioOfSums(settleSums(numerator, tpr, tnr), settleSums(denominator, tpr, tnr));
  if (sampling === null) return null;
  const [top, bottom] = [settleTotal(numerator), settleTotal(denominator)];
  return propagateGateErrors(sampling, (p, q) => top(p, q) / bottom(p, q), gate);
}

/** Widen an interval by the doubt about the gate's rates: the distances from the value to what it becomes with each rate at its own limits are
 * added in squares, below and above apart (MOVER). Exact for what is linear in the rates; the rates are taken as independent, as
 * they are measured on different answers.
 * @param sampling the interval with the rates at their values
 * @param valueAt the figure at other rates
 * @see Zou and Donner 2008, Construction of confidence limits about effect measures: a general approach, Statistics in Medicine 27 */
export function propagateGateErrors(
  sampling: Interval,
  valueAt: (tpr: number, tnr: number) => number,
  { tpr, tnr }: GateRates,
): Interval {
  const { value } = sampling;
  const moved = [
    [valueAt(tpr.low, tnr.value), valueAt(tpr.high, tnr.value)],
    [valueAt(tpr.value, tnr.low), valueAt(tpr.value, tnr.high)],
  ].map(([a, b]) => ({ down: value - Math.min(a!, b!, value), up: Math.max(a!, b!, value) - value }));
  const below = moved.reduce((sum, { down }) => sum + down * down, (value - sampling.low) ** 2);
  const above = moved.reduce((sum, { up }) => sum + up * up, (sampling.high - value) ** 2);
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above) };
}

function total(sums: Float64Array): number {
  let sum = 0;
  for (let g = 0; g < sums.length; g++) sum += sums[g]!;
  return sum;
}
