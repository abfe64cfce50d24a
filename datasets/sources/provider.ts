import { Reason } from "../quarantine.js";
import { normaliseUsage } from "../tokens/normalise-usage.js";
import { messageText, readConversation } from "./conversation.js";
import { asBoolean, asNumber, asRecord, asText, firstString, type JsonRecord } from "./json-access.js";
import { otherUsageOf } from "./other-usage.js";
import { readAnswer } from "./provider/answer.js";
import { readEndpoint } from "./provider/endpoint.js";
import { type Envelope, headerOf, isBareAnswer, isRequestBody, readEnvelope } from "./provider/envelope.js";
import { identityOf } from "./provider/exchange-identity.js";
import { gatewayOf, modelsOf, providerOf } from "./provider/exchange-model.js";
import { outcomeOf } from "./provider/exchange-outcome.js";
import { mergeStream, type StreamedAnswer } from "./provider/merge-stream.js";
import { readStreamEvents } from "./provider/stream-events.js";
import { latencyOf, timeOf, ttftOf } from "./provider/timing.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Raw provider traffic as home-made proxies and SDK middleware log it: one exchange a line, request and response as JSON or
 * text under whatever names, streams as they came over the wire; also batch results and bare response bodies. Reads OpenAI (chat,
 * completions, responses, embeddings) and its dialects, Anthropic, Gemini, Bedrock, Cohere and Ollama. */
export const providerSource: Source = {
  name: "provider",
  title: "Raw provider requests and responses (proxy or SDK logs, batch results, bare responses)",
  score,
  map,
};

function score(line: unknown): number {
  const record = asRecord(line);
  if (record === null) return 0;
  if (isBareAnswer(record)) return 0.9;
  const envelope = readEnvelope(record);
  // Batch files have sources of their own, which find the prompts too.
  if (envelope.isBatch) return 0.4;
  const isLlmPath = envelope.path !== null && readEndpoint(envelope.path).kind === "llm";
  const hasRequest = isRequestBody(asRecord(envelope.request));
  const hasAnswer = envelope.response !== null && readResponse(envelope.response).isAnswer;
  if (hasRequest && hasAnswer) return isLlmPath ? 0.9 : 0.7;
  if (isLlmPath) return hasRequest || hasAnswer || envelope.method !== null ? 0.8 : 0.3;
  const isFailure =
    hasRequest && envelope.request !== record && (envelope.error ?? envelope.httpStatus) !== null;
  if (hasAnswer || isFailure) return 0.5;
  return envelope.path !== null && envelope.method !== null ? 0.4 : 0;
}

function map(record: unknown): Mapped {
  const line = asRecord(record);
  if (line === null)
    return { kind: "quarantined", reason: Reason.unknown_schema, detail: "the line is not a JSON object" };
  const envelope = readEnvelope(line);
  const other = notAnLlmCall(envelope);
  if (other !== null) return { kind: "skipped", reason: Reason.not_an_llm_call, detail: other };
  const hasFailed = envelope.error !== null || (envelope.httpStatus ?? 200) >= 400;
  if (envelope.response === null && !hasFailed) {
    return isRequestBody(asRecord(envelope.request))
      ? { kind: "skipped", reason: Reason.empty_record, detail: "a request without its response" }
      : { kind: "quarantined", reason: Reason.unknown_schema, detail: "no response body under a known name" };
  }
  const answer = readResponse(envelope.response);
  if (!answer.isAnswer && answer.error === null && !hasFailed) return explainNoAnswer(envelope);
  return buildRow(envelope, answer);
}

type ResponseAnswer = StreamedAnswer & { isStream: boolean };

function readResponse(response: unknown): ResponseAnswer {
  const events = readStreamEvents(response);
  if (events === null) return { ...readAnswer(response), isStream: false, isComplete: true };
  return { ...mergeStream(events), isStream: true };
}

function notAnLlmCall({ method, path, request, response }: Envelope): string | null {
  if (method !== null && !/^(post|put)$/i.test(method)) return `${method.toUpperCase()} ${path ?? ""}`.trim();
  const endpoint = path === null ? { kind: "unknown" as const } : readEndpoint(path);
  if (endpoint.kind === "other") return `${endpoint.what}: ${path}`;
  if (endpoint.kind === "llm")
    return endpoint.endpoint === "predictions" && isPending(response)
      ? "an asynchronous prediction before its answer"
      : null;
  if (path === null || isRequestBody(asRecord(request)) || readResponse(response).isAnswer) return null;
  return `unknown operation: ${path}`;
}

/** A job that has been taken on; its answer is fetched by a later call. */
function isPending(response: unknown): boolean {
  return /^(starting|queued|in_progress|processing)$/.test(asText(asRecord(response)?.status));
}

