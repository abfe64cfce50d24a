import type { JudgedCachePairs } from "../../../datasets/cache-pairs-result.js";
import { countCanaries } from "../../label/count-canaries.js";
import type { Journal } from "../../label/journal.js";
import { tallyCalls } from "../../label/tally-calls.js";
import { weightedShare } from "../../label/weighted-share.js";
import { groupBy } from "../../trust/group-by.js";
import type { PairCanary } from "./pair-canaries.js";
import type { PairOptions, PreparedPairs } from "./plan-pairs.js";
import { type PairLabel, readPairVerdict } from "./read-pair.js";

/** What a run found, before it is summed up. */
export interface PairSummaryInput {
  prepared: PreparedPairs;
  /** Pairs that were asked about: see {@link askedFirst}. */
  labelled: readonly PairLabel[];
  canaries: readonly PairCanary[];
  journal: Journal;
  options: PairOptions;
}

/** The pairs up to the first that was not asked about: they are a random part of those that were drawn, being in random order. What lies
 * behind it and is known all the same, by facts or from an earlier run, is left out, for it is none. */
export function askedFirst(labels: readonly PairLabel[]): PairLabel[] {
  const end = labels.findIndex(({ replies }) => replies === null);
  return labels.slice(0, end === -1 ? labels.length : end);
}

/** Count what was asked, answered, decided and paid. */
export function summarisePairs({
  prepared: { plan, items, factory },
  labelled,
  canaries,
  journal,
  options,
}: PairSummaryInput): Omit<JudgedCachePairs, "unanswered_calls" | "replay_id"> {
  const { calls, failures, judges, is_simulated, cost } = tallyCalls(
    {
      pair: items.filter(({ isEqual }) => !isEqual).flatMap((item) => factory.calls(item)),
      canary: canaries.map(({ call }) => call),
    },
    { journal, runId: plan.run_id, failureOf: (reply) => readPairVerdict(reply).failure },
  );
  return {
    run_id: plan.run_id,
    rubric: factory.rubric.id,
    completed_at: new Date().toISOString(),
    mode: options.mode,
    judges,
    is_simulated,
    basis: plan.basis,
    floor: plan.floor,
    focus: plan.focus,
    seed: options.seed,
    is_both_orders: options.isBothOrders,
    population: plan.pairs,
    excluded: plan.excluded,
    drawn: items.length,
    asked: labelled.length,
    verdicts: countVerdicts(labelled),
    exact: labelled.filter(({ item }) => item.isEqual).length,
    order_flip_rate: flipRate(labelled),
    calls,
    failures,
    canaries: countCanaries(canaries, journal, (reply) => readPairVerdict(reply).verdict),
    redactions: plan.redactions,
    cost: { ...cost, max_usd: options.maxUsd, is_stopped_by_budget: false },
  };
}

function countVerdicts(labelled: readonly PairLabel[]): JudgedCachePairs["verdicts"] {
  const groups = groupBy(labelled, ({ item, verdict }) => `${item.row.segment}\0${verdict ?? "failed"}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first, ...others]]) => ({
      segment: first!.item.row.segment,
      verdict: first!.verdict ?? "failed",
      count: 1 + others.length,
    }));
}

function flipRate(labelled: readonly PairLabel[]): JudgedCachePairs["order_flip_rate"] {
  const twice = labelled.filter(({ calls, verdict }) => calls.length === 2 && verdict !== null);
  return weightedShare(
    twice.map(({ item, replies }) => {
      const [first, second] = replies!.map((reply) => readPairVerdict(reply).verdict);
      return { value: Number(first !== second), weight: 1, cluster: item.row.entry_id };
    }),
  );
}
