import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import OpenAI, { toFile } from "openai";
import { InputError } from "../../datasets/errors.js";
import {
  type BatchRecord,
  type CallLog,
  type Judge,
  type JudgeCall,
  JudgeMode,
  type JudgeReply,
} from "./judge.js";
import { chatBody, checkEndpoint, failedReply, fatalError, openEndpoint, replyOf } from "./open-endpoint.js";

/** Where the batches go, and how they are told apart and waited for. */
export interface BatchJudgeOptions {
  url: string;
  /** Goes into each batch's metadata, so that a batch whose creation was not confirmed can be found again. */
  runId: string;
  /** Pause between two looks at a batch. */
  pollMs: number;
}

/** A judge behind the OpenAI Batch API: half the price, up to 24 hours. What expires, fails or is missing is submitted once
 * more, then reported. Each step is recorded before it is taken, so that a killed run's batches are adopted by the next. */
export function createBatchJudge({ url, runId, pollMs }: BatchJudgeOptions): Judge {
  const client = openEndpoint(url);
  const context: Context = { client, url, runId, pollMs };
  const withReason = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      throw fatalError(error, url) ?? error;
    }
  };
  return {
    mode: JudgeMode.batch,
    recover: async (log) => {
      await checkEndpoint(url);
      await withReason(recover(context, log));
    },
    ask: (calls, log) => withReason(askAll(context, calls, log)),
  };
}

interface Context {
  client: OpenAI;
  url: string;
  runId: string;
  pollMs: number;
}

async function recover(context: Context, log: CallLog): Promise<void> {
  for (const record of log.openBatches(context.url)) {
    const batchId = record.batchId ?? (await findBatch(context, record.batchKey));
    if (batchId === null) {
      log.recordBatch({ ...record, stage: "lost" });
      continue;
    }
    const created: BatchRecord = { ...record, batchId, stage: "created" };
    log.recordBatch(created);
    const replies = await collect(context, created, log);
    log.answer([...replies.values()].filter(({ error }) => error === null));
    log.recordBatch({ ...created, stage: "collected" });
  }
}

async function askAll(context: Context, calls: readonly JudgeCall[], log: CallLog): Promise<void> {
  let open = calls.filter((call) => log.allows(call));
  for (const attempt of [1, 2]) {
    const failed = await askOnce(context, { calls: open, attempt, log });
    open = open.filter(({ key }) => failed.has(key));
    if (open.length === 0) return;
    if (attempt === 2) log.answer([...failed.values()]);
  }
}

/** Submit, wait and record what succeeded.
 * @returns the reply of every call that did not succeed, by key */
async function askOnce(
  context: Context,
  { calls, attempt, log }: { calls: readonly JudgeCall[]; attempt: number; log: CallLog },
): Promise<Map<string, JudgeReply>> {
  const submitted: Array<{ chunk: readonly JudgeCall[]; record: BatchRecord }> = [];
  for (const chunk of chunksOf(calls))
    submitted.push({ chunk, record: await submit(context, { chunk, attempt, log }) });
  const failed = new Map<string, JudgeReply>();
  for (const { chunk, record } of submitted) {
    const replies = await collect(context, record, log);
    const settled = chunk.map(({ key }) => replies.get(key) ?? failedReply(key, "missing_from_batch", true));
    log.answer(settled.filter(({ error }) => error === null));
    log.recordBatch({ ...record, stage: "collected" });
    for (const reply of settled) if (reply.error !== null) failed.set(reply.key, reply);
  }
  return failed;
}

async function submit(
  { client, url, runId }: Context,
  { chunk, attempt, log }: { chunk: readonly JudgeCall[]; attempt: number; log: CallLog },
): Promise<BatchRecord> {
  const keys = chunk.map(({ key }) => key);
  const batchKey = createHash("sha256")
    .update([runId, attempt, ...keys].join("\n"))
    .digest("hex")
    .slice(0, 32);
  const record: BatchRecord = { batchKey, url, keys, fileId: null, batchId: null, stage: "intended" };
  log.intend(chunk);
  log.recordBatch(record);
  const lines = chunk.map((call) => `${JSON.stringify(inputLine(call))}\n`).join("");
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), "signalbox.jsonl"),
    purpose: "batch",
  });
  const uploaded: BatchRecord = { ...record, fileId: file.id, stage: "uploaded" };
  log.recordBatch(uploaded);
  const batchId = await createBatch({ client, runId, batchKey, fileId: file.id });
  const created: BatchRecord = { ...uploaded, batchId, stage: "created" };
  log.recordBatch(created);
  return created;
}

