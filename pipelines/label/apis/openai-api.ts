import OpenAI, { toFile } from "openai";
import type { InputError } from "../../../datasets/errors.js";
import { type BatchRecord, JudgeApiName, type JudgeCall, type JudgeReply } from "../judge.js";
import { checkUrl, refusedBy, unreachable } from "./endpoint.js";
import { type BatchState, cancelledCall, failedReply, type JudgeApi } from "./judge-api.js";
import { readJsonLines } from "./read-json-lines.js";

/** Any OpenAI-compatible endpoint: chat completions, and OpenAI's Batch API where it has one. The key comes from OPENAI_API_KEY
 * and from nowhere else; endpoints that need none get a placeholder. A batch carries its key in its metadata, so that one whose
 * creation was not confirmed is found again.
 * @see https://platform.openai.com/docs/guides/batch
 * @throws {InputError} if the URL is not one */
export function createOpenAiApi(url: string): JudgeApi {
  checkUrl(url, "https://api.openai.com/v1");
  const client = new OpenAI({
    baseURL: url,
    apiKey: process.env.OPENAI_API_KEY || "none",
    organization: null,
    project: null,
    maxRetries: 6,
    timeout: 120_000,
    logLevel: "off",
  });
  return {
    name: JudgeApiName.openai,
    url,
    // OpenAI allows 50,000 requests and 200 MB.
    limits: { calls: 50_000, bytes: 150_000_000 },
    complete: (call) => complete(client, call),
    bytesOf: (call) => Buffer.byteLength(JSON.stringify(inputLine(call))) + 1,
    newestBatch: async () => null,
    submit: (record, calls) => submit(client, record, calls),
    find: (record) => findByMetadata(client, record),
    poll: async (batchId) => stateOf(await client.batches.retrieve(batchId)),
    collect: (record) => collect(client, record),
    cancel: async (batchId) => {
      await client.batches.cancel(batchId);
    },
    isPassing: (error) =>
      error instanceof OpenAI.APIError &&
      (error.status === undefined || error.status === 429 || error.status >= 500),
    fatalError: (error) => fatalError(error, url),
  };
}

async function complete(client: OpenAI, call: JudgeCall): Promise<JudgeReply> {
  try {
    const completion = await client.chat.completions.create(chatBody(call), {
      headers: { "Idempotency-Key": call.key },
    });
    return readCompletion(call.key, completion, false);
  } catch (error) {
    const isItsOwn =
      error instanceof OpenAI.APIError &&
      error.status !== undefined &&
      ![401, 403, 404].includes(error.status);
    if (!isItsOwn) throw error;
    return failedReply(call.key, [`http_${error.status}`, error.code ?? error.type].join(" ").trim(), false);
  }
}

function chatBody(call: JudgeCall): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { name = "", schema, isStrict = true } = call.schema ?? {};
  return {
    model: call.model,
    messages: [...call.messages],
    max_completion_tokens: call.maxTokens,
    ...(call.temperature === null ? {} : { temperature: call.temperature }),
    ...(schema
      ? { response_format: { type: "json_schema", json_schema: { name, schema, strict: isStrict } } }
      : {}),
  };
}

function inputLine(call: JudgeCall): object {
  return { custom_id: call.key, method: "POST", url: "/v1/chat/completions", body: chatBody(call) };
}

async function submit(client: OpenAI, record: BatchRecord, calls: readonly JudgeCall[]): Promise<string> {
  const lines = calls.map((call) => `${JSON.stringify(inputLine(call))}\n`).join("");
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), "signalbox.jsonl"),
    purpose: "batch",
  });
  const batch = await client.batches.create(
    {
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { signalbox_batch: record.batchKey },
    },
    { maxRetries: 0 },
  );
  return batch.id;
}

async function findByMetadata(client: OpenAI, { batchKey }: BatchRecord): Promise<string | null> {
  for await (const batch of client.batches.list({ limit: 100 }))
    if (batch.metadata?.signalbox_batch === batchKey) return batch.id;
  return null;
}

