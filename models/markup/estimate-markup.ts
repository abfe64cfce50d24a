import type { Estimate } from "../../datasets/results.js";
import { clusterRatio, clusterRatioInterval } from "../statistics/cluster-ratio.js";
import { quantilesOf } from "../statistics/quantiles.js";
import { type BasisScore, type CostBasis, chooseBasis } from "./choose-basis.js";
import { type CostFit, fitCost, fitInterval } from "./fit-cost.js";
import { priceSteps, type Stretch } from "./price-steps.js";
import { roundingStep } from "./rounding-step.js";
import { sessionSpread } from "./session-spread.js";

/** What is to be explained: calls in the order of time, none of them free. */
export interface MarkupInput {
  reported: Float64Array;
  /** The first is the list price as it should be. */
  bases: readonly CostBasis[];
  /** List cost of each call's output under each basis, to tell input and output rates apart. */
  outputCosts: readonly Float64Array[];
  /** Session and day of each call. */
  clusterings: Readonly<Record<string, Int32Array>>;
}

/** A mark-up with the rule it belongs to. */
export interface MarkupEstimate {
  /** Null when mark-up and fee can't be told apart, with the reason and what is needed. */
  markup: Estimate | null;
  feeUsd: Estimate | null;
  refusal: string | null;
  /** Reported over list, less one, whatever it is made of. */
  uplift: Estimate;
  basis: number;
  scores: BasisScore[];
  rivals: string[];
  stretches: Array<Stretch & { markup: Estimate | null; feeUsd: Estimate | null; isReference: boolean }>;
  /** Multiples of list price that input and output are charged at, when they differ. */
  byKind: { input: Estimate; output: Estimate } | null;
  roundingUsd: number;
  noise: number | null;
}

/** Separate what a gateway adds to the list price: a share, a fee a call, another way of counting, a step in time, rounding.
 * The reference stretch (the one with the most calls) gives the mark-up; the others are reported beside it.
 * @see docs/reconcile.md */
export function estimateMarkup(input: MarkupInput): MarkupEstimate {
  const { reported, bases } = input;
  const n = reported.length;
  const step = roundingStep(reported);
  const { stretches, choice } = settleStretches(input, step);
  const basis = choice.winner;
  const costs = bases[basis]!.costs;
  const uplift = upliftOf(reported, bases[0]!.costs, input.clusterings);
  const fits = stretches.map((stretch) => {
    const fit = fitStretch(costs, input, stretch, step);
    const refusal = refuse(
      costs.subarray(stretch.from, stretch.to),
      reported.subarray(stretch.from, stretch.to),
      fit,
      step,
    );
    return { stretch, fit, refusal };
  });
  const reference = fits.reduce((a, b) =>
    b.stretch.to - b.stretch.from > a.stretch.to - a.stretch.from ? b : a,
  );
  const estimates = fits.map(({ stretch, fit, refusal }) => ({
    ...stretch,
    markup: fit === null || refusal !== null ? null : toEstimate(fit, [1, 0], -1),
    feeUsd: fit === null || refusal !== null ? null : toEstimate(fit, [0, 1], 0),
    isReference: stretch === reference.stretch,
  }));
  const chosen = estimates.find(({ isReference }) => isReference)!;
  return {
    markup: n < leastCalls ? null : chosen.markup,
    feeUsd: n < leastCalls ? null : chosen.feeUsd,
    refusal: reference.refusal,
    uplift,
    basis,
    scores: choice.scores,
    rivals: choice.rivals,
    stretches: estimates,
    byKind: reference.refusal === null ? kindRates(input, basis, reference.stretch, step) : null,
    roundingUsd: step,
    noise: reference.fit?.noise ?? null,
  };
}

const leastCalls = 30;

/** Steps in time and the basis depend on each other: first one stretch, then the steps, then both again. */
function settleStretches(input: MarkupInput, step: number) {
  let stretches: Stretch[] = [{ from: 0, to: input.reported.length }];
  let choice = chooseBasis({ bases: input.bases, reported: input.reported, stretches, step });
  for (let round = 0; round < 3; round++) {
    const found = findSteps(input, choice.winner, step);
    const isSettled = JSON.stringify(found) === JSON.stringify(stretches);
    stretches = found;
    if (isSettled) break;
    const next = chooseBasis({ bases: input.bases, reported: input.reported, stretches, step });
    const isSame = next.winner === choice.winner;
    choice = next;
    if (isSame) break;
  }
  return { stretches, choice };
}

