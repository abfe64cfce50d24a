import { longRunVariance } from "./long-run-variance.js";

/** Days in groups that differ in level, such as weekdays. */
export interface GroupedDays {
  /** Amount of each day, at least 0. */
  amounts: Float64Array;
  /** Group of each day, 0 to groups - 1. */
  groupOf: Uint8Array;
  groups: number;
}

/** Largest slope that is looked for: amounts that double every day. Data beyond it, such as all of the money on the last day, have no finite
 * estimate. */
const steepest = Math.LN2;

/** Fit exponential growth with a level for each group of days by Poisson pseudo-maximum likelihood: E y = level(group) exp(slope t). It
 * needs no logarithm of the amounts, so days of 0 are days like others, and it is consistent whatever the variance. The levels are
 * profiled out, which leaves one equation, solved by Newton's method.
 * @param start slope to start from
 * @returns slope per day; 0 when nothing was spent or no group has two days
 * @see Santos Silva and Tenreyro 2006, The Log of Gravity */
export function fitGrowth(days: GroupedDays, start = 0): number {
  let slope = start;
  for (let round = 0; round < 50; round++) {
    const { score, information } = momentsAt(days, slope);
    if (!(information > 0)) return 0;
    // a step of at most 0.1: far from the solution the information says little
    const step = Math.max(-0.1, Math.min(0.1, score / information));
    slope = Math.max(-steepest, Math.min(steepest, slope + step));
    if (Math.abs(step) < 1e-9) break;
  }
  return slope;
}

/** Standard error of a fitted slope, robust to unequal variances and to days that resemble their neighbours, with residuals widened by their
 * leverage, for a month of days is a small sample.
 * @returns infinite where it can't be known
 * @see Newey and West 1987; MacKinnon and White 1985 for the leverage (HC3) */
export function growthError(days: GroupedDays, slope: number): number {
  const { amounts, groupOf, groups } = days;
  const { information, centres, levels, weights } = momentsAt(days, slope);
  if (!(information > 0) || amounts.length - groups < 2) return Number.POSITIVE_INFINITY;
  const influence = new Float64Array(amounts.length);
  for (let t = 0; t < amounts.length; t++) {
    const group = groupOf[t]!;
    const weight = Math.exp(slope * (t - amounts.length + 1));
    const expected = levels[group]! * weight;
    const distance = t - centres[group]!;
    const leverage = weight / weights[group]! + (expected * distance * distance) / information;
    influence[t] = (distance * (amounts[t]! - expected)) / Math.max(0.1, 1 - leverage);
  }
  return Math.sqrt(longRunVariance(influence)) / information;
}

/** Levels of the groups on the last day of the amounts, given the slope.
 * @returns 0 for a group without any day */
export function groupLevels({ amounts, groupOf, groups }: GroupedDays, slope: number): Float64Array {
  const sums = new Float64Array(groups);
  const weights = new Float64Array(groups);
  for (let t = 0; t < amounts.length; t++) {
    sums[groupOf[t]!]! += amounts[t]!;
    weights[groupOf[t]!]! += Math.exp(slope * (t - amounts.length + 1));
  }
  return sums.map((sum, group) => (weights[group]! > 0 ? sum / weights[group]! : 0));
}

/** Score and information of the profiled likelihood at a slope, with each group's level, weight and weighted mean day. */
function momentsAt({ amounts, groupOf, groups }: GroupedDays, slope: number) {
  const [sums, weights] = [new Float64Array(groups), new Float64Array(groups)];
  const [centres, squares] = [new Float64Array(groups), new Float64Array(groups)];
  let score = 0;
  for (let t = 0; t < amounts.length; t++) {
    const weight = Math.exp(slope * (t - amounts.length + 1));
    const group = groupOf[t]!;
    sums[group]! += amounts[t]!;
    weights[group]! += weight;
    centres[group]! += weight * t;
    squares[group]! += weight * t * t;
    score += t * amounts[t]!;
  }
  let information = 0;
  const levels = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    if (!(weights[group]! > 0)) continue;
    centres[group]! /= weights[group]!;
    levels[group] = sums[group]! / weights[group]!;
    score -= sums[group]! * centres[group]!;
    information += sums[group]! * Math.max(0, squares[group]! / weights[group]! - centres[group]! ** 2);
  }
  return { score, information, centres, levels, weights };
}
