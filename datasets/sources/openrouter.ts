import { rowsOfPage } from "./api-page.js";
import { asRecord, asString, firstOf, type JsonRecord } from "./json-access.js";
import { activityDraft } from "./openrouter/activity-draft.js";
import { generationDraft } from "./openrouter/generation-draft.js";
import type { Mapped, Source } from "./source.js";

/** OpenRouter: the activity export with one request a row (CSV, 24 columns) and answers of the generation API. Tokens are
 * those of the model's own tokenizer, which are billed; cached input is inside the input, reasoning inside the output. The
 * activity export with one row a day is a sum of requests and no log. */
export const openrouterSource: Source = {
  name: "openrouter",
  title: "OpenRouter (activity export, generation API)",
  score: scoreLine,
  explode: explodeLine,
  map: mapRecord,
};

function scoreLine(line: unknown): number {
  const record = asRecord(explodeLine(line)[0]);
  return record === null || kindOf(record) === null ? 0 : 1;
}

/** The API wraps its answer: {data: {...}} of a generation, {data: [...]} of the activity. */
function explodeLine(line: unknown): unknown[] {
  return rowsOfPage(line, { lists: ["data"], isRow: (row) => kindOf(row) !== null });
}

function kindOf(record: JsonRecord): "generation" | "activity" | "daily" | null {
  const has = (...names: string[]) => names.every((name) => name in record);
  if (has("generation_id", "model_permaslug")) return "activity";
  if (has("native_tokens_prompt", "total_cost", "model") && asString(record.id) !== null) return "generation";
  if (has("Date", "Slug", "Usage", "Requests")) return "daily";
  return has("date", "model_permaslug", "usage", "requests") ? "daily" : null;
}

function mapRecord(value: unknown): Mapped {
  const record = asRecord(value) ?? {};
  const kind = kindOf(record);
  if (kind === "generation") return generationDraft(record);
  if (kind === "activity") return activityDraft(record);
  if (kind === null)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no generation and no row of an activity export",
    };
  const day = asString(firstOf(record, ["Date", "date"]))?.slice(0, 10) ?? "a day";
  return {
    kind: "skipped",
    reason: "aggregate_record",
    detail: `sum of the requests of ${day}; compare it with the log by signalbox reconcile`,
  };
}
