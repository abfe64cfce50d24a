import { type ChainRow, type ChainStepRow, StepEvidence } from "../../datasets/reliability-result.js";
import type { Estimate } from "../../datasets/results.js";
import {
  type ChainCell,
  type ChainStep,
  type ChainTotals,
  chainOutcome,
} from "../../models/reliability/chain-outcome.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";
import { overallFailure } from "./after-failure.js";
import { attemptMeans } from "./attempt-means.js";
import { errorClasses, isRetryable } from "./error-classes.js";
import type { Estimator, FigurePart } from "./figure-part.js";
import type { Gathering } from "./gather-sums.js";
import { type StepSource, stepSource } from "./step-source.js";

/** A way in which first attempts failed, and how each further attempt of the chain is known. */
interface FailureWay {
  model: number;
  errorClass: number;
  steps: ReadonlyArray<{ target: number; source: StepSource }>;
}

interface KnownChain {
  models: number[];
  /** By place in `models`; only those that happened. */
  ways: FailureWay[][];
}

/** Sums, how the probability of a step is read, and the pause before a step, ms. */
interface Reading {
  sums: readonly number[];
  failureOf: (source: StepSource, target: number, errorClass: number) => number;
  pauseMs: number | null;
}

const modelled =
  "modelled: logged first attempts followed down the chain; a step's failure given the failures before it";

/** What each chain would have made of the logged first attempts on the policy's models.
 * @param pauseMs pause before each further attempt; null = the mean of the logged ones, none where there are none */
export function replayChains(
  gathering: Gathering,
  totals: readonly number[],
  { estimate, pauseMs }: { estimate: Estimator; pauseMs: number | null },
): FigurePart<ChainRow[]> {
  const { layout, plans } = gathering;
  const chains = plans.map((_, chain) => knownChain(gathering, totals, chain));
  const outcome = (chain: KnownChain, sums: readonly number[]) =>
    chainOutcome(cellsOf(gathering, chain, { sums, pauseMs, failureOf: (source) => source.failure(sums) }));
  return {
    figures: (sums) => chains.flatMap((chain) => figuresOf(outcome(chain, sums))),
    say: (next) =>
      chains.flatMap((chain, i) => {
        const [available, attempts, perRequest, perSuccess, ms, recovery] = [0, 1, 2, 3, 4, 5].map(next);
        const { requests } = outcome(chain, totals);
        if (requests === 0) return [];
        const independent = chainOutcome(
          cellsOf(gathering, chain, {
            sums: totals,
            pauseMs,
            failureOf: (_source, target, errorClass) =>
              isRetryable(errorClass) ? overallFailure(totals, layout, target) : 1,
          }),
        );
        const pessimistic = chainOutcome(
          cellsOf(gathering, chain, {
            sums: totals,
            pauseMs,
            failureOf: (source) => source.failure(totals) || wilsonInterval(0, source.n || 1).high,
          }),
        );
        const steps = stepRows(chain, totals, layout);
        const answered = chain.models.reduce((sum, model) => sum + totals[layout.answered + model]!, 0);
        return {
          chain: plans[i]!.chain,
          label: plans[i]!.label,
          requests,
          first_failures: requests - answered,
          availability: allowForNone(
            estimate.share(available!, modelled, requests),
            pessimistic.answered / pessimistic.requests,
          ),
          availability_if_independent: independent.answered / independent.requests,
          attempts: estimate.amount(attempts!, modelled, requests)!,
          usd_per_request: estimate.amount(perRequest!, modelled, requests),
          usd_per_success: estimate.amount(perSuccess!, modelled, requests),
          latency_ms: estimate.amount(ms!, modelled, requests),
          recovery_ms: estimate.amount(recovery!, modelled, requests - answered),
          steps,
          assumes_independence: chain.ways
            .flat()
            .some(({ steps }) => steps.some(({ source }) => source.evidence === StepEvidence.independence)),
        };
      }),
  };
}

/** A step that never failed in its few observations has no error that a jackknife could see: the interval reaches down to where each
 * such step fails as often as Wilson's upper bound says. */
