import {
  asArray,
  asRecord,
  asRecords,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
} from "./json-access.js";
import { mapObservation } from "./langfuse/map-observation.js";
import { LeafReader } from "./leaf-reader.js";
import type { Source } from "./source.js";

/** Langfuse: observations and observations_v2 of the blob storage export (JSONL, CSV, Parquet; snake_case), the UI's download
 * of a trace or a table, and pages of the public API (camelCase). Generations and embeddings are calls; spans, agents, tools
 * and the tables of traces and scores are not. Late updates are exported again: the newest `updated_at` counts. */
export const langfuseSource: Source = {
  name: "langfuse",
  title: "Langfuse (blob storage export, trace download, public API)",
  score: scoreLine,
  explode: explodeLine,
  map: mapObservation,
  open: () => new LeafReader({ map: mapObservation, place: placeOf }),
};

function scoreLine(line: unknown): number {
  const [first] = explodeLine(line);
  const record = asRecord(first);
  if (record === null) return 0;
  return scoreObservation(record) || scoreOtherTable(record);
}

function has(record: JsonRecord, ...names: string[]): boolean {
  return names.some((name) => name in record);
}

function scoreObservation(record: JsonRecord): number {
  if (
    !TYPES.test(asString(record.type) ?? "") ||
    !has(record, "trace_id", "traceId") ||
    !has(record, "start_time", "startTime")
  )
    return 0;
  const marks = OWN_FIELDS.filter((name) => name in record).length;
  return marks >= 2 ? 1 : marks === 1 ? 0.7 : 0;
}

const TYPES = /^(GENERATION|EMBEDDING|SPAN|EVENT|AGENT|TOOL|CHAIN|RETRIEVER|EVALUATOR|GUARDRAIL)$/;
const OWN_FIELDS = [
  "provided_model_name",
  "usage_details",
  "usageDetails",
  "cost_details",
  "costDetails",
  "parent_observation_id",
  "parentObservationId",
  "status_message",
  "statusMessage",
  "modelParameters",
  "model_parameters",
  "completionStartTime",
  "completion_start_time",
  "calculatedTotalCost",
  "promptName",
  "prompt_name",
];

/** Traces and scores are exported beside the observations. */
function scoreOtherTable(record: JsonRecord): number {
  const isTrace =
    has(record, "bookmarked", "htmlPath") &&
    has(record, "public") &&
    has(record, "timestamp") &&
    has(record, "tags");
  const isScore =
    has(record, "trace_id", "traceId") &&
    has(record, "data_type", "dataType") &&
    has(record, "value") &&
    has(record, "source", "comment", "observation_id", "observationId");
  return isTrace || isScore ? 0.9 : 0;
}

/** A download holds a trace with its observations, a page of the API a list; the trace knows session and user. */
function explodeLine(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null) return [line];
  const trace = asRecord(record.trace) ?? record;
  const listed = asArray(record.observations) ?? asArray(trace.observations);
  if (listed !== null && asRecords(listed).some((item) => scoreObservation(item) > 0)) {
    const { observations: _, input: _input, output: _output, ...context } = trace;
    return listed.map((item) => (asRecord(item) === null ? item : { ...asRecord(item), trace: context }));
  }
  const page = asRecord(firstOf(record, ["meta"])) === null ? null : asArray(record.data);
  return page !== null && asRecords(page).some((item) => scoreObservation(item) + scoreOtherTable(item) > 0)
    ? page
    : [line];
}

function placeOf(value: unknown): { id: string; parentId: string | null } | null {
  const record = asRecord(value);
  const id = firstString(record, ["id", "span_id"]);
  const parentId = firstString(record, ["parent_observation_id", "parentObservationId", "parent_span_id"]);
  return id === null ? null : { id, parentId };
}
