import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { checkEndpoint } from "./apis/endpoint.js";
import { cancelledCall, failedReply, type JudgeApi } from "./apis/judge-api.js";
import { asCutFailure, isCutShort, withMoreRoom } from "./cut-reply.js";
import {
  type BatchRecord,
  type CallLog,
  type Judge,
  type JudgeCall,
  JudgeMode,
  type JudgeReply,
} from "./judge.js";

/** How batches are told apart and waited for. */
export interface BatchJudgeOptions {
  /** Secret of the workspace and the run: makes the keys of its batches, which nobody else can have. */
  owner: string;
  /** Pause between two looks at a batch. */
  pollMs: number;
  progress?: Progress;
}

/** A judge that is asked in batches: half the price, up to 24 hours. */
export interface BatchJudge extends Judge {
  /** Stop every open batch at this endpoint and keep what was finished. */
  cancel(log: CallLog): Promise<CancelledBatches>;
}

/** What stopping batches left. */
export interface CancelledBatches {
  batches: number;
  /** Batches that were intended and never created. */
  lost: number;
  /** Calls that were answered before the stop. */
  kept: number;
  /** Calls that were not, and that a later run asks again. */
  given_up: number;
}

/** A batch's life over any provider: intended -> created -> collected (or cancelled, or lost). Each step is in the log before the
 * next is taken, so a process can die anywhere: the next one adopts what was created, pays for nothing twice, and loses nothing.
 * What expires, fails or is missing is submitted once more, then reported; what somebody cancelled is reported at once. */
export function createBatchJudge(api: JudgeApi, options: BatchJudgeOptions): BatchJudge {
  const context: Context = { ...options, api, wait: () => pause(options.pollMs) };
  const withReason = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw api.fatalError(error) ?? error;
    }
  };
  const open = async (log: CallLog): Promise<readonly BatchRecord[]> => {
    await checkEndpoint(api.url);
    return log.openBatches(api.url, api.name);
  };
  return {
    mode: JudgeMode.batch,
    recover: async (log) => withReason(recover(context, await open(log), log)),
    ask: (calls, log) => withReason(askAll(context, calls, log)),
    cancel: async (log) => withReason(cancelAll(context, await open(log), log)),
  };
}

interface Context extends BatchJudgeOptions {
  api: JudgeApi;
  wait: () => Promise<void>;
}

async function recover(context: Context, open: readonly BatchRecord[], log: CallLog): Promise<void> {
  for (const record of open) {
    const created = await adopt(context, record, log);
    if (created === null) continue;
    const replies = await collect(context, created, log);
    log.answer(replies.filter(({ error }) => error === null));
    log.recordBatch({ ...created, stage: "collected" });
  }
}

/** The record with the id of its batch; null if it was never created. */
async function adopt({ api, wait }: Context, record: BatchRecord, log: CallLog): Promise<BatchRecord | null> {
  if (record.batchId !== null) return record;
  const batchId = await api.find(record, wait);
  const found: BatchRecord = { ...record, batchId, stage: batchId === null ? "lost" : "created" };
  log.recordBatch(found);
  return batchId === null ? null : found;
}

async function cancelAll(
  context: Context,
  open: readonly BatchRecord[],
  log: CallLog,
): Promise<CancelledBatches> {
  const total: CancelledBatches = { batches: 0, lost: 0, kept: 0, given_up: 0 };
  const created: BatchRecord[] = [];
  for (const record of open) {
    // Only an orphan whose id shows early can be stopped early; find may wait for the end of the others.
    const adopted = await adopt(context, record, log);
    if (adopted === null) {
      total.lost += 1;
      continue;
    }
    if (!(await context.api.poll(adopted.batchId!)).isEnded) await context.api.cancel(adopted.batchId!);
    created.push(adopted);
  }
  for (const record of created) {
    const replies = await collect(context, record, log);
    const finished = replies.filter(({ error }) => error === null);
    log.answer(finished);
    log.recordBatch({ ...record, stage: "cancelled" });
    total.batches += 1;
    total.kept += finished.length;
    total.given_up += record.keys.length - finished.length;
  }
  return total;
}

async function askAll(context: Context, calls: readonly JudgeCall[], log: CallLog): Promise<void> {
  const first = calls.filter((call) => log.allows(call));
  const failed = await askOnce(context, { calls: first, round: 1, log });
  const again = first.flatMap((call) => secondTry(call, failed.get(call.key), log));
  if (again.length === 0) return;
  log.answer([...(await askOnce(context, { calls: again, round: 2, log })).values()]);
}

/** What to submit once more for a call that did not succeed; nothing for one that did, or that somebody cancelled. */
function secondTry(call: JudgeCall, reply: JudgeReply | undefined, log: CallLog): JudgeCall[] {
  if (reply === undefined) return [];
  if (reply.error === cancelledCall) {
    log.answer([reply]);
    return [];
  }
  if (!isCutShort(call, reply)) return [call];
  log.answer([asCutFailure(reply)]);
  const larger = withMoreRoom(call);
  return log.allows(larger) ? [larger] : [];
}

