import { classifyError } from "./error-class.js";
import { finishReason } from "./finish-reason.js";
import {
  asArray,
  asBoolean,
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstOf,
  firstString,
  parseEmbedded,
} from "./json-access.js";
import { type Attributes, decodeNanos } from "./otlp/attributes.js";
import { aiOperation, classifySpan } from "./otlp/classify-span.js";
import {
  explodeExport,
  isConsoleSpan,
  isErrorStatus,
  isSpanRecord,
  type SpanRecord,
} from "./otlp/explode-export.js";
import { contentOf, finishReasonOf } from "./otlp/span-content.js";
import { modelsOf, providerOf } from "./otlp/span-model.js";
import { costOf, usageOf } from "./otlp/span-usage.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type Source, unknownDraft } from "./source.js";

/** OpenTelemetry traces (and GenAI log events) as OTLP/JSON, one export a line, as the collector's file exporter writes them; also
 * spans printed by console exporters. Understands the attributes of the GenAI conventions past and present, Vercel's AI SDK,
 * OpenLLMetry, OpenInference, Pydantic AI and Logfire, Langfuse, Genkit, Google's ADK and LiveKit. */
export const otlpSource: Source = {
  name: "otlp",
  title: "OpenTelemetry spans (OTLP JSON, gen_ai.* and its dialects)",
  score: scoreExport,
  explode: explodeExport,
  map: mapRecord,
};

const exportKeys = [
  "resourceSpans",
  "resource_spans",
  "resourceLogs",
  "resource_logs",
  "resourceMetrics",
  "resource_metrics",
];

function scoreExport(line: unknown): number {
  const record = asRecord(line);
  if (record === null) return 0;
  if (exportKeys.some((key) => Array.isArray(record[key]))) return 1;
  return isConsoleSpan(record) ? 0.8 : 0;
}

function mapRecord(record: unknown): Mapped {
  if (isSpanRecord(record)) return mapSpan(record);
  const [first, ...more] = explodeExport(record);
  if (isSpanRecord(first) && more.length === 0) return mapSpan(first);
  if (scoreExport(record) === 0)
    return { kind: "quarantined", reason: "unknown_schema", detail: "neither an OTLP export nor a span" };
  return { kind: "skipped", reason: "empty_record", detail: "an export without spans or log records" };
}

function mapSpan(span: SpanRecord): Mapped {
  const label = `span ${JSON.stringify(span.name.slice(0, 80))}`;
  if (span.superseded === "not_a_leaf_span")
    return skipped("not_a_leaf_span", `${label} repeats the call of a span inside it`);
  if (span.superseded !== null)
    return skipped("not_an_llm_call", `${label} details the call of the span around it`);
  const spanClass = classifySpan(span);
  if (spanClass === "parent")
    return skipped("not_a_leaf_span", `${label} is around model calls, not one itself`);
  if (spanClass === "other") return skipped("not_an_llm_call", `${label} says nothing of a model call`);
  return mapCall(span);
}

function skipped(reason: "not_a_leaf_span" | "not_an_llm_call", detail: string): Mapped {
  return { kind: "skipped", reason, detail };
}

function mapCall(span: SpanRecord): Mapped {
  const { attributes, resource } = span;
  const { provider, gateway } = providerOf(span);
  const { usage, raw } = usageOf(span, provider);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const models = modelsOf(span);
  const content = contentOf(span);
  const createdAt = timeOf(span.start);
  const endedAt = timeOf(span.end);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id:
        span.traceId !== null && span.spanId !== null
          ? `${span.traceId}-${span.spanId}`
          : firstString(attributes, ["gen_ai.response.id"]),
      sessionId: firstString(attributes, sessionNames) ?? span.traceId,
      tenant: firstString(attributes, tenantNames) ?? firstString(resource, tenantNames),
      user: firstString(attributes, userNames),
      app: appOf(resource, attributes),
      endpoint: endpointOf(span),
      createdAt,
      latencyMs: createdAt === null || endedAt === null ? null : (endedAt - createdAt) / 1000,
      ttftMs: ttftOf(attributes, createdAt),
      // A bare `model` is too common a name to make a span a call, but it names the model of one.
      modelRequested:
        models.requested ?? (models.served === null ? firstString(attributes, ["model"]) : null),
      modelServed: models.served,
      provider,
      gateway,
      ...content,
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: costOf(span),
      ...statusOf(span),
      finishReason: finishReason(finishReasonOf(span)),
      isStream: streamOf(span),
      serviceTier: firstString(attributes, [
        "gen_ai.openai.response.service_tier",
        "openai.response.service_tier",
        "gen_ai.response.service_tier",
        "gen_ai.openai.request.service_tier",
      ]),
      temperature: setting(
        attributes,
        ["gen_ai.request.temperature", "ai.settings.temperature", "llm.request.temperature"],
        ["temperature"],
      ),
      maxTokens: positive(
        setting(
          attributes,
          [
            "gen_ai.request.max_tokens",
            "ai.settings.maxOutputTokens",
            "ai.settings.maxTokens",
            "llm.request.max_tokens",
          ],
          ["max_tokens", "max_output_tokens", "max_completion_tokens"],
        ),
      ),
      hasJsonSchema: wantsJson(span),
    },
  };
}

