import { inputTokens, type MixedCall, outputTokens } from "./mixed-calls.js";
import { openaiMessages, openaiTools } from "./write-exchange.js";

/** One row of Signalbox's own request log, with the conversation and the tools as JSON in columns of their own. */
export function requestLogRow(call: MixedCall): Record<string, string | number | boolean | null> {
  const { usage, failure } = call;
  return {
    request_id: call.id,
    attempt_no: call.attemptNo,
    logical_id: call.logicalId,
    session_id: call.sessionId,
    tenant: call.tenant,
    user: call.user,
    app: call.app,
    api_key: call.apiKey,
    endpoint: "chat",
    created_at: new Date(call.startMs).toISOString(),
    latency_ms: call.latencyMs,
    ttft_ms: call.ttftMs,
    model_requested: call.modelRequested,
    model_served: failure === null ? call.modelServed : null,
    provider: call.provider,
    messages: JSON.stringify(openaiMessages(call)),
    tools: call.tools.length === 0 ? null : JSON.stringify(openaiTools(call)),
    output_text: answerText(call),
    input_uncached_tokens: usage?.uncached ?? null,
    input_cache_read_tokens: usage?.cacheRead ?? null,
    input_cache_write_5m_tokens: usage?.cacheWrite5m ?? null,
    input_cache_write_1h_tokens: usage?.cacheWrite1h ?? null,
    input_total_tokens: usage && inputTokens(usage),
    output_text_tokens: usage?.text ?? null,
    output_reasoning_tokens: usage?.reasoning ?? null,
    output_total_tokens: usage && outputTokens(usage),
    cost_reported_usd: call.costUsd,
    status: failure === null ? "ok" : "error",
    http_status: failure?.httpStatus ?? 200,
    error_class: failure?.errorClass ?? null,
    finish_reason: call.answer?.finish ?? null,
    is_stream: call.isStream,
    temperature: call.temperature,
    max_tokens: call.maxTokens,
    has_json_schema: false,
  };
}

/** What a call answered, as the request log keeps it: the text, then the call of a tool as JSON. */
export function answerText({ answer }: MixedCall): string | null {
  const call = answer?.call ?? null;
  const called =
    call &&
    JSON.stringify([
      { type: "function", function: { name: call.name, arguments: JSON.stringify(call.input) } },
    ]);
  return [answer?.text ?? null, called].filter((part) => part !== null).join("\n") || null;
}

/** Rows as CSV (RFC 4180, CRLF): every text quoted, an empty field for what is unknown. */
export function csvText(rows: ReadonlyArray<Record<string, unknown>>): string {
  const names = Object.keys(rows[0] ?? {});
  const field = (value: unknown) =>
    value === null ? "" : typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((values) => `${values.map(field).join(",")}\r\n`)
    .join("");
}