/** Submit, wait and record what succeeded. A verdict that was cut is no success the first time.
 * @returns the reply of every call that did not succeed, by key */
async function askOnce(
  context: Context,
  { calls, round, log }: { calls: readonly JudgeCall[]; round: 1 | 2; log: CallLog },
): Promise<Map<string, JudgeReply>> {
  const submitted: Array<{ chunk: readonly JudgeCall[]; record: BatchRecord }> = [];
  for (const chunk of chunksOf(calls, context.api))
    submitted.push({ chunk, record: await submit(context, { chunk, round, log }) });
  const failed = new Map<string, JudgeReply>();
  for (const { chunk, record } of submitted) {
    const replies = await collect(context, record, log);
    // One reply to each call, in the order of the calls.
    const isDone = (reply: JudgeReply, i: number) =>
      reply.error === null && !(round === 1 && isCutShort(chunk[i]!, reply));
    log.answer(replies.filter(isDone));
    log.recordBatch({ ...record, stage: "collected" });
    replies.forEach((reply, i) => {
      if (!isDone(reply, i)) failed.set(reply.key, reply);
    });
  }
  return failed;
}

async function submit(
  { api, owner, wait }: Context,
  { chunk, round, log }: { chunk: readonly JudgeCall[]; round: 1 | 2; log: CallLog },
): Promise<BatchRecord> {
  const keys = chunk.map(({ key }) => key);
  const batchKey = createHash("sha256")
    .update([owner, round, ...keys].join("\n"))
    .digest("hex")
    .slice(0, 32);
  const cursor = await api.newestBatch();
  const record: BatchRecord = {
    batchKey,
    url: api.url,
    api: api.name,
    keys,
    cursor,
    batchId: null,
    stage: "intended",
  };
  log.recordBatch(record);
  const created: BatchRecord = {
    ...record,
    batchId: await createOnce(api, { record, chunk, wait }),
    stage: "created",
  };
  log.recordBatch(created);
  return created;
}

/** Create a batch once. A creation that failed may have taken effect: look for it before trying again. */
async function createOnce(
  api: JudgeApi,
  { record, chunk, wait }: { record: BatchRecord; chunk: readonly JudgeCall[]; wait: () => Promise<void> },
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await api.submit(record, chunk);
    } catch (error) {
      if (!api.isPassing(error) || attempt === createAttempts) throw error;
      const found = await api.find(record, wait);
      if (found !== null) return found;
      await pause(250 * 2 ** attempt);
    }
  }
}

/** Wait for a batch to end and read it. A download that breaks off costs nothing to repeat, a call that is asked again does: so
 * the results are read up to three times before a call counts as missing.
 * @returns one reply to each call, the first of those that came twice
 * @throws {InputError} if the provider rejected the batch as a whole */
async function collect(context: Context, record: BatchRecord, log: CallLog): Promise<JudgeReply[]> {
  const { api } = context;
  const { rejection } = await waitForEnd(context, record);
  if (rejection !== null) {
    log.recordBatch({ ...record, stage: "lost" });
    throw new InputError(
      `batch ${record.batchId} was rejected: ${rejection}; correct it, then run the same command to go on`,
    );
  }
  const replies = new Map<string, JudgeReply>();
  for (let reading = 1; reading <= downloads && replies.size < record.keys.length; reading++) {
    for (const reply of await api.collect(record)) if (!replies.has(reply.key)) replies.set(reply.key, reply);
  }
  return record.keys.map((key) => replies.get(key) ?? failedReply(key, "missing_from_batch", true));
}

async function waitForEnd({ api, wait, progress }: Context, record: BatchRecord) {
  for (;;) {
    const state = await api.poll(record.batchId!);
    if (state.isEnded) return state;
    progress?.({ label: "batch", done: state.done, total: record.keys.length, unit: "calls" });
    await wait();
  }
}

/** Calls in batches that the provider accepts: one model each, within its limits of requests and bytes. */
function chunksOf(calls: readonly JudgeCall[], api: JudgeApi): JudgeCall[][] {
  const chunks: JudgeCall[][] = [];
  for (const model of new Set(calls.map((call) => call.model))) {
    let bytes = Number.POSITIVE_INFINITY;
    for (const call of calls.filter((candidate) => candidate.model === model)) {
      const size = api.bytesOf(call);
      if (bytes + size > api.limits.bytes || chunks.at(-1)!.length >= api.limits.calls) {
        chunks.push([]);
        bytes = 0;
      }
      chunks.at(-1)!.push(call);
      bytes += size;
    }
  }
  return chunks;
}

const createAttempts = 5;
const downloads = 3;
