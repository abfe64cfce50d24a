import type { IncomingMessage } from "node:http";
import { hashUnit } from "./hash-unit.js";
import { type ChatBody, completeChat } from "./loopback-chat.js";
import { jsonReply, type LoopbackReply, type StoreContext, takeFault } from "./loopback-reply.js";
import type { LoopbackOptions } from "./loopback-server.js";

/** The part of a message request that the loopback server reads. */
export interface MessageBody {
  model: string;
  max_tokens: number;
  system?: string;
  messages: Array<{ role: string; content: string }>;
  output_config?: { format?: { type: string; schema: VerdictSchema } };
}

/** What tells the questions apart. */
interface VerdictSchema {
  properties?: { tier?: unknown; verdict?: { enum?: readonly string[] } };
}

interface BatchRequest {
  custom_id: string;
  params: MessageBody;
}

interface MessageBatch {
  batch: {
    id: string;
    type: "message_batch";
    processing_status: "in_progress" | "canceling" | "ended";
    request_counts: Record<"processing" | "succeeded" | "errored" | "canceled" | "expired", number>;
    created_at: string;
    expires_at: string;
    ended_at: string | null;
    archived_at: null;
    cancel_initiated_at: string | null;
    results_url: string | null;
  };
  requests: readonly BatchRequest[];
  /** Looks until it ends. */
  looks: number;
  results: string;
}

/** Answer a message request as Anthropic shapes it. */
export function completeMessage(options: LoopbackOptions, body: MessageBody) {
  const completion = completeChat(options, chatBodyOf(body));
  const { message, finish_reason } = completion.choices[0]!;
  return {
    id: completion.id.replace("chatcmpl", "msg"),
    type: "message",
    role: "assistant",
    model: completion.model,
    system_fingerprint: completion.system_fingerprint,
    content: [{ type: "text", text: message.content }],
    stop_reason: finish_reason === "length" ? "max_tokens" : "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: completion.usage.prompt_tokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: completion.usage.completion_tokens,
    },
  };
}

function chatBodyOf({ model, max_tokens, system, messages, output_config }: MessageBody): ChatBody {
  const name = nameOf(output_config?.format?.schema);
  return {
    model,
    max_completion_tokens: max_tokens,
    messages: [...(system ? [{ role: "system", content: system }] : []), ...messages],
    ...(name ? { response_format: { type: "json_schema", json_schema: { name } } } : {}),
  };
}

/** A schema has no name in this protocol: it is told by its verdicts. */
function nameOf(schema: VerdictSchema | undefined): string | null {
  const { tier, verdict } = schema?.properties ?? {};
  if (tier) return "tier";
  if (!verdict) return null;
  if (verdict.enum?.includes("first")) return "shadow_pair";
  return verdict.enum?.includes("same") ? "cache_pair" : "sufficiency";
}

/** The Message Batches endpoints, in memory: `in_progress` when created and at the first look, ended at the second. Custom ids show
 * in the results alone, which come in another order than the requests. */
