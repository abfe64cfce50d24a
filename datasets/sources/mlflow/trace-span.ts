import { canonicalProvider } from "../../prices/provider-names.js";
import { classifyError } from "../error-class.js";
import { finishReason } from "../finish-reason.js";
import {
  asNumber,
  asRecord,
  asRecords,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "../json-access.js";
import { readLoggedContent } from "../logged-content.js";
import { decodeNanos } from "../otlp/attributes.js";
import { readAnswer } from "../provider/answer.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, type RequestDraft, unknownDraft } from "../source.js";
import { usageOf } from "./span-usage.js";

/** A span with what its trace says. */
export interface TraceSpan {
  span: JsonRecord;
  /** Version 2 keeps the ids apart; version 3 has them in the span. */
  context: JsonRecord;
  attributes: JsonRecord;
  info: JsonRecord;
}

const known = new WeakSet<object>();

/** Read a span of one of MLflow's traces; null when it is no object. */
export function traceSpan(value: unknown, info: JsonRecord): TraceSpan | null {
  const span = asRecord(value);
  if (span === null) return null;
  const attributes = asRecord(parseEmbedded(span.attributes)) ?? {};
  const read = {
    span,
    context: asRecord(span.context) ?? {},
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, item]) => [name, parseEmbedded(item)]),
    ),
    info,
  };
  known.add(read);
  return read;
}

/** Whether a record came from {@link traceSpan}. */
export function isTraceSpan(value: unknown): value is TraceSpan {
  return typeof value === "object" && value !== null && known.has(value);
}

/** The draft of a span that is a call. */
export function mapTraceSpan(value: unknown): Mapped {
  if (!isTraceSpan(value)) {
    return asRecord(asRecord(value)?.info) !== null || asRecord(asRecord(value)?.trace_metadata) !== null
      ? { kind: "skipped", reason: "empty_record", detail: "a trace without spans" }
      : { kind: "quarantined", reason: "unknown_schema", detail: "no trace and no span of MLflow" };
  }
  const { span, context, attributes, info } = value;
  const type = asString(attributes["mlflow.spanType"])?.toUpperCase() ?? "unknown";
  if (!/^(CHAT_MODEL|LLM|EMBEDDING)$/.test(type))
    return { kind: "skipped", reason: "not_an_llm_call", detail: `span of type ${type}` };
  const request = asRecord(attributes["mlflow.spanInputs"]);
  const answer = readAnswer(attributes["mlflow.spanOutputs"]);
  const served = firstString(attributes, ["mlflow.llm.model"]) ?? answer.model;
  const requested = firstString(request, ["model"]) ?? firstString(attributes, ["model"]) ?? served;
  const provider = canonicalProvider(firstString(attributes, ["mlflow.llm.provider", "gen_ai.system"]));
  const { usage, raw } = usageOf(attributes, { provider, model: served ?? requested });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const metadata = asRecord(parseEmbedded(firstOf(info, ["trace_metadata", "request_metadata"])));
  const trace = firstString(info, ["trace_id", "request_id"]);
  const id = firstString(context, ["span_id"]) ?? firstString(span, ["span_id"]);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: id === null ? null : `${trace ?? ""}/${id}`,
      sessionId: firstString(metadata, ["mlflow.trace.session"]) ?? trace,
      user: firstString(metadata, ["mlflow.trace.user"]),
      app: firstString(asRecord(parseEmbedded(info.tags)), ["mlflow.traceName"]) ?? asString(span.name),
      endpoint: type === "EMBEDDING" ? "embeddings" : "chat",
      ...timingOf(span),
      modelRequested: requested,
      modelServed: served,
      provider,
      ...readLoggedContent({
        input: attributes["mlflow.spanInputs"],
        output: attributes["mlflow.spanOutputs"],
        settings: asRecord(attributes["mlflow.chat.params"]) ?? {},
        tools: Array.isArray(attributes["mlflow.chat.tools"]) ? attributes["mlflow.chat.tools"] : null,
      }),
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: asNumber(asRecord(attributes["mlflow.llm.cost"])?.total_cost),
      ...statusOf(span),
      finishReason: finishReason(answer.finishReason),
      serviceTier: answer.serviceTier,
    },
  };
}

function timingOf(span: JsonRecord): Pick<RequestDraft, "createdAt" | "latencyMs"> {
  const at = (names: string[]) => {
    const value = firstOf(span, names);
    return typeof value === "string" && !/^\d+$/.test(value) ? readTimestamp(value) : decodeNanos(value);
  };
  const start = at(["start_time_unix_nano", "start_time", "start_time_ns"]);
  const end = at(["end_time_unix_nano", "end_time", "end_time_ns"]);
  return { createdAt: start, latencyMs: start !== null && end !== null ? (end - start) / 1000 : null };
}

function statusOf(span: JsonRecord): Pick<RequestDraft, "status" | "errorClass"> {
  const status = asRecord(span.status);
  const code =
    firstString(status, ["code", "status_code"]) ??
    firstString(span, ["status_code"]) ??
    asString(span.status);
  if (!/ERROR/i.test(code ?? "")) return { status: "ok", errorClass: null };
  const exception = asRecord(asRecords(span.events).find(({ name }) => name === "exception")?.attributes);
  const words = [
    firstString(status, ["message", "description"]) ?? firstString(span, ["status_message"]),
    asString(exception?.["exception.type"]),
    asString(exception?.["exception.message"]),
  ];
  return { status: "error", errorClass: classifyError(null, ...words) };
}