function inputLine(call: JudgeCall): object {
  return { custom_id: call.key, method: "POST", url: "/v1/chat/completions", body: chatBody(call) };
}

/** Create a batch once. A creation that failed may have taken effect: look for it by its metadata before trying again. */
async function createBatch({
  client,
  runId,
  batchKey,
  fileId,
}: {
  client: OpenAI;
  runId: string;
  batchKey: string;
  fileId: string;
}): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const batch = await client.batches.create(
        {
          input_file_id: fileId,
          endpoint: "/v1/chat/completions",
          completion_window: "24h",
          metadata: { signalbox_run: runId, signalbox_batch: batchKey },
        },
        { maxRetries: 0 },
      );
      return batch.id;
    } catch (error) {
      const isPassing =
        error instanceof OpenAI.APIError &&
        (error.status === undefined || error.status === 429 || error.status >= 500);
      if (!isPassing || attempt === createAttempts) throw error;
      const found = await findBatch({ client }, batchKey);
      if (found !== null) return found;
      await wait(250 * 2 ** attempt);
    }
  }
}

async function findBatch({ client }: Pick<Context, "client">, batchKey: string): Promise<string | null> {
  for await (const batch of client.batches.list({ limit: 100 })) {
    if (batch.metadata?.signalbox_batch === batchKey) return batch.id;
  }
  return null;
}

/** Wait for a batch and read both of its files.
 * @returns the first reply to each call; a call that is in neither file is not in the map
 * @throws {InputError} if the provider rejected the batch as a whole */
async function collect(
  { client, pollMs }: Context,
  record: BatchRecord,
  log: CallLog,
): Promise<Map<string, JudgeReply>> {
  let batch = await client.batches.retrieve(record.batchId!);
  while (!finalStatuses.has(batch.status)) {
    await wait(pollMs);
    batch = await client.batches.retrieve(batch.id);
  }
  if (batch.status === "failed") {
    log.recordBatch({ ...record, stage: "lost" });
    const reason = batch.errors?.data?.map(({ message }) => message).join("; ") ?? "no reason given";
    throw new InputError(
      `batch ${batch.id} was rejected: ${reason}; correct it, then run the same command to go on`,
    );
  }
  const replies = new Map<string, JudgeReply>();
  for (const fileId of [batch.output_file_id, batch.error_file_id]) {
    if (!fileId) continue;
    const text = await (await client.files.content(fileId)).text();
    for (const reply of readResults(text)) if (!replies.has(reply.key)) replies.set(reply.key, reply);
  }
  return replies;
}

interface ResultLine {
  custom_id?: unknown;
  response?: { status_code?: number; body?: unknown } | null;
  error?: { code?: string } | null;
}

/** Replies in a result file. A line that isn't JSON (a cut download) is passed over: its call counts as missing. */
function readResults(text: string): JudgeReply[] {
  return text.split("\n").flatMap((line) => {
    const result = parseLine(line);
    if (typeof result?.custom_id !== "string") return [];
    const { custom_id: key, response, error } = result;
    const status = response?.status_code ?? 0;
    if (error || status !== 200) return [failedReply(key, error?.code ?? `http_${status}`, true)];
    return [replyOf(key, response?.body, true)];
  });
}

function parseLine(line: string): ResultLine | null {
  try {
    return JSON.parse(line) as ResultLine | null;
  } catch {
    return null;
  }
}

/** Calls in batches that the provider accepts: one model each, within its limits of requests and bytes. */
function chunksOf(calls: readonly JudgeCall[]): JudgeCall[][] {
  const chunks: JudgeCall[][] = [];
  for (const model of new Set(calls.map((call) => call.model))) {
    let bytes = Number.POSITIVE_INFINITY;
    for (const call of calls.filter((candidate) => candidate.model === model)) {
      const size = Buffer.byteLength(JSON.stringify(inputLine(call))) + 1;
      if (bytes + size > maxBatchBytes || chunks.at(-1)!.length >= maxBatchCalls) {
        chunks.push([]);
        bytes = 0;
      }
      chunks.at(-1)!.push(call);
      bytes += size;
    }
  }
  return chunks;
}

const finalStatuses: ReadonlySet<string> = new Set(["completed", "failed", "expired", "cancelled"]);
const createAttempts = 5;
// The provider allows 50,000 requests and 200 MB.
const maxBatchCalls = 50_000;
const maxBatchBytes = 150_000_000;
