import { defineTable, type RowOf } from "./table.js";

/** What became of a record that did not become a row. */
export const Disposition = {
  quarantined: "quarantined",
  duplicate: "duplicate",
  skipped: "skipped",
} as const;
export type Disposition = (typeof Disposition)[keyof typeof Disposition];

/** Why a record did not become a row. Each code is explained in docs/sources.md. */
export const Reason = {
  json_syntax: "json_syntax",
  csv_syntax: "csv_syntax",
  truncated_tail: "truncated_tail",
  oversized_line: "oversized_line",
  unknown_schema: "unknown_schema",
  missing_time: "missing_time",
  future_time: "future_time",
  missing_model: "missing_model",
  bad_value: "bad_value",
  negative_tokens: "negative_tokens",
  cache_exceeds_input: "cache_exceeds_input",
  bad_latency: "bad_latency",
  undecodable_body: "undecodable_body",
  unreadable_file: "unreadable_file",
  not_an_llm_call: "not_an_llm_call",
  not_a_leaf_span: "not_a_leaf_span",
  empty_record: "empty_record",
  aggregate_record: "aggregate_record",
  unfinished_record: "unfinished_record",
  joined_part: "joined_part",
  duplicate_id: "duplicate_id",
  id_reused: "id_reused",
  re_export: "re_export",
  streamed_partial: "streamed_partial",
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Every record that did not become a row, with its place and the raw text (kept as the content mode allows). */
export const quarantine = defineTable({
  name: "quarantine",
  grain: "one row per record read that is not in requests",
  columns: {
    source_file: { type: "VARCHAR", required: true, about: "File it was read from" },
    source_line: { type: "BIGINT", required: true, about: "Line (or element), counted from 1" },
    source: { type: "VARCHAR", about: "Log format, when it was recognised" },
    disposition: { type: "VARCHAR", required: true, about: "quarantined, duplicate or skipped" },
    reason: { type: "VARCHAR", required: true, about: "Reason code" },
    detail: { type: "VARCHAR", about: "What exactly was wrong" },
    raw: {
      type: "VARCHAR",
      about: "The record as read: whole, redacted, hashed or absent, as --content says",
    },
  },
});

/** A row of {@link quarantine}. */
export type QuarantineRow = RowOf<typeof quarantine>;
