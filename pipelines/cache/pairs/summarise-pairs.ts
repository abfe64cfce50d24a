import type { JudgedCachePairs } from "../../../datasets/cache-pairs-result.js";
import { countCanaries } from "../../label/count-canaries.js";
import type { Journal } from "../../label/journal.js";
import type { JudgeCall, JudgeReply } from "../../label/judge.js";
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
  const kinds = {
    pair: uniqueCalls(items.filter(({ isEqual }) => !isEqual).flatMap((item) => factory.calls(item))),
    canary: uniqueCalls(canaries.map(({ call }) => call)),
  };
  const calls = [...kinds.pair, ...kinds.canary];
  const replies = calls.flatMap(({ key }) => journal.replies.get(key)?.reply ?? []);
  return {
    run_id: plan.run_id,
    rubric: factory.rubric.id,
    completed_at: new Date().toISOString(),
    mode: options.mode,
    judges: [...new Set(replies.flatMap(({ model }) => model ?? []))].sort(),
    is_simulated: replies.some(({ isSimulated }) => isSimulated),
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
    calls: Object.entries(kinds).map(([kind, some]) => countCalls(kind, some, { journal, plan })),
    failures: countFailures(calls, journal),
    canaries: countCanaries(canaries, journal, (reply) => readPairVerdict(reply).verdict),
    redactions: plan.redactions,
    cost: { ...costOf(calls, journal, plan.run_id), max_usd: options.maxUsd, is_stopped_by_budget: false },
  };
}

function uniqueCalls(calls: readonly JudgeCall[]): JudgeCall[] {
  return [...new Map(calls.map((call) => [call.key, call])).values()];
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

function countCalls(
  kind: string,
  calls: readonly JudgeCall[],
  { journal, plan }: { journal: Journal; plan: PreparedPairs["plan"] },
): JudgedCachePairs["calls"][number] {
  const answered = calls.flatMap(({ key }) => journal.replies.get(key) ?? []);
  const failed = calls.filter(({ key }) => journal.failures.has(key)).length;
  return {
    kind,
    needed: calls.length,
    answered: answered.length,
    reused: answered.filter(({ runId }) => runId !== plan.run_id).length,
    failed,
    not_sent: calls.length - answered.length - failed,
  };
}

function countFailures(calls: readonly JudgeCall[], journal: Journal): JudgedCachePairs["failures"] {
  const reasons = calls.flatMap(({ key }) => {
    const reply: JudgeReply | undefined = journal.replies.get(key)?.reply ?? journal.failures.get(key);
    return reply ? (reply.error ?? readPairVerdict(reply).failure ?? []) : [];
  });
  return [...groupBy(reasons, (reason) => reason)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, all]) => ({ reason, calls: all.length }));
}

function costOf(calls: readonly JudgeCall[], journal: Journal, runId: string) {
  const paid = calls
    .flatMap(({ key }) => journal.replies.get(key) ?? [])
    .filter((reply) => reply.runId === runId);
  return {
    usd: paid.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    unpriced_calls: paid.filter(({ costUsd }) => costUsd === null).length,
  };
}
