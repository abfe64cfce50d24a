import { groupBy } from "../trust/group-by.js";
import type { Journal } from "./journal.js";
import type { JudgeCall, JudgeReply } from "./judge.js";

/** What became of a run's calls. */
export interface CallTally {
  calls: Array<{
    kind: string;
    needed: number;
    answered: number;
    /** Answered to an earlier run, which paid. */
    reused: number;
    failed: number;
    not_sent: number;
  }>;
  failures: Array<{ reason: string; calls: number }>;
  /** Models that answered, as they called themselves. */
  judges: string[];
  is_simulated: boolean;
  /** What this run paid at list price; calls that earlier runs paid for are free. */
  cost: { usd: number; unpriced_calls: number };
}

/** Count what was asked, answered and paid. Equal questions count once.
 * @param kinds calls by what they are for
 * @param failureOf why a reply is no verdict; null when it is one */
export function tallyCalls(
  kinds: Readonly<Record<string, readonly JudgeCall[]>>,
  {
    journal,
    runId,
    failureOf,
  }: { journal: Journal; runId: string; failureOf: (reply: JudgeReply) => string | null },
): CallTally {
  const unique = Object.entries(kinds).map(([kind, calls]) => ({ kind, calls: uniqueCalls(calls) }));
  const calls = unique.flatMap(({ calls }) => calls);
  const replies = calls.flatMap(({ key }) => journal.replies.get(key)?.reply ?? []);
  return {
    calls: unique.map(({ kind, calls }) => countCalls(kind, calls, { journal, runId })),
    failures: countFailures(calls, journal, failureOf),
    judges: [...new Set(replies.flatMap(({ model }) => model ?? []))].sort(),
    is_simulated: replies.some(({ isSimulated }) => isSimulated),
    cost: costOf(calls, journal, runId),
  };
}

/** Calls without those that ask the same again. */
export function uniqueCalls(calls: readonly JudgeCall[]): JudgeCall[] {
  return [...new Map(calls.map((call) => [call.key, call])).values()];
}

function countCalls(
  kind: string,
  calls: readonly JudgeCall[],
  { journal, runId }: { journal: Journal; runId: string },
): CallTally["calls"][number] {
  const answered = calls.flatMap(({ key }) => journal.replies.get(key) ?? []);
  const failed = calls.filter(({ key }) => journal.failures.has(key)).length;
  return {
    kind,
    needed: calls.length,
    answered: answered.length,
    reused: answered.filter((reply) => reply.runId !== runId).length,
    failed,
    not_sent: calls.length - answered.length - failed,
  };
}

function countFailures(
  calls: readonly JudgeCall[],
  journal: Journal,
  failureOf: (reply: JudgeReply) => string | null,
): CallTally["failures"] {
  const reasons = calls.flatMap(({ key }) => {
    const reply: JudgeReply | undefined = journal.replies.get(key)?.reply ?? journal.failures.get(key);
    return reply ? (reply.error ?? failureOf(reply) ?? []) : [];
  });
  return [...groupBy(reasons, (reason) => reason)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, all]) => ({ reason, calls: all.length }));
}

function costOf(calls: readonly JudgeCall[], journal: Journal, runId: string): CallTally["cost"] {
  const paid = calls
    .flatMap(({ key }) => journal.replies.get(key) ?? [])
    .filter((reply) => reply.runId === runId);
  return {
    usd: paid.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    unpriced_calls: paid.filter(({ costUsd }) => costUsd === null).length,
  };
}
