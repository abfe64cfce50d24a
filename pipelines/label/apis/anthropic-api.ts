import Anthropic from "@anthropic-ai/sdk";
import type { InputError } from "../../../datasets/errors.js";
import { type BatchRecord, JudgeApiName, type JudgeCall, type JudgeReply } from "../judge.js";
import { checkUrl, refusedBy, unreachable } from "./endpoint.js";
import { cancelledCall, failedReply, type JudgeApi } from "./judge-api.js";
import { readJsonLines } from "./read-json-lines.js";

/** Anthropic's Messages and Message Batches. The key comes from ANTHROPIC_API_KEY and from nowhere else. The API knows no
 * temperature any more, so none is sent.
 *
 * A message batch carries nothing of ours but the custom ids of its requests, and shows those only in its results. So the
 * batch's key is the front of every custom id, and the newest batch at the time is in the journal's intent: an orphan is
 * among the batches that came later and hold as many requests, and its first result says whether it is ours.
 * @see https://platform.claude.com/docs/en/build-with-claude/batch-processing
 * @throws {InputError} if the URL is not one */
export function createAnthropicApi(url: string): JudgeApi {
  checkUrl(url, "https://api.anthropic.com");
  const client = new Anthropic({
    baseURL: url.replace(/\/v1\/?$/, ""),
    // A key that is given keeps the SDK from looking for one in other variables and in files.
    apiKey: process.env.ANTHROPIC_API_KEY || "none",
    openTelemetry: false,
    maxRetries: 6,
    timeout: 120_000,
    logLevel: "off",
  });
  return {
    name: JudgeApiName.anthropic,
    url,
    // Anthropic allows 100,000 requests and 256 MB.
    limits: { calls: 100_000, bytes: 200_000_000 },
    complete: (call) => complete(client, call),
    bytesOf: (call) => Buffer.byteLength(JSON.stringify(messageBody(call))) + 120,
    newestBatch: async () => (await client.messages.batches.list({ limit: 1 })).data[0]?.id ?? null,
    submit: async (record, calls) => {
      const requests = calls.map((call) => batchRequest(record, call));
      return (await client.messages.batches.create({ requests }, { maxRetries: 0 })).id;
    },
    find: (record, wait) => findByCustomIds(client, record, wait),
    poll: async (batchId) => {
      const batch = await client.messages.batches.retrieve(batchId);
      const { succeeded, errored, canceled, expired } = batch.request_counts;
      return {
        isEnded: batch.processing_status === "ended",
        isCancelled: batch.cancel_initiated_at !== null,
        rejection: null,
        done: succeeded + errored + canceled + expired,
      };
    },
    collect: (record) => collect(client, record),
    cancel: async (batchId) => {
      await client.messages.batches.cancel(batchId);
    },
    isPassing: (error) =>
      error instanceof Anthropic.APIError &&
      (error.status === undefined || error.status === 429 || error.status >= 500),
    fatalError: (error) => fatalError(error, url),
  };
}

async function complete(client: Anthropic, call: JudgeCall): Promise<JudgeReply> {
  try {
    const headers = { "Idempotency-Key": call.key };
    return readMessage(call.key, await client.messages.create(messageBody(call), { headers }), false);
  } catch (error) {
    const isItsOwn =
      error instanceof Anthropic.APIError &&
      error.status !== undefined &&
      ![401, 403, 404].includes(error.status);
    if (!isItsOwn) throw error;
    return failedReply(call.key, [`http_${error.status}`, bodyOf(error)?.type].join(" ").trim(), false);
  }
}

function messageBody({
  model,
  messages,
  maxTokens,
  schema,
}: JudgeCall): Anthropic.MessageCreateParamsNonStreaming {
  const system = messages.flatMap(({ role, content }) => (role === "system" ? [content] : [])).join("\n\n");
  return {
    model,
    max_tokens: maxTokens,
    ...(system === "" ? {} : { system }),
    // The API refuses an empty turn.
    messages: messages.flatMap(({ role, content }) =>
      role === "system" || content.trim() === "" ? [] : [{ role, content }],
    ),
    ...(schema ? { output_config: { format: { type: "json_schema", schema: schema.schema } } } : {}),
  };
}

function batchRequest(record: BatchRecord, call: JudgeCall): Anthropic.Messages.BatchCreateParams.Request {
  return { custom_id: customId(record, call.key), params: messageBody(call) };
}

/** 64 characters, as many as the API allows: the batch's key, cut, and the call's, cut (188 bits are enough to be unique). */
function customId({ batchKey }: Pick<BatchRecord, "batchKey">, callKey: string): string {
  return `${batchPrefix(batchKey)}${callKey.slice(0, 47)}`;
}

