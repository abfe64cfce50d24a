import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../datasets/errors.js";
import type { BatchRecord, JudgeReply } from "./judge.js";

/** A line of the journal. */
export type JournalEntry =
  | { type: "intent"; run_id: string; calls: Array<{ key: string; reserved_usd: number | null }> }
  | { type: "reply"; run_id: string; reply: JudgeReply; cost_usd: number | null }
  | { type: "batch"; run_id: string; batch: BatchRecord };

/** A reply with what it cost and which run paid for it. */
interface PaidReply {
  reply: JudgeReply;
  costUsd: number | null;
  runId: string;
}

/** The append-only record of everything that was asked and answered: what makes labelling safe to kill and cheap to repeat. */
export interface Journal {
  /** Replies that carry a text, by key: they are never asked again. */
  readonly replies: ReadonlyMap<string, PaidReply>;
  /** The latest failure by key, of calls that have no reply. */
  readonly failures: ReadonlyMap<string, JudgeReply>;
  /** Latest state of every batch, with the run that submitted it. */
  readonly batches: ReadonlyMap<string, BatchRecord & { runId: string }>;
  /** What each run paid so far at list price, in USD: replies that failed, or were asked for twice, included. A reply that was only
   * recorded twice, because a process died between two steps, counts once. */
  readonly spentUsd: ReadonlyMap<string, number>;
  /** Calls that were announced and neither answered nor part of a batch, with what was reserved for them, by key: a killed
   * process left them, and they may have been paid. */
  readonly unanswered: ReadonlyMap<string, { reservedUsd: number | null; runId: string }>;
  /** Append entries. When it returns they survive the death of the process; the death of the machine costs at most the
   * replies of the last tenth of a second, and never a batch. */
  append(entries: readonly JournalEntry[]): void;
  /** Flush to disk and close. */
  close(): void;
}

/** Open a journal, making it if needed. A line that a crash cut off is dropped: its call counts as unanswered.
 * @param path of the JSON lines file
 * @param isFresh set the old journal aside (as `<path>.<n>.old`) and start an empty one
 * @throws {InputError} if another line than the last is damaged: calls that were paid for are not forgotten */
export function openJournal(path: string, isFresh = false): Journal {
  mkdirSync(dirname(path), { recursive: true });
  if (isFresh && existsSync(path)) renameSync(path, nextFreeName(path));
  const state = {
    replies: new Map(),
    failures: new Map(),
    batches: new Map(),
    spentUsd: new Map(),
    paidCalls: new Set(),
    unanswered: new Map(),
  } as State;
  for (const entry of readEntries(path)) apply(state, entry);
  const file = openSync(path, "a");
  let syncedAt = 0;
  const sync = (): void => {
    fsyncSync(file);
    syncedAt = Date.now();
  };
  return {
    ...state,
    append: (entries) => {
      if (entries.length === 0) return;
      writeSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      // One flush a call would be most of the time of a run: they are shared.
      if (entries.some(({ type }) => type === "batch") || Date.now() - syncedAt >= flushMs) sync();
      for (const entry of entries) apply(state, entry);
    },
    close: () => {
      sync();
      closeSync(file);
    },
  };
}

const flushMs = 100;

interface State {
  replies: Map<string, PaidReply>;
  failures: Map<string, JudgeReply>;
  batches: Map<string, BatchRecord & { runId: string }>;
  spentUsd: Map<string, number>;
  /** Provider's ids of the calls in `spentUsd`. */
  paidCalls: Set<string>;
  unanswered: Map<string, { reservedUsd: number | null; runId: string }>;
}

function apply(state: State, entry: JournalEntry): void {
  const { replies, failures, batches, unanswered } = state;
  if (entry.type === "intent") {
    for (const { key, reserved_usd } of entry.calls)
      unanswered.set(key, { reservedUsd: reserved_usd, runId: entry.run_id });
  } else if (entry.type === "batch") {
    const runId = batches.get(entry.batch.batchKey)?.runId ?? entry.run_id;
    batches.set(entry.batch.batchKey, { ...entry.batch, runId });
    for (const key of entry.batch.keys) unanswered.delete(key);
  } else {
    const { reply, cost_usd: costUsd, run_id: runId } = entry;
    unanswered.delete(reply.key);
    pay(state, entry);
    if (reply.error !== null) failures.set(reply.key, reply);
    else if (!replies.has(reply.key)) replies.set(reply.key, { reply, costUsd, runId });
    if (reply.error === null) failures.delete(reply.key);
  }
}

function pay({ spentUsd, paidCalls }: State, entry: JournalEntry & { type: "reply" }): void {
  const { reply, cost_usd, run_id } = entry;
  const call = `${reply.key} ${reply.callId}`;
  if (cost_usd === null || paidCalls.has(call)) return;
  if (reply.callId !== null) paidCalls.add(call);
  spentUsd.set(run_id, (spentUsd.get(run_id) ?? 0) + cost_usd);
}

/** Entries of a journal file. Cuts the file back to its last whole line, so that the next append starts a line of its own. */
function readEntries(path: string): JournalEntry[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes
    .subarray(0, end)
    .toString("utf8")
    .split("\n")
    .flatMap((line, i) => (line === "" ? [] : [readEntry(line, `${path}:${i + 1}`)]));
}

function readEntry(line: string, place: string): JournalEntry {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch (cause) {
    throw new InputError(
      `${place}: not readable as JSON; mend or delete the line (its call is asked again), or start anew with --no-resume`,
      { cause },
    );
  }
}

function nextFreeName(path: string): string {
  let n = 1;
  while (existsSync(`${path}.${n}.old`)) n++;
  return `${path}.${n}.old`;
}
