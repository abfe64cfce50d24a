import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { hashUnit } from "./hash-unit.js";
import {
  anthropicError,
  completeMessage,
  createMessageBatchStore,
  type MessageBody,
} from "./loopback-anthropic.js";
import { createBatchStore } from "./loopback-batches.js";
import { type ChatBody, completeChat } from "./loopback-chat.js";
import { errorReply, jsonReply, type LoopbackReply, sendReply } from "./loopback-reply.js";
import type { JudgeSkill } from "./simulated-judge.js";

/** What the server does wrong on purpose. Shares pick calls by a hash of their content, so that a run is repeatable. */
export interface LoopbackFaults {
  /** Share of chat calls that are refused once with 429 and a retry-after. */
  rateLimitShare?: number;
  /** Share of chat calls that fail once with 500. */
  serverErrorShare?: number;
  /** Share of chat calls that are refused for good with 400. */
  badRequestShare?: number;
  /** Share of verdicts that are not the JSON that was demanded. */
  malformedShare?: number;
  /** Share of answers that are cut with finish_reason "length". */
  truncatedShare?: number;
  /** Verdicts that have less room than this are cut: the judge thinks aloud. */
  wordyVerdictTokens?: number;
  /** Every result line of a batch comes twice. */
  isDuplicatingResults?: boolean;
  /** This many batches (the first ones) expire with half of their results. */
  expiringBatches?: number;
  /** This many batches (the first ones) complete with all requests failed and output_file_id null. */
  failingBatches?: number;
  /** This many batch creations (the first ones) are dropped before they take effect. */
  lostCreations?: number;
  /** This many batch creations (the first ones) take effect, but the answer is lost. */
  lostCreationReplies?: number;
  /** This many downloads of results (the first ones) break off in the middle of a line. */
  cutDownloads?: number;
}

/** How well the simulated judge judges, and what goes wrong with its server. */
export interface LoopbackOptions extends JudgeSkill {
  faults?: LoopbackFaults;
  /** Called for every request before it is answered; the answer waits for the promise. */
  onRequest?: (method: string, path: string, body: string) => void | Promise<void>;
}

/** What the server saw and would have billed. */
export interface LoopbackStats {
  requests: number;
  chatCalls: number;
  uploads: number;
  batches: number;
  inputTokens: number;
  outputTokens: number;
  /** How often each call was answered with tokens that cost money, by idempotency key (custom_id in a batch). */
  paid: Map<string, number>;
}

/** A running loopback endpoint, and what it was asked. */
export interface LoopbackJudge {
  /** Base URL for the OpenAI SDK; the Anthropic SDK wants it without /v1. */
  url: string;
  stats: LoopbackStats;
  close(): Promise<void>;
}

/** Start a server on 127.0.0.1 that speaks the OpenAI protocol (chat completions, files, batches) and Anthropic's (messages, message
 * batches), and simulates both the judge and the candidate models from a synthetic world. It says so in every answer: system_fingerprint "simulated-judge" and the
 * header x-signalbox-simulated. For tests and the demo; nothing it says is about a real model. */
export async function startLoopbackJudge(options: LoopbackOptions): Promise<LoopbackJudge> {
  const stats: LoopbackStats = {
    requests: 0,
    chatCalls: 0,
    uploads: 0,
    batches: 0,
    inputTokens: 0,
    outputTokens: 0,
    paid: new Map(),
  };
  const handle = createHandler(options, stats);
  const server = createServer((request, response) => {
    handle(request)
      .catch((error: unknown) => errorReply(500, "server_error", String(error)))
      .then((reply) => sendReply(response, reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stats,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function createHandler(options: LoopbackOptions, stats: LoopbackStats) {
  const faults = options.faults ?? {};
  const bill = (key: string, usage: { prompt_tokens: number; completion_tokens: number }): void => {
    stats.paid.set(key, (stats.paid.get(key) ?? 0) + 1);
    stats.inputTokens += usage.prompt_tokens;
    stats.outputTokens += usage.completion_tokens;
  };
  const context = { options, stats, bill, faults: { ...faults } };
  const store = createBatchStore(context);
  const messageBatches = createMessageBatchStore(context);
  const refusedOnce = new Set<string>();

  return async (request: IncomingMessage): Promise<LoopbackReply> => {
    stats.requests += 1;
    const url = new URL(request.url ?? "/", "http://loopback");
    const path = url.pathname.replace(/^\/v1/, "");
    const body = await readBody(request);
    const text = body.toString("utf8");
    await options.onRequest?.(request.method ?? "GET", path, text);
    if (path.startsWith("/messages/batches")) return messageBatches.handle(request, { url, body });
    const isMessage = path === "/messages";
    if (!isMessage && path !== "/chat/completions") return store.handle(request, { path, url, body });
    const refuse = isMessage ? anthropicError : errorReply;
    stats.chatCalls += 1;
    const fails = (share = 0, name: string) => share > 0 && hashUnit(options.seed, name, text) < share;
    if (fails(faults.badRequestShare, "400")) {
      return refuse(400, "invalid_request_error", "refused on purpose");
    }
    if (fails(faults.rateLimitShare, "429") && isFirst(refusedOnce, `429${text}`)) {
      const headers = { "retry-after-ms": "5", "retry-after": "1" };
      return refuse(429, "rate_limit_exceeded", "Rate limit reached for requests", headers);
    }
    if (fails(faults.serverErrorShare, "500") && isFirst(refusedOnce, `500${text}`)) {
      return refuse(500, "server_error", "The server had an error", { "retry-after-ms": "5" });
    }
    const key = String(request.headers["idempotency-key"] ?? text);
    if (isMessage) {
      const message = completeMessage(options, JSON.parse(text) as MessageBody);
      const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = message.usage;
      bill(key, { prompt_tokens, completion_tokens });
      return jsonReply(200, message);
    }
    const completion = completeChat(options, JSON.parse(text) as ChatBody);
    bill(key, completion.usage);
    return jsonReply(200, completion);
  };
}

/** True on the first call with this key. */
function isFirst(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