export function createMessageBatchStore({ options, stats, bill, faults }: StoreContext) {
  const batches = new Map<string, MessageBatch>();

  const create = (requests: readonly BatchRequest[]): LoopbackReply => {
    if (takeFault(faults, "lostCreations")) return { kind: "drop" };
    const wrong = refusalOf(requests);
    if (wrong !== null) return anthropicError(400, "invalid_request_error", wrong);
    stats.batches += 1;
    const created: MessageBatch = {
      batch: {
        id: `msgbatch_sim_${batches.size + 1}`,
        type: "message_batch",
        processing_status: "in_progress",
        request_counts: { processing: requests.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
        created_at: "2026-03-02T00:00:00Z",
        expires_at: "2026-03-03T00:00:00Z",
        ended_at: null,
        archived_at: null,
        cancel_initiated_at: null,
        results_url: null,
      },
      requests,
      looks: 2,
      results: "",
    };
    batches.set(created.batch.id, created);
    if (takeFault(faults, "lostCreationReplies")) return { kind: "drop" };
    return jsonReply(200, created.batch);
  };

  const look = (entry: MessageBatch, origin: string): MessageBatch["batch"] => {
    if (entry.batch.processing_status !== "ended" && --entry.looks === 0) end(entry, origin);
    return entry.batch;
  };

  const end = (entry: MessageBatch, origin: string): void => {
    const { batch } = entry;
    const requests = shuffled(entry.requests, options.seed);
    const left = unfinishedAs(batch);
    const answered = left === null ? requests : requests.slice(0, left.answered(requests.length));
    const others = requests.slice(answered.length);
    const repeats = faults.isDuplicatingResults ? 2 : 1;
    const lines = [
      ...answered.flatMap((request) => Array<string>(repeats).fill(succeeded(request))),
      ...others.map(({ custom_id }) => `${JSON.stringify({ custom_id, result: left!.result })}\n`),
    ];
    entry.results = lines.join("");
    batch.processing_status = "ended";
    batch.ended_at = "2026-03-02T01:00:00Z";
    batch.results_url = `${origin}/v1/messages/batches/${batch.id}/results`;
    batch.request_counts = {
      ...{ processing: 0, errored: 0, canceled: 0, expired: 0, succeeded: answered.length },
      ...(left === null ? {} : { [left.result.type]: others.length }),
    };
  };

  /** Which of a batch's requests are answered, and what becomes of the others; null when all are. */
  const unfinishedAs = (batch: MessageBatch["batch"]) => {
    const half = (n: number) => Math.floor(n / 2);
    if (batch.cancel_initiated_at !== null) return { answered: half, result: { type: "canceled" } };
    if (takeFault(faults, "expiringBatches")) return { answered: half, result: { type: "expired" } };
    if (takeFault(faults, "failingBatches")) return { answered: () => 0, result: erroredResult };
    return null;
  };

  const succeeded = ({ custom_id, params }: BatchRequest): string => {
    const message = completeMessage(options, params);
    bill(custom_id.split("_").at(-1)!, {
      prompt_tokens: message.usage.input_tokens,
      completion_tokens: message.usage.output_tokens,
    });
    return `${JSON.stringify({ custom_id, result: { type: "succeeded", message } })}\n`;
  };

  return {
    handle(request: IncomingMessage, { url, body }: { url: URL; body: Buffer }): LoopbackReply {
      const [, , , , id, action] = url.pathname.split("/");
      const route = `${request.method} ${id ? "/:id" : ""}${action ? `/${action}` : ""}`;
      const entry = batches.get(id ?? "");
      if (route === "POST ")
        return create((JSON.parse(body.toString("utf8")) as { requests: BatchRequest[] }).requests);
      if (route === "GET ") return jsonReply(200, pageOf([...batches.values()].reverse(), url));
      if (route === "GET /:id" && entry) return jsonReply(200, look(entry, `http://${request.headers.host}`));
      if (route === "POST /:id/cancel" && entry) {
        entry.batch.cancel_initiated_at = "2026-03-02T00:30:00Z";
        entry.batch.processing_status = "canceling";
        return jsonReply(200, entry.batch);
      }
      if (route === "GET /:id/results" && entry?.batch.results_url) {
        const cut = takeFault(faults, "cutDownloads");
        return { kind: "text", text: cut ? entry.results.slice(0, entry.results.length / 2) : entry.results };
      }
      return anthropicError(404, "not_found_error", `${request.method} ${url.pathname}: no such thing here`);
    },
  };
}

const erroredResult = {
  type: "errored",
  error: { type: "error", error: { type: "api_error", message: "failed on purpose" }, request_id: null },
};

/** An error in Anthropic's shape. */
export function anthropicError(
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): LoopbackReply {
  return jsonReply(status, { type: "error", error: { type, message }, request_id: "req_sim" }, headers);
}

function refusalOf(requests: readonly BatchRequest[]): string | null {
  const ids = requests.map(({ custom_id }) => custom_id);
  if (ids.length === 0) return "requests: at least one is needed";
  if (new Set(ids).size < ids.length) return "custom_id must be unique";
  const odd = ids.find((id) => !/^[a-zA-Z0-9_-]{1,64}$/.test(id));
  return odd === undefined ? null : `custom_id ${odd}: 1 to 64 letters, digits, _ or -`;
}

/** A page of batches, newest first, by Anthropic's cursor rules. */
function pageOf(all: readonly MessageBatch[], url: URL): object {
  const after = url.searchParams.get("after_id");
  const start = after ? all.findIndex(({ batch }) => batch.id === after) + 1 : 0;
  const limit = Number(url.searchParams.get("limit") ?? 20);
  const data = all.slice(start, start + limit).map(({ batch }) => batch);
  return {
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < all.length,
  };
}

function shuffled(requests: readonly BatchRequest[], seed: number): BatchRequest[] {
  const key = ({ custom_id }: BatchRequest) => hashUnit(seed, "order", custom_id);
  return [...requests].sort((a, b) => key(a) - key(b));
}