function findSteps(input: MarkupInput, basis: number, step: number): Stretch[] {
  const whole = { from: 0, to: input.reported.length };
  const fit = fitStretch(input.bases[basis]!.costs, input, whole, step);
  if (fit === null) return [whole];
  const relative = input.reported.map(
    (cost, i) => (cost - fit.fitted[i]!) / Math.max(fit.fitted[i]!, step, Number.MIN_VALUE),
  );
  return priceSteps(relative, fit.standardised, sessionSpread(fit.standardised, input.clusterings));
}

function fitStretch(
  costs: Float64Array,
  input: MarkupInput,
  { from, to }: Stretch,
  step: number,
): CostFit | null {
  return fitCost({
    columns: [costs.slice(from, to), new Float64Array(to - from).fill(1)],
    reported: input.reported.slice(from, to),
    step,
    clusterings: Object.fromEntries(
      Object.entries(input.clusterings).map(([name, clusters]) => [
        name,
        renumber(clusters.subarray(from, to)),
      ]),
    ),
  });
}

function renumber(clusters: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return clusters.map((cluster) => numbers.get(cluster) ?? numbers.set(cluster, numbers.size).get(cluster)!);
}

/** Why mark-up and fee can't be told apart, with what is needed; null when they can. */
function refuse(
  costs: Float64Array,
  reported: Float64Array,
  fit: CostFit | null,
  step: number,
): string | null {
  const n = costs.length;
  if (n < leastCalls) return `${n} calls with a reported and a list cost; at least ${leastCalls} are needed`;
  const [low, median, high] = quantilesOf(costs, [0.05, 0.5, 0.95]) as [number, number, number];
  if (new Set(costs).size < 5 || high - low < 0.02 * median)
    return "the list cost hardly varies from call to call, so a share and a fee a call look the same; calls of other lengths are needed";
  if (step > 0 && quantilesOf(reported, [0.5])[0]! < step)
    return `most costs are below the rounding step of ${step} USD; costs with more digits are needed`;
  if (fit === null)
    return "the list cost doesn't vary apart from a constant; calls of other lengths are needed";
  const { low: least, high: most } = fitInterval(fit, [1, 0]);
  return most - least > 0.2
    ? `the mark-up is known only to within ${((most - least) * 50).toFixed(0)} percentage points either way; more calls, or calls of more varied length, are needed`
    : null;
}

function toEstimate(fit: CostFit, combination: number[], shift: number): Estimate {
  const { value, low, high } = fitInterval(fit, combination);
  return {
    value: value + shift,
    low: low + shift,
    high: high + shift,
    method: `robust regression of reported on list cost; 95 % interval, sandwich by ${fit.clustering}`,
    n: fit.fitted.length,
  };
}

function upliftOf(
  reported: Float64Array,
  list: Float64Array,
  clusterings: MarkupInput["clusterings"],
): Estimate {
  const clusters = clusterings.session ?? Int32Array.from({ length: list.length }, (_, i) => i);
  const { value, low, high } = clusterRatioInterval(clusterRatio(reported, list, clusters));
  return {
    value: value - 1,
    low: low - 1,
    high: high - 1,
    method: "ratio of sums less one; 95 % interval, cluster-robust by session (Student t)",
    n: list.length,
  };
}

/** Rates of input and output where they differ by over 2 % of list price at five standard errors: then there isn't one mark-up. */
function kindRates(
  input: MarkupInput,
  basis: number,
  { from, to }: Stretch,
  step: number,
): MarkupEstimate["byKind"] {
  const output = input.outputCosts[basis]!.slice(from, to);
  const whole = input.bases[basis]!.costs.slice(from, to);
  const fit = fitCost({
    columns: [whole.map((cost, i) => cost - output[i]!), output, new Float64Array(to - from).fill(1)],
    reported: input.reported.slice(from, to),
    step,
  });
  if (fit === null) return null;
  const difference = fitInterval(fit, [1, -1, 0]);
  const error = (difference.high - difference.low) / 4;
  if (Math.abs(difference.value) < 0.02 || Math.abs(difference.value) < 5 * error) return null;
  return { input: toEstimate(fit, [1, 0, 0], 0), output: toEstimate(fit, [0, 1, 0], 0) };
}
