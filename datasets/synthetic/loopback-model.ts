import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hashUnit } from "./hash-unit.js";
import { countTokens, hashId, type SyntheticWorld } from "./traffic.js";

/** A model of the synthetic world behind an HTTP server: what it answers, how long it takes, how often it fails. */
export interface LoopbackModelOptions {
  world: SyntheticWorld;
  /** Model whose planted answers are given, whatever model a call names. */
  model: string;
  /** Median milliseconds to the last token, and the standard deviation of its logarithm. */
  medianMs: number;
  sigma: number;
  /** Share of prompts that are answered with 500, and with a refusal. */
  errorShare?: number;
  refusalShare?: number;
  seed: number;
  /** 0 or absent = any free port. */
  port?: number;
}

/** A running model, and what it was asked. */
export interface LoopbackModel {
  /** Base URL for an OpenAI client. */
  url: string;
  stats: { calls: number; failed: number; refused: number };
  close(): Promise<void>;
}

/** Start a server on 127.0.0.1 that speaks OpenAI's chat completions, plain and streamed, and answers as a model of the synthetic world would.
 * Latency, failures and refusals follow from the prompt and the seed, so that a run has a known truth. Every answer says that it is simulated. */
export async function startLoopbackModel(options: LoopbackModelOptions): Promise<LoopbackModel> {
  const stats = { calls: 0, failed: 0, refused: 0 };
  const server = createServer((request, response) => {
    answer(options, stats, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stats,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What is planted for one prompt: the same for every call. */
export function plantedCall(
  { model, medianMs, sigma, errorShare = 0, refusalShare = 0, seed }: Omit<LoopbackModelOptions, "world">,
  userText: string,
): { latencyMs: number; isFailed: boolean; isRefused: boolean } {
  const unit = (what: string) => hashUnit(seed, what, model, userText);
  const normal = Math.sqrt(-2 * Math.log(1 - unit("radius"))) * Math.cos(2 * Math.PI * unit("angle"));
  return {
    latencyMs: medianMs * Math.exp(sigma * normal),
    isFailed: unit("error") < errorShare,
    isRefused: unit("refusal") < refusalShare,
  };
}

interface ChatCall {
  model: string;
  messages: Array<{ role: string; content: string }>;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
}

async function answer(
  options: LoopbackModelOptions,
  stats: LoopbackModel["stats"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ChatCall;
  const userText = call.messages.findLast(({ role }) => role === "user")?.content ?? "";
  const planted = plantedCall(options, userText);
  stats.calls += 1;
  if (planted.isFailed) {
    stats.failed += 1;
    send(response, 500, { error: { message: "planted failure", type: "server_error", code: null } });
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, planted.latencyMs));
  if (planted.isRefused) stats.refused += 1;
  const text =
    options.world.answerOf(userText, options.model) ?? "Simulated: I have no planted answer to this.";
  const completion = completionOf(options, call, planted.isRefused ? null : text);
  if (call.stream === true) stream(response, completion, call.stream_options?.include_usage === true);
  else send(response, 200, completion);
}

/** What a refused call says. */
export const loopbackRefusal = "I can't help with that.";

/** @param text null = a refusal */
function completionOf({ model, seed }: LoopbackModelOptions, call: ChatCall, text: string | null) {
  const prompt_tokens = call.messages.reduce((sum, { content }) => sum + countTokens(content), 0);
  const completion_tokens = countTokens(text ?? loopbackRefusal);
  return {
    id: `chatcmpl-sim-${hashId(20, seed, model, JSON.stringify(call.messages))}`,
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    system_fingerprint: "simulated-model",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: text === null ? loopbackRefusal : null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

const mark = { "x-signalbox-simulated": "1" };

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", ...mark });
  response.end(JSON.stringify(body));
}

function stream(
  response: ServerResponse,
  { usage, choices, ...head }: ReturnType<typeof completionOf>,
  withUsage: boolean,
): void {
  response.writeHead(200, { "content-type": "text/event-stream", ...mark });
  const chunk = (body: object) =>
    response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...body })}\n\n`);
  const { content, refusal } = choices[0]!.message;
  const delta = (part: object, finish_reason: string | null) =>
    chunk({ choices: [{ index: 0, delta: part, finish_reason }] });
  delta({ role: "assistant", content: "" }, null);
  if (content === null) delta({ refusal }, null);
  else for (const word of content.split(/(?<= )/)) delta({ content: word }, null);
  delta({}, "stop");
  if (withUsage) chunk({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}