const sessionNames = [
  "gen_ai.conversation.id",
  "session.id",
  "langfuse.session.id",
  "ai.telemetry.metadata.sessionId",
  "traceloop.association.properties.session_id",
  "traceloop.association.properties.thread_id",
  "langfuse.trace.metadata.langfuse_session_id",
  "thread.id",
  "thread_id",
];

const userNames = [
  "user.id",
  "enduser.id",
  "langfuse.user.id",
  "gen_ai.request.user",
  "ai.telemetry.metadata.userId",
  "traceloop.association.properties.user_id",
  "langfuse.trace.metadata.langfuse_user_id",
  "llm.user",
];

const tenantNames = [
  "tenant.id",
  "tenant",
  "organization.id",
  "org.id",
  "customer.id",
  "team.id",
  "traceloop.association.properties.tenant_id",
  "ai.telemetry.metadata.tenantId",
];

/** OTLP means nanoseconds whatever the number; console exporters print ISO times or [seconds, nanoseconds]. */
function timeOf(value: unknown): number | null {
  const pair = asArray(value);
  if (pair !== null) return readTimestamp((asNumber(pair[0]) ?? Number.NaN) + (asNumber(pair[1]) ?? 0) / 1e9);
  return typeof value === "string" && !/^\d+$/.test(value) ? readTimestamp(value) : decodeNanos(value);
}

function appOf(resource: Attributes, attributes: Attributes): string | null {
  const service = firstString(resource, ["service.name"]);
  if (service !== null && !/^(unknown_service|default$)/.test(service)) return service;
  return (
    firstString(attributes, ["gen_ai.application_name", "ai.telemetry.functionId", "gen_ai.agent.name"]) ??
    service
  );
}

function endpointOf(span: SpanRecord): string | null {
  const stated = firstString(span.attributes, ["gen_ai.operation.name", "llm.request.type"]);
  const kind = firstString(span.attributes, ["openinference.span.kind"])?.toUpperCase();
  const name = stated ?? (kind === "EMBEDDING" ? "embeddings" : null) ?? aiOperation(span);
  if (name === null)
    return kind === "LLM" ||
      firstOf(span.attributes, ["gen_ai.request.model", "gen_ai.response.model"]) !== undefined
      ? "chat"
      : null;
  if (/embed/i.test(name)) return "embeddings";
  return /^(ai\.|chat|generate|completion$)/.test(name) ? "chat" : name;
}

function ttftOf(attributes: Attributes, createdAt: number | null): number | null {
  const seconds = firstNumber(attributes, [
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.server.time_to_first_token",
    "gen_ai.response.time_to_first_token",
  ]);
  if (seconds !== null) return seconds * 1000;
  const ms = firstNumber(attributes, ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"]);
  if (ms !== null) return ms;
  const first = readTimestamp(parseEmbedded(attributes["langfuse.observation.completion_start_time"]));
  return first === null || createdAt === null || first < createdAt ? null : (first - createdAt) / 1000;
}

function statusOf(span: SpanRecord): {
  status: "ok" | "error";
  httpStatus: number | null;
  errorClass: string | null;
} {
  const { attributes, status } = span;
  const http = firstNumber(attributes, ["http.response.status_code", "http.status_code"]);
  const type = firstString(attributes, ["error.type", "exception.type"]);
  const httpStatus = http ?? (type !== null && /^[1-5]\d\d$/.test(type) ? Number(type) : null);
  const isError =
    (status !== null && isErrorStatus(status)) ||
    type !== null ||
    firstString(attributes, ["langfuse.observation.level"]) === "ERROR";
  if (!isError) return { status: "ok", httpStatus, errorClass: null };
  const exception = span.events.find(({ name }) => name === "exception")?.attributes;
  const words = [
    type,
    asString(exception?.["exception.type"]),
    asString(exception?.["exception.message"]),
    asString(status?.message),
    asString(status?.description),
  ];
  return {
    status: "error",
    httpStatus,
    errorClass: classifyError(httpStatus, words.filter((word) => word !== null).join(": ")),
  };
}

function streamOf(span: SpanRecord): boolean | null {
  const stated = asBoolean(
    firstOf(span.attributes, ["gen_ai.request.stream", "gen_ai.request.is_stream", "llm.is_streaming"]),
  );
  if (stated !== null) return stated;
  const operation = aiOperation(span);
  return operation === null
    ? null
    : /doStream$/.test(operation)
      ? true
      : /doGenerate$/.test(operation)
        ? false
        : null;
}

/** A call setting from its own attribute, or from the invocation parameters as JSON. */
function setting(attributes: Attributes, names: string[], parameters: string[]): number | null {
  const own = firstNumber(attributes, names);
  if (own !== null) return own;
  const given = firstOf(attributes, [
    "llm.invocation_parameters",
    "langfuse.observation.model_parameters",
    "model_config",
  ]);
  return firstNumber(asRecord(parseEmbedded(given)), parameters);
}

/** An unset cap shows as -1. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function wantsJson(span: SpanRecord): boolean | null {
  const type = firstString(span.attributes, ["gen_ai.output.type", "gen_ai.request.response_format"]);
  if (type !== null) return type.startsWith("json");
  if (
    firstOf(span.attributes, [
      "ai.schema",
      "llm.request.structured_output_schema",
      "gen_ai.request.structured_output_schema",
    ]) !== undefined
  )
    return true;
  return /Object\.do/.test(aiOperation(span) ?? "") ? true : null;
}
