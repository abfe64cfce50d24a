import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { emptyRow } from "../../datasets/table.js";

/** A canonical row with the given fields and plain values for the required ones. */
export function requestRow(fields: Partial<RequestRow> & { request_id: string }): RequestRow {
  return {
    ...emptyRow(requestLog),
    attempt_no: 1,
    logical_id: fields.request_id,
    source: "test",
    source_file: "test.jsonl",
    source_line: 1,
    created_at: Date.UTC(2026, 0, 5, 12) * 1000,
    model: "gpt-4o",
    content_state: "none",
    tokens_source: "missing",
    status: "ok",
    ...fields,
  } as RequestRow;
}