function allowForNone(share: Estimate, pessimistic: number): Estimate {
  return pessimistic < share.low ? { ...share, low: pessimistic } : share;
}

function knownChain(gathering: Gathering, totals: readonly number[], chain: number): KnownChain {
  const { layout, plans } = gathering;
  const { from, targets } = plans[chain]!;
  const models = from === null ? [...Array(layout.models).keys()] : [from];
  const happened = (model: number, errorClass: number) =>
    totals[layout.failedFirst + model * layout.classes + errorClass]! > 0;
  const ways = models.map((model) =>
    [...errorClasses.keys()]
      .filter((errorClass) => happened(model, errorClass))
      .map((errorClass) => {
        const asked = targets(model, errorClass);
        const steps = asked.map((target, step) => {
          const before = step === 0 ? model : asked[step - 1]!;
          const place = { chain, step, errorClass, before, target };
          return { target, source: stepSource(gathering, totals, place) };
        });
        return { model, errorClass, steps };
      }),
  );
  return { models, ways };
}

function cellsOf(
  { layout }: Gathering,
  { models, ways }: KnownChain,
  { sums, failureOf, pauseMs }: Reading,
): ChainCell[] {
  const means = attemptMeans(sums, layout);
  const pauses = sums[layout.pauses]!;
  const waitMs = pauseMs ?? (pauses > 0 ? sums[layout.pauseMs]! / pauses : 0);
  return models.map((model, i) => ({
    answered: sums[layout.answered + model]!,
    answeredUsd: means.answeredUsd(model, model),
    answeredMs: means.answeredMs(model, model),
    failures: ways[i]!.map(({ errorClass, steps }) => ({
      count: sums[layout.failedFirst + model * layout.classes + errorClass]!,
      usd: means.failedUsd(model),
      ms: means.failedMs(model, errorClass),
      steps: steps.map(
        ({ target, source }): ChainStep => ({
          failure: failureOf(source, target, errorClass),
          failedUsd: means.failedUsd(target),
          failedMs: means.failedMs(target, errorClass),
          answeredUsd: means.answeredUsd(model, target),
          answeredMs: means.answeredMs(model, target),
          waitMs,
        }),
      ),
    })),
  }));
}

function figuresOf(totals: ChainTotals): number[] {
  const { requests, attempts, answered, usd, answeredMs, recovered, recoveredMs } = totals;
  return [
    answered / requests,
    attempts / requests,
    usd / requests,
    usd / answered,
    answeredMs / answered,
    recoveredMs / recovered,
  ];
}

/** Each further attempt over all ways to fail: how many get so far, how many of them fail, and the evidence behind most of them. */
function stepRows(
  { ways }: KnownChain,
  totals: readonly number[],
  layout: Gathering["layout"],
): ChainStepRow[] {
  const all = ways.flat();
  const left = all.map((way) => totals[layout.failedFirst + way.model * layout.classes + way.errorClass]!);
  const deepest = Math.max(0, ...all.map(({ steps }) => steps.length));
  return Array.from({ length: deepest }, (_, step) => {
    const byEvidence = new Map<StepEvidence, { tries: number; n: number }>();
    let tries = 0;
    let failed = 0;
    all.forEach(({ steps }, i) => {
      const asked = steps[step];
      if (asked === undefined || left[i] === 0) return;
      const { evidence, n, failure } = asked.source;
      const known = byEvidence.get(evidence) ?? { tries: 0, n: 0 };
      byEvidence.set(evidence, { tries: known.tries + left[i]!, n: Math.max(known.n, n) });
      tries += left[i]!;
      left[i]! *= failure(totals);
      failed += left[i]!;
    });
    const [[evidence, { n }] = [StepEvidence.notRecovered, { n: 0 }]] = [...byEvidence].sort(
      ([, a], [, b]) => b.tries - a.tries,
    );
    return { attempt: step + 2, tries, failure: tries > 0 ? failed / tries : 0, evidence, n };
  }).filter(({ tries }) => tries > 0);
}
