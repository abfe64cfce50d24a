import { columnNames } from "../../../datasets/sources/canonical/column-names.js";
import { Kind } from "./line-shapes.js";

/** How a fact is read: `label` and `text` as VARCHAR, `count` and `number` as DOUBLE, `flag` as BOOLEAN, `time` as TIMESTAMP. */
type FieldType = "label" | "text" | "count" | "number" | "flag" | "time";

/** A fact that the SQL knows how to read, and the columns that may hold it: the first one with a value counts. */
export interface BulkField {
  /** Column of the view `fields`. */
  name: string;
  type: FieldType;
  columns: readonly string[];
}

/** Kinds of JSON values that a field of each type is read from; a record with another kind is left to JavaScript. */
export const kindsOf: Readonly<Record<FieldType, number>> = {
  label: Kind.text | Kind.whole,
  text: Kind.text,
  count: Kind.whole | Kind.number,
  number: Kind.whole | Kind.number,
  flag: Kind.boolean,
  time: Kind.text | Kind.whole | Kind.moment,
};

const field = (name: string, type: FieldType, columns: readonly string[]): BulkField => ({
  name,
  type,
  columns,
});
const own = (column: string): BulkField => field(`own_${column}`, "count", [column]);

/** What canonical-claims.sql reads of a canonical or hand-made record: see datasets/sources/canonical.ts. */
export const canonicalFields: readonly BulkField[] = [
  field("id", "label", columnNames.id),
  field("attempt_no", "count", columnNames.attemptNo),
  field("logical_id", "label", columnNames.logicalId),
  field("session_id", "label", columnNames.sessionId),
  field("tenant", "label", columnNames.tenant),
  field("end_user", "label", columnNames.user),
  field("app", "label", columnNames.app),
  field("endpoint", "label", columnNames.endpoint),
  field("created_at", "time", columnNames.createdAt),
  field("latency_ms", "number", columnNames.latencyMs),
  field("latency_s", "number", ["latency_s", "duration_s", "latency_seconds", "duration_seconds"]),
  field("ttft_ms", "number", columnNames.ttftMs),
  field("model_requested", "label", columnNames.modelRequested),
  field("model_served", "label", columnNames.modelServed),
  field("provider", "label", columnNames.provider),
  field("gateway", "label", columnNames.gateway),
  field("content_state", "label", ["content_state"]),
  field("system_text", "text", columnNames.systemText),
  field("user_text", "text", columnNames.userText),
  field("output_text", "text", columnNames.outputText),
  field("input_tokens", "count", columnNames.inputTokens),
  field("output_tokens", "count", columnNames.outputTokens),
  field("total_tokens", "count", columnNames.totalTokens),
  field("cache_read_tokens", "count", columnNames.cacheReadTokens),
  field("cache_write_tokens", "count", columnNames.cacheWriteTokens),
  field("reasoning_tokens", "count", columnNames.reasoningTokens),
  own("input_uncached_tokens"),
  own("input_cache_read_tokens"),
  own("input_cache_write_5m_tokens"),
  own("input_cache_write_1h_tokens"),
  own("input_total_tokens"),
  own("output_text_tokens"),
  own("output_reasoning_tokens"),
  own("output_total_tokens"),
  own("input_audio_tokens"),
  own("input_image_tokens"),
  own("output_audio_tokens"),
  field("cost_reported_usd", "number", columnNames.costReportedUsd),
  field("status", "label", columnNames.status),
  field("http_status", "count", columnNames.httpStatus),
  field("error_class", "label", columnNames.errorClass),
  field("error_text", "text", columnNames.errorText),
  field("finish_reason", "label", columnNames.finishReason),
  field("is_stream", "flag", columnNames.isStream),
  field("cache_status", "label", columnNames.cacheStatus),
  field("feedback_score", "number", columnNames.feedbackScore),
  field("service_tier", "label", columnNames.serviceTier),
  field("is_batch", "flag", columnNames.isBatch),
  field("temperature", "number", columnNames.temperature),
  field("max_tokens", "count", columnNames.maxTokens),
  field("has_json_schema", "flag", columnNames.hasJsonSchema),
];

/** Columns that canonical.ts looks at and the SQL doesn't: a record that holds something there is left to JavaScript. */
const columnsLeft = ["usage", "usage_json", "history_json", "tools"];
/** Columns that make a record another format's when they hold an object. */
const plainColumns = ["request", "body", "choices", "request_body", "response_body"];

/** The known columns of a canonical record, with the kinds of values that the SQL reads exactly (0: none). Columns that
 * canonical.ts learns without the SQL are known with 0. */
export function canonicalKinds(): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const names of Object.values(columnNames)) for (const name of names) kinds.set(name, 0);
  for (const name of columnsLeft) kinds.set(name, 0);
  for (const name of plainColumns) kinds.set(name, Kind.text | Kind.whole | Kind.number | Kind.boolean);
  for (const { type, columns } of canonicalFields) for (const name of columns) kinds.set(name, kindsOf[type]);
  return kinds;
}

/** Columns that may hold a record's id. */
export const idColumns: readonly string[] = columnNames.id;