function explainNoAnswer({ response, path }: Envelope): Mapped {
  if (isPending(response))
    return { kind: "skipped", reason: Reason.not_an_llm_call, detail: "a job before its answer" };
  if (typeof response === "string") {
    const start = response.slice(0, 40).replace(/\s+/g, " ");
    return {
      kind: "quarantined",
      reason: Reason.undecodable_body,
      detail: `the response is neither JSON nor a known stream: ${JSON.stringify(start)}`,
    };
  }
  return {
    kind: "quarantined",
    reason: Reason.unknown_schema,
    detail: `the response is no known answer${path === null ? "" : `: ${path}`}`,
  };
}

function buildRow(envelope: Envelope, answer: ResponseAnswer): Mapped {
  const request = asRecord(envelope.request);
  const isStream =
    answer.isStream || asBoolean(request?.stream) === true || /stream/i.test(envelope.path ?? "");
  const latencyMs = latencyOf(envelope, isStream) ?? answer.latencyMs;
  if (latencyMs !== null && latencyMs < 0)
    return { kind: "quarantined", reason: Reason.bad_latency, detail: `latency is ${latencyMs} ms` };
  const createdAt = timeOf(envelope, answer.createdAt, latencyMs);
  if (createdAt === null)
    return {
      kind: "quarantined",
      reason: Reason.missing_time,
      detail: "no time in the line, its headers or its bodies",
    };
  const models = modelsOf(envelope, request, answer);
  if (models.requested === null && models.served === null) {
    return {
      kind: "quarantined",
      reason: Reason.missing_model,
      detail: "no model in the line, its path or its bodies",
    };
  }
  const provider = providerOf(envelope, answer, (models.served ?? models.requested)!);
  const usageRaw = answer.usageRaw ?? usageOfHeaders(envelope.responseHeaders);
  const usage = normaliseUsage(usageRaw, { provider });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const conversation = readConversation(envelope.request);
  const hasPrompt = conversation.messages.length > 0 || conversation.system !== null;
  const draft: RequestDraft = {
    ...unknownDraft,
    ...identityOf(envelope, request, answer),
    endpoint: endpointOf(envelope),
    createdAt,
    latencyMs,
    ttftMs: ttftOf(envelope) ?? answer.ttftMs,
    modelRequested: models.requested,
    modelServed: models.served,
    provider,
    gateway: gatewayOf(envelope),
    prompt: hasPrompt ? { system: conversation.system, messages: conversation.messages } : null,
    promptState: hasPrompt
      ? promptStateOf(conversation.messages.map((message) => messageText(message.content)))
      : "none",
    tools: conversation.tools,
    output: answer.text,
    usage: usage?.usage ?? null,
    usageRaw,
    otherUsage: otherUsageOf(usageRaw, models.served ?? models.requested),
    ...outcomeOf(envelope, answer),
    isStream,
    serviceTier: answer.serviceTier ?? firstString(request, ["service_tier", "serviceTier"]),
    isBatch: envelope.isBatch || answer.serviceTier === "batch",
    temperature: conversation.temperature,
    maxTokens: conversation.maxTokens,
    hasJsonSchema: request === null ? null : conversation.hasJsonSchema,
    costReportedUsd: asNumber(asRecord(usageRaw)?.cost),
  };
  return { kind: "row", draft };
}

function endpointOf({ path, response }: Envelope): string | null {
  const endpoint = path === null ? null : readEndpoint(path);
  if (endpoint?.kind === "llm") return endpoint.endpoint;
  const body = asRecord(response);
  if (body === null) return null;
  if (/^(chat\.completion|response)$/.test(asText(body.object)))
    return body.object === "response" ? "responses" : "chat";
  if (body.object === "text_completion") return "completions";
  if (body.type === "message") return "messages";
  if ("candidates" in body) return "generate_content";
  return body.object === "list" ? "embeddings" : null;
}

/** Bedrock counts in headers what some models' bodies leave out. */
function usageOfHeaders(headers: JsonRecord | null): unknown {
  const input = asNumber(headerOf(headers, "x-amzn-bedrock-input-token-count"));
  const output = asNumber(headerOf(headers, "x-amzn-bedrock-output-token-count"));
  return input === null && output === null ? null : { inputTokenCount: input, outputTokenCount: output };
}

function promptStateOf(texts: string[]): RequestDraft["promptState"] {
  const written = texts.filter((text) => text !== "");
  if (
    written.length > 0 &&
    written.every((text) => /^\W*(redacted(-by-\w+)?|masked|hidden|\*+)\W*$/i.test(text))
  )
    return "redacted";
  return written.some((text) => /(\[|\(|<|\.\.\.\s*)truncated[^\n]{0,40}$/i.test(text.slice(-80)))
    ? "truncated"
    : "full";
}
