import { asArray, asRecord, firstOf, firstString, type JsonRecord, parseEmbedded } from "./json-access.js";
import { LeafReader } from "./leaf-reader.js";
import { isTraceSpan, mapTraceSpan, type TraceSpan, traceSpan } from "./mlflow/trace-span.js";
import type { Source } from "./source.js";

/** MLflow traces, of version 2 and 3: {info, data: {spans}} or rows of search_traces. Attribute values are JSON text. Spans of
 * type CHAT_MODEL, LLM and EMBEDDING are calls; the trace's own token usage repeats theirs. */
export const mlflowSource: Source = {
  name: "mlflow",
  title: "MLflow traces",
  score: (line) => (spansOf(line)?.spans.some(isOwnSpan) ? 1 : isEmptyTrace(line) ? 0.9 : 0),
  explode: explodeTrace,
  map: mapTraceSpan,
  open: () => new LeafReader({ map: mapTraceSpan, place: placeOf }),
};

function explodeTrace(line: unknown): unknown[] {
  const trace = spansOf(line);
  if (trace === null || !trace.spans.some(isOwnSpan)) return [line];
  return trace.spans.map((span) => traceSpan(parseEmbedded(span), trace.info) ?? span);
}

function spansOf(line: unknown): { spans: unknown[]; info: JsonRecord } | null {
  const trace = asRecord(parseEmbedded(asRecord(line)?.trace)) ?? asRecord(line);
  if (trace === null) return null;
  const data = asRecord(parseEmbedded(trace.data));
  const spans = asArray(parseEmbedded(data?.spans)) ?? asArray(parseEmbedded(trace.spans));
  return spans === null ? null : { spans, info: asRecord(parseEmbedded(trace.info)) ?? trace };
}

function isOwnSpan(span: unknown): boolean {
  const attributes = asRecord(parseEmbedded(asRecord(parseEmbedded(span))?.attributes));
  return Object.keys(attributes ?? {}).some((name) => name.startsWith("mlflow."));
}

/** A trace whose spans have gone (only its info is kept). */
function isEmptyTrace(line: unknown): boolean {
  const info = asRecord(asRecord(line)?.info) ?? asRecord(line);
  return Object.keys(asRecord(firstOf(info, ["trace_metadata", "request_metadata"])) ?? {}).some((name) =>
    name.startsWith("mlflow."),
  );
}

function placeOf(value: unknown): { id: string; parentId: string | null } | null {
  if (!isTraceSpan(value)) return null;
  const { span, context }: TraceSpan = value;
  const id = firstString(context, ["span_id"]) ?? firstString(span, ["span_id"]);
  return id === null ? null : { id, parentId: firstString(span, ["parent_span_id", "parent_id"]) };
}
