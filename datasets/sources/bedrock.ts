import { type NormalisedUsage, normaliseUsage } from "../tokens/normalise-usage.js";
import { readConversation } from "./conversation.js";
import { classifyError } from "./error-class.js";
import { finishReason } from "./finish-reason.js";
import {
  asArray,
  asNumber,
  asRecord,
  asRecords,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { type Answer, readAnswer } from "./provider/answer.js";
import { mergeStream } from "./provider/merge-stream.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type Source, unknownDraft } from "./source.js";

/** AWS Bedrock's model invocation log, as delivered to S3 (one object a line) or CloudWatch. Its input count leaves out what
 * the prompt cache read and wrote. Failed calls carry an error code and no counts. */
export const bedrockSource: Source = {
  name: "bedrock",
  title: "AWS Bedrock model invocation log",
  score: scoreRecord,
  explode: explodeEvents,
  map: mapRecord,
};

function scoreRecord(line: unknown): number {
  const [first] = explodeEvents(line);
  const record = asRecord(first);
  if (record === null) return 0;
  if (record.schemaType === "ModelInvocationLog") return 1;
  return "modelId" in record && "operation" in record && "requestId" in record && "timestamp" in record
    ? 0.8
    : 0;
}

/** CloudWatch hands the record over as the text of a log event, alone or in a list. */
function explodeEvents(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null || "schemaType" in record) return [line];
  const events = asArray(firstOf(record, ["logEvents", "events"]));
  if (events !== null && events.length > 0)
    return events.map((event) => unwrapEvent(asRecord(event)) ?? event);
  return [unwrapEvent(record) ?? line];
}

function unwrapEvent(event: JsonRecord | null): JsonRecord | null {
  const message = asRecord(parseEmbedded(firstOf(event, ["message", "@message"])));
  return message !== null && ("schemaType" in message || "modelId" in message) ? message : null;
}

function mapRecord(value: unknown): Mapped {
  const record = asRecord(value);
  if (record === null || scoreRecord(record) === 0) {
    return { kind: "quarantined", reason: "unknown_schema", detail: "no ModelInvocationLog record" };
  }
  const operation = asString(record.operation) ?? "";
  if (!/^(InvokeModel|Converse)/.test(operation)) {
    return { kind: "skipped", reason: "not_an_llm_call", detail: `operation is ${operation || "missing"}` };
  }
  const input = asRecord(record.input);
  const output = asRecord(record.output);
  const body = parseEmbedded(output?.outputBodyJson);
  const answer = readBody(body);
  const { usage, raw } = usageOf(input, output, answer);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const conversation = readConversation(input?.inputBodyJson);
  const hasPrompt = conversation.messages.length > 0 || conversation.system !== null;
  const errorCode = asString(record.errorCode);
  const identity = asString(asRecord(record.identity)?.arn);
  const tags = asRecord(record.requestMetadata);
  const isPartial =
    errorCode !== null && usage !== null && usage.usage.outputText + usage.usage.outputReasoning > 0;
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: asString(record.requestId),
      sessionId: firstString(tags, ["sessionId", "session_id", "conversationId", "conversation_id"]),
      tenant:
        firstString(tags, ["tenant", "tenantId", "tenant_id", "team", "customer"]) ??
        asString(record.accountId),
      user: firstString(tags, ["userId", "user_id", "user"]) ?? identity,
      app: firstString(tags, ["app", "application", "service", "project"]) ?? roleOf(identity),
      endpoint: operation.startsWith("Converse") ? "converse" : "invoke",
      createdAt: readTimestamp(record.timestamp),
      latencyMs: answer.latencyMs,
      ttftMs: answer.ttftMs,
      modelRequested: asString(record.modelId),
      modelServed: servedModel(asString(record.modelId), body, answer),
      provider: "aws",
      prompt: hasPrompt ? { system: conversation.system, messages: conversation.messages } : null,
      promptState: hasPrompt ? "full" : "none",
      tools: conversation.tools,
      output: answer.text,
      usage: usage?.usage ?? null,
      usageRaw: raw,
      status: errorCode === null ? "ok" : isPartial ? "partial" : "error",
      errorClass: errorCode === null ? null : classifyError(statusOfError.get(errorCode) ?? null, errorCode),
      finishReason: finishReason(answer.finishReason),
      isStream: /Stream$/.test(operation),
      serviceTier: answer.serviceTier,
      temperature: conversation.temperature,
      maxTokens: conversation.maxTokens,
      hasJsonSchema: hasPrompt ? conversation.hasJsonSchema : null,
    },
  };
}

/** A streamed InvokeModel is logged as the list of its chunks. */
function readBody(body: unknown): Answer {
  const chunks = asArray(body);
  return chunks === null
    ? readAnswer(body)
    : mergeStream({ events: asRecords(chunks), unreadable: 0, isDone: false });
}

/** The record's own counts; the body adds how long the cache written lives. */
function usageOf(
  input: JsonRecord | null,
  output: JsonRecord | null,
  answer: Answer,
): { usage: NormalisedUsage | null; raw: unknown } {
  const inBody = asRecord(answer.usageRaw) ?? {};
  const inputTokens = asNumber(input?.inputTokenCount);
  const outputTokens = asNumber(output?.outputTokenCount);
  if (inputTokens === null && outputTokens === null) {
    return { usage: normaliseUsage(answer.usageRaw, { provider: "aws" }), raw: answer.usageRaw };
  }
  const raw = {
    inputTokens,
    outputTokens: outputTokens ?? 0,
    cacheReadInputTokens:
      asNumber(input?.cacheReadInputTokenCount) ??
      firstNumber(inBody, ["cacheReadInputTokens", "cache_read_input_tokens"]) ??
      0,
    cacheWriteInputTokens:
      asNumber(input?.cacheWriteInputTokenCount) ??
      firstNumber(inBody, ["cacheWriteInputTokens", "cache_creation_input_tokens"]) ??
      0,
    ...(inBody.cacheDetails !== undefined && { cacheDetails: inBody.cacheDetails }),
    ...(inBody.cache_creation !== undefined && { cache_creation: inBody.cache_creation }),
  };
  return { usage: normaliseUsage(raw, { provider: "aws", convention: "exclusive" }), raw };
}

/** The model behind an id: what an ARN ends in, unless that hides it (application profiles, provisioned and imported models,
 * prompt routers); then what the answer says. */
function servedModel(modelId: string | null, body: unknown, answer: Answer): string | null {
  if (modelId === null) return answer.model;
  const [, kind, name] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(modelId) ?? [];
  if (kind === undefined) return modelId;
  if (kind === "foundation-model" || kind === "inference-profile") return name!;
  const routed = asString(asRecord(asRecord(asRecord(body)?.trace)?.promptRouter)?.invokedModelId);
  return routed === null ? answer.model : servedModel(routed, null, answer);
}

/** Name of the role or user in an IAM or STS ARN. */
function roleOf(arn: string | null): string | null {
  return /:(?:assumed-role|user|role)\/(?:[^/]+\/)*?([^/]+)(?:\/[^/]*)?$/.exec(arn ?? "")?.[1] ?? null;
}

/** HTTP statuses of the service's errors, for their class: the log itself has no status. */
const statusOfError = new Map(
  Object.entries({
    ThrottlingException: 429,
    ServiceQuotaExceededException: 429,
    ModelNotReadyException: 503,
    ModelTimeoutException: 408,
    ModelErrorException: 500,
    ModelStreamErrorException: 500,
    InternalServerException: 500,
    ServiceUnavailableException: 503,
    AccessDeniedException: 403,
    ValidationException: 400,
    ResourceNotFoundException: 404,
  }),
);
