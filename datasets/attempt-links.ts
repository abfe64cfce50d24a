import { defineTable, type RowOf } from "./table.js";

/** Why an attempt followed another one: the same model again, or another model in its place. */
export const AttemptKind = { retry: "retry", fallback: "fallback" } as const;
export type AttemptKind = (typeof AttemptKind)[keyof typeof AttemptKind];

/** Attempts that belong to an earlier one. Where the log knows it (`logged`), `requests` says the same; where ingest inferred it,
 * the view `requests` of a workspace shows the logical id and the attempt number of this table. See docs/deduplication.md. */
export const attemptLinks = defineTable({
  name: "attempt_links",
  grain: "one row per attempt after the first of its logical request",
  columns: {
    request_id: { type: "VARCHAR", required: true, about: "Id of the attempt" },
    logged_attempt_no: { type: "INTEGER", required: true, about: "Its number as stored in requests" },
    logical_id: { type: "VARCHAR", required: true, about: "Logical request that it belongs to" },
    attempt_no: { type: "INTEGER", required: true, about: "Its number in that, from 2" },
    kind: { type: "VARCHAR", required: true, about: "retry (same model) or fallback (another model)" },
    evidence: { type: "VARCHAR", required: true, about: "logged or inferred" },
    rule: {
      type: "VARCHAR",
      required: true,
      about: "What the two attempts share: logical_id, prompt, or caller_and_size",
    },
  },
});

/** A row of {@link attemptLinks}. */
export type AttemptLink = RowOf<typeof attemptLinks>;