function stateOf(batch: OpenAI.Batch): BatchState {
  const reasons = batch.errors?.data?.map(({ message }) => message).join("; ") || "no reason given";
  return {
    isEnded: endedStatuses.has(batch.status),
    isCancelled: batch.status === "cancelled",
    rejection: batch.status === "failed" ? reasons : null,
    done: (batch.request_counts?.completed ?? 0) + (batch.request_counts?.failed ?? 0),
  };
}

const endedStatuses: ReadonlySet<string> = new Set(["completed", "failed", "expired", "cancelled"]);

/** Both files of an ended batch: each may be missing, and an expired or cancelled one still holds what was finished. */
async function collect(client: OpenAI, record: BatchRecord): Promise<JudgeReply[]> {
  const batch = await client.batches.retrieve(record.batchId!);
  const replies: JudgeReply[] = [];
  for (const fileId of [batch.output_file_id, batch.error_file_id]) {
    if (!fileId) continue;
    for await (const line of readJsonLines(await client.files.content(fileId)))
      replies.push(...readResult(line));
  }
  if (batch.status !== "cancelled") return replies;
  const finished = new Set(replies.map(({ key }) => key));
  const others = record.keys.filter((key) => !finished.has(key));
  return [...replies, ...others.map((key) => failedReply(key, cancelledCall, true))];
}

interface ResultLine {
  custom_id?: unknown;
  response?: { status_code?: number; body?: unknown } | null;
  error?: { code?: string } | null;
}

/** @returns the reply in a line, none if it isn't one */
function readResult(line: unknown): JudgeReply[] {
  const result = line as ResultLine | null;
  if (typeof result?.custom_id !== "string") return [];
  const { custom_id: key, response, error } = result;
  const status = response?.status_code ?? 0;
  if (error?.code === "batch_cancelled") return [failedReply(key, cancelledCall, true)];
  if (error || status !== 200) return [failedReply(key, error?.code ?? `http_${status}`, true)];
  return [readCompletion(key, response?.body, true)];
}

/** Read a chat completion, trusting nothing about its shape. A refusal is an answer: it was paid for, and asking again brings
 * the same.
 * @param completion body of the answer, as an endpoint sent it */
export function readCompletion(key: string, completion: unknown, isBatch: boolean): JudgeReply {
  const body = (completion ?? {}) as Partial<OpenAI.ChatCompletion>;
  const choice = body.choices?.[0];
  const refusal = typeof choice?.message?.refusal === "string" ? choice.message.refusal : null;
  const isRefused = refusal !== null || choice?.finish_reason === "content_filter";
  const text =
    typeof choice?.message?.content === "string"
      ? choice.message.content
      : isRefused
        ? (refusal ?? "")
        : null;
  const usage = body.usage;
  const isCounted = Number.isFinite(usage?.prompt_tokens) && Number.isFinite(usage?.completion_tokens);
  return {
    key,
    text,
    finishReason: isRefused ? "refusal" : (choice?.finish_reason ?? null),
    model: body.model ?? null,
    callId: body.id ?? null,
    isSimulated: /simulat/i.test(`${body.system_fingerprint ?? ""} ${body.model ?? ""}`),
    usage: isCounted
      ? {
          inputTokens: usage!.prompt_tokens,
          cachedTokens: usage!.prompt_tokens_details?.cached_tokens ?? 0,
          outputTokens: usage!.completion_tokens,
        }
      : null,
    isBatch,
    error: text === null ? "no_text" : null,
  };
}

function fatalError(error: unknown, url: string): InputError | null {
  if (error instanceof OpenAI.APIConnectionError) return unreachable(url, error);
  if (!(error instanceof OpenAI.APIError)) return null;
  return refusedBy(url, { status: error.status, message: error.message, cause: error }, "OPENAI_API_KEY");
}