function batchPrefix(batchKey: string): string {
  return `${batchKey.slice(0, 16)}_`;
}

async function findByCustomIds(
  client: Anthropic,
  record: BatchRecord,
  wait: () => Promise<void>,
): Promise<string | null> {
  for await (const listed of client.messages.batches.list({ limit: 100 })) {
    if (listed.id === record.cursor) return null;
    if (countOf(listed.request_counts) !== record.keys.length) continue;
    let batch = listed;
    while (batch.processing_status !== "ended") {
      await wait();
      batch = await client.messages.batches.retrieve(batch.id);
    }
    if (batch.results_url !== null && (await isOurs(client, batch.id, record))) return batch.id;
  }
  return null;
}

function countOf(counts: Anthropic.Messages.MessageBatchRequestCounts): number {
  return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired;
}

/** A result line, as far as it is trusted. */
interface ResultLine {
  custom_id?: unknown;
  result?: Anthropic.Messages.MessageBatchResult;
}

/** Lines of an ended batch's results. Read from the endpoint itself: the key goes to no other host that an answer may name. */
async function* readResults(client: Anthropic, batchId: string): AsyncGenerator<ResultLine> {
  const path = `/v1/messages/batches/${encodeURIComponent(batchId)}/results`;
  const response = await client.get(path, { headers: { Accept: "application/binary" } }).asResponse();
  for await (const line of readJsonLines(response)) yield (line ?? {}) as ResultLine;
}

async function isOurs(client: Anthropic, batchId: string, record: BatchRecord): Promise<boolean> {
  for await (const { custom_id: id } of readResults(client, batchId))
    return String(id).startsWith(batchPrefix(record.batchKey));
  return false;
}

async function collect(client: Anthropic, record: BatchRecord): Promise<JudgeReply[]> {
  const keys = new Map(record.keys.map((key) => [customId(record, key), key]));
  const replies: JudgeReply[] = [];
  for await (const { custom_id: id, result } of readResults(client, record.batchId!)) {
    const key = keys.get(String(id));
    if (key !== undefined && result) replies.push(readResult(key, result));
  }
  return replies;
}

function readResult(key: string, result: Anthropic.Messages.MessageBatchResult): JudgeReply {
  if (result.type === "succeeded") return readMessage(key, result.message, true);
  if (result.type === "errored") return failedReply(key, result.error?.error?.type ?? "errored", true);
  return failedReply(key, result.type === "canceled" ? cancelledCall : "batch_expired", true);
}

/** Read a message, trusting nothing about its shape. Input tokens are given apart from cached ones here; ours include them.
 * @param message body of the answer, as an endpoint sent it */
export function readMessage(key: string, message: unknown, isBatch: boolean): JudgeReply {
  const body = (message ?? {}) as Partial<Anthropic.Message> & { system_fingerprint?: string };
  const blocks = Array.isArray(body.content) ? body.content : [];
  const texts = blocks.flatMap((block) =>
    block?.type === "text" && typeof block.text === "string" ? [block.text] : [],
  );
  const isRefused = body.stop_reason === "refusal";
  const text = texts.length > 0 ? texts.join("") : isRefused ? "" : null;
  const usage = body.usage;
  const isCounted = Number.isFinite(usage?.input_tokens) && Number.isFinite(usage?.output_tokens);
  const cachedTokens = usage?.cache_read_input_tokens ?? 0;
  return {
    key,
    text,
    finishReason: finishReasons[body.stop_reason ?? ""] ?? body.stop_reason ?? null,
    model: body.model ?? null,
    callId: body.id ?? null,
    isSimulated: /simulat/i.test(`${body.system_fingerprint ?? ""} ${body.model ?? ""}`),
    usage: isCounted
      ? {
          inputTokens: usage!.input_tokens + cachedTokens + (usage!.cache_creation_input_tokens ?? 0),
          cachedTokens,
          outputTokens: usage!.output_tokens,
        }
      : null,
    isBatch,
    error: text === null ? "no_text" : null,
  };
}

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
};

function fatalError(error: unknown, url: string): InputError | null {
  if (error instanceof Anthropic.APIConnectionError) return unreachable(url, error);
  if (!(error instanceof Anthropic.APIError)) return null;
  // The SDK's own message is the whole JSON body.
  const said = bodyOf(error)?.message;
  const message = said === undefined ? error.message : `${error.status} ${said}`;
  return refusedBy(url, { status: error.status, message, cause: error }, "ANTHROPIC_API_KEY");
}

/** What the API said, inside the body that the SDK keeps. */
function bodyOf(error: InstanceType<typeof Anthropic.APIError>): { type?: string; message?: string } | null {
  return (error.error as { error?: { type?: string; message?: string } } | undefined)?.error ?? null;
}
