import { errorClasses } from "./error-classes.js";
import type { ChainPlan } from "./plan-chains.js";

/** What the next attempt's model is to the one that failed; a provider that isn't known counts as another one. */
export const relations = ["same_model", "same_provider", "other_provider"] as const;

/** Places of the sums that every figure is a function of. A block's sums lie one after the other; P = models and the rest, M = models,
 * K = error classes, R = relations. */
export type SumLayout = ReturnType<typeof sumLayout>;

/** Lay the sums out for so many models and these chains. */
export function sumLayout(models: number, chains: readonly ChainPlan[]) {
  let columns = 0;
  const block = (length = 1) => {
    const start = columns;
    columns += length;
    return start;
  };
  const [rest, classes, kinds] = [models + 1, errorClasses.length, relations.length];
  const layout = {
    // all attempts, by P and P * K
    attempts: block(rest),
    failures: block(rest * classes),
    billedFailures: block(rest),
    unpricedFailures: block(rest),
    failedUsd: block(rest),
    failedUsdKnown: block(rest),
    failedMs: block(rest * classes),
    failedMsKnown: block(rest * classes),
    // answered attempts outside batch jobs with known time and length, by M: what a line of times is fitted from
    line: {
      answers: block(models),
      ms: block(models),
      weightedMs: block(models),
      weight: block(models),
      tokens: block(models),
    },
    // first attempts outside batch jobs, by M, M * K, M * M
    answered: block(models),
    failedFirst: block(models * classes),
    answeredUsd: block(models),
    answeredUsdKnown: block(models),
    answeredMs: block(models),
    answeredMsKnown: block(models),
    answeredTokens: block(models),
    answeredTokensKnown: block(models),
    movedUsd: block(models * models),
    moved: block(models),
    // second and later attempts, by K * R for the second and R for the third
    second: block(classes * kinds),
    secondFailed: block(classes * kinds),
    third: block(kinds),
    thirdFailed: block(kinds),
    pauseMs: block(),
    pauses: block(),
    // windows around first failures, by R, and by chain and step
    around: block(kinds),
    arounds: block(kinds),
    joint: chains.map(() => block(3)),
    jointBefore: chains.map(() => block(3)),
    joints: chains.map(() => block(3)),
    // logical requests outside batch jobs
    requests: block(),
    tries: block(),
    succeeded: block(),
    firstSucceeded: block(),
    fellBack: block(),
    recoveredByRetry: block(),
    recoveredByFallback: block(),
    recoveredOtherwise: block(),
    usd: block(),
    priced: block(),
    succeededPriced: block(),
    usdOfPriced: block(),
    wastedUsd: block(),
    timed: block(),
    withinSlo: block(),
  };
  return { ...layout, columns, models, classes };
}
