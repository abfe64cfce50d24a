import type { IncomingMessage } from "node:http";
import { hashUnit } from "./hash-unit.js";
import { type ChatBody, completeChat } from "./loopback-chat.js";
import { errorReply, jsonReply, type LoopbackReply, type StoreContext, takeFault } from "./loopback-reply.js";
import type { LoopbackOptions } from "./loopback-server.js";

interface Call {
  path: string;
  url: URL;
  body: Buffer;
}

interface InputLine {
  custom_id: string;
  method: string;
  url: string;
  body: ChatBody;
}

type BatchStatus = "validating" | "in_progress" | "completed" | "expired" | "cancelling" | "cancelled";

interface Batch {
  id: string;
  object: "batch";
  endpoint: string;
  input_file_id: string;
  completion_window: string;
  created_at: number;
  status: BatchStatus;
  output_file_id: string | null;
  error_file_id: string | null;
  metadata: Record<string, string> | null;
  request_counts: { total: number; completed: number; failed: number };
}

/** The Files and Batch endpoints, in memory. A batch is `validating` when created, `in_progress` at the first look and final
 * at the second. Results come in another order than the requests. */
export function createBatchStore({ options, stats, bill, faults }: StoreContext) {
  const files = new Map<string, string>();
  const batches = new Map<string, Batch>();

  const addFile = (text: string): string => {
    const id = `file-sim-${files.size + 1}`;
    files.set(id, text);
    return id;
  };

  const upload = (request: IncomingMessage, body: Buffer): LoopbackReply => {
    stats.uploads += 1;
    const parts = readMultipart(request.headers["content-type"] ?? "", body);
    const text = parts.file;
    if (parts.purpose !== "batch" || text === undefined) {
      return errorReply(400, "invalid_request_error", "purpose must be batch, with a file");
    }
    const id = addFile(text);
    return jsonReply(200, {
      id,
      object: "file",
      bytes: text.length,
      created_at: createdAt,
      filename: "batch.jsonl",
      purpose: "batch",
    });
  };

  const create = (body: Buffer): LoopbackReply => {
    if (takeFault(faults, "lostCreations")) return { kind: "drop" };
    const { input_file_id, endpoint, completion_window, metadata } = JSON.parse(
      body.toString("utf8"),
    ) as Batch;
    if (!files.has(input_file_id))
      return errorReply(400, "invalid_request_error", `no such file: ${input_file_id}`);
    stats.batches += 1;
    const total = inputLines(files.get(input_file_id)!).length;
    const batch: Batch = {
      id: `batch_sim_${batches.size + 1}`,
      object: "batch",
      endpoint,
      input_file_id,
      completion_window,
      created_at: createdAt,
      status: "validating",
      output_file_id: null,
      error_file_id: null,
      metadata: metadata ?? null,
      request_counts: { total, completed: 0, failed: 0 },
    };
    batches.set(batch.id, batch);
    if (takeFault(faults, "lostCreationReplies")) return { kind: "drop" };
    return jsonReply(200, batch);
  };

  const advance = (batch: Batch): Batch => {
    if (batch.status === "validating") batch.status = "in_progress";
    else if (batch.status === "in_progress" || batch.status === "cancelling") finish(batch);
    return batch;
  };

  const finish = (batch: Batch): void => {
    const lines = shuffled(inputLines(files.get(batch.input_file_id)!), options.seed);
    const isCancelled = batch.status === "cancelling";
    const isExpiring = !isCancelled && takeFault(faults, "expiringBatches");
    const isFailing = !isCancelled && !isExpiring && takeFault(faults, "failingBatches");
    const isHalf = isCancelled || isExpiring;
    const answered = isFailing ? [] : isHalf ? lines.slice(0, Math.floor(lines.length / 2)) : lines;
    const failed = lines.slice(answered.length);
    const repeats = faults.isDuplicatingResults ? 2 : 1;
    const output = answered.flatMap((line) => Array<string>(repeats).fill(outputLine(line, options, bill)));
    const errors = isCancelled ? [] : failed.map((line) => errorLine(line, isExpiring));
    batch.output_file_id = output.length > 0 ? addFile(output.join("")) : null;
    batch.error_file_id = errors.length > 0 ? addFile(errors.join("")) : null;
    batch.status = isCancelled ? "cancelled" : isExpiring ? "expired" : "completed";
    batch.request_counts = { total: lines.length, completed: answered.length, failed: failed.length };
  };

  return {
    handle(request: IncomingMessage, { path, url, body }: Call): LoopbackReply {
      const [, resource, id, action] = path.split("/");
      const route = `${request.method} /${resource}${id ? "/:id" : ""}${action ? `/${action}` : ""}`;
      const batch = batches.get(id ?? "");
      const file = files.get(id ?? "");
      if (route === "POST /files") return upload(request, body);
      if (route === "GET /files/:id/content" && file !== undefined)
        return {
          kind: "text",
          text: takeFault(faults, "cutDownloads") ? file.slice(0, file.length / 2) : file,
        };
      if (route === "POST /batches") return create(body);
      if (route === "GET /batches") return jsonReply(200, pageOf([...batches.values()].reverse(), url));
      if (route === "GET /batches/:id" && batch) return jsonReply(200, advance(batch));
      if (route === "POST /batches/:id/cancel" && batch)
        return jsonReply(200, Object.assign(batch, { status: "cancelling" }));
      return errorReply(404, "not_found", `${request.method} ${path}: no such thing here`);
    },
  };
}

/** A page of batches, newest first, by OpenAI's cursor rules. */
function pageOf(all: readonly Batch[], url: URL): object {
  const after = url.searchParams.get("after");
  const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const limit = Number(url.searchParams.get("limit") ?? 20);
  const data = all.slice(start, start + limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < all.length,
  };
}

function outputLine(line: InputLine, options: LoopbackOptions, bill: StoreContext["bill"]): string {
  const completion = completeChat(options, line.body);
  bill(line.custom_id, completion.usage);
  const response = { status_code: 200, request_id: `req_${completion.id}`, body: completion };
  return `${JSON.stringify({ id: `batch_req_${line.custom_id.slice(0, 12)}`, custom_id: line.custom_id, response, error: null })}\n`;
}

function errorLine(line: InputLine, isExpired: boolean): string {
  const failure = isExpired
    ? {
        response: null,
        error: {
          code: "batch_expired",
          message: "This request could not be executed before the completion window expired.",
        },
      }
    : {
        response: {
          status_code: 500,
          request_id: "req_failed",
          body: { error: { message: "failed on purpose" } },
        },
        error: null,
      };
  return `${JSON.stringify({ id: `batch_req_${line.custom_id.slice(0, 12)}`, custom_id: line.custom_id, ...failure })}\n`;
}

function inputLines(text: string): InputLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as InputLine);
}

function shuffled(lines: readonly InputLine[], seed: number): InputLine[] {
  const key = (line: InputLine) => hashUnit(seed, "order", line.custom_id);
  return [...lines].sort((a, b) => key(a) - key(b));
}

/** Fields of a multipart/form-data body by name, as text. */
function readMultipart(contentType: string, body: Buffer): Record<string, string> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!boundary) return {};
  const parts = body.toString("utf8").split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head, ...rest] = part.split("\r\n\r\n");
      return [/name="([^"]+)"/.exec(head!)?.[1] ?? "", rest.join("\r\n\r\n").replace(/\r\n$/, "")];
    }),
  );
}

const createdAt = 1_700_000_000;
