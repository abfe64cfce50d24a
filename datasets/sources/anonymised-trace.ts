import { asRecord } from "./json-access.js";
import type { Mapped, Source } from "./source.js";

/** Published workload traces that are no request log: Azure's LLM inference trace (TIMESTAMP, ContextTokens, GeneratedTokens) and Mooncake's
 * (timestamp, input_length, output_length, hash_ids). They name no model and, Mooncake's, no day, so every row is quarantined with
 * the mapping file that would make it one. */
export const anonymisedTraceSource: Source = {
  name: "anonymised-trace",
  title: "Anonymised workload traces (Azure LLM inference, Mooncake): no model, only with a mapping file",
  score: (line) => (traceOf(line) === null ? 0 : 0.9),
  map: mapRow,
};

type Trace = "azure" | "mooncake";

function traceOf(line: unknown): Trace | null {
  const row = asRecord(line);
  if (row === null || Object.keys(row).some((name) => /model/i.test(name))) return null;
  const has = (...names: string[]) => names.every((name) => name in row);
  if (has("TIMESTAMP", "ContextTokens", "GeneratedTokens")) return "azure";
  return has("timestamp", "input_length", "output_length") ? "mooncake" : null;
}

function mapRow(record: unknown): Mapped {
  const trace = traceOf(record);
  if (trace === null)
    return { kind: "quarantined", reason: "unknown_schema", detail: "not a row of a known workload trace" };
  return { kind: "quarantined", reason: "missing_model", detail: ADVICE[trace] };
}

/** Without quotation marks: content modes that keep no text cut out what stands between two. */
const ADVICE: Record<Trace, string> = {
  azure:
    "an Azure LLM inference trace names no model: say which one to assume in a mapping file (--map FILE) with model {value: NAME}, created_at TIMESTAMP, input_tokens ContextTokens, output_tokens GeneratedTokens",
  mooncake:
    "a Mooncake trace names no model and counts its milliseconds from an unnamed start: say which to assume in a mapping file (--map FILE) with model {value: NAME}, created_at {path: timestamp, unit: ms, since: DAY}, input_tokens input_length, output_tokens output_length",
};
