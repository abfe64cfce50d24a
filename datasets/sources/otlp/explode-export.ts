import { asRecord, asRecords, firstOf, type JsonRecord } from "../json-access.js";
import { type Attributes, decodeAttributes, decodeId, decodeValue } from "./attributes.js";
import { classifySpan } from "./classify-span.js";
import { hasUsage } from "./span-usage.js";

/** One span (or one log record that describes a call) with what it was exported with. */
export interface SpanRecord {
  kind: "span" | "log";
  name: string;
  traceId: string | null;
  spanId: string | null;
  parentSpanId: string | null;
  scope: string | null;
  resource: Attributes;
  attributes: Attributes;
  events: Array<{ name: string; attributes: Attributes }>;
  status: JsonRecord | null;
  start: unknown;
  end: unknown;
  /** Set when other spans of the same export stand for this call. */
  superseded: "not_a_leaf_span" | "not_an_llm_call" | null;
}

/** Spans and log records of one exported line; the line itself when there is nothing in it. Console exporters print one span
 * a line: that is one record too. */
export function explodeExport(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null) return [line];
  const spans = [
    ...resourceGroups(
      record,
      ["resourceSpans", "resource_spans"],
      ["scopeSpans", "scope_spans", "instrumentationLibrarySpans"],
      ["spans"],
      readSpan,
    ),
    ...resourceGroups(
      record,
      ["resourceLogs", "resource_logs"],
      ["scopeLogs", "scope_logs"],
      ["logRecords", "log_records"],
      readLog,
    ),
  ];
  if (spans.length > 0) {
    markSuperseded(spans);
    return spans;
  }
  return isConsoleSpan(record)
    ? [readSpan(record, decodeAttributes(asRecord(record.resource)?.attributes), null)]
    : [line];
}

/** Whether a record came from {@link explodeExport}. */
export function isSpanRecord(value: unknown): value is SpanRecord {
  const record = asRecord(value);
  return record !== null && isExploded.has(record);
}

/** Python's and JavaScript's console exporters print a span as one plain object. */
export function isConsoleSpan(record: JsonRecord): boolean {
  const context = asRecord(record.context) ?? asRecord(record.spanContext) ?? record;
  const hasIds =
    firstOf(context, ["trace_id", "traceId"]) !== undefined &&
    firstOf(context, ["span_id", "spanId"]) !== undefined;
  return (
    hasIds &&
    "attributes" in record &&
    firstOf(record, ["start_time", "startTime", "startTimeUnixNano"]) !== undefined
  );
}

const isExploded = new WeakSet<object>();

type Reader = (item: JsonRecord, resource: Attributes, scope: string | null) => SpanRecord;

function resourceGroups(
  line: JsonRecord,
  outer: string[],
  middle: string[],
  inner: string[],
  read: Reader,
): SpanRecord[] {
  return asRecords(firstOf(line, outer)).flatMap((group) => {
    const resource = decodeAttributes(asRecord(group.resource)?.attributes);
    return asRecords(firstOf(group, middle)).flatMap((scoped) => {
      const scope = asRecord(firstOf(scoped, ["scope", "instrumentationLibrary"]))?.name;
      return asRecords(firstOf(scoped, inner)).map((item) =>
        read(item, resource, typeof scope === "string" ? scope : null),
      );
    });
  });
}

function readSpan(span: JsonRecord, resource: Attributes, scope: string | null): SpanRecord {
  const context = asRecord(span.context) ?? asRecord(span.spanContext);
  return exploded({
    kind: "span",
    name: typeof span.name === "string" ? span.name : "",
    traceId: decodeId(
      firstOf(span, ["traceId", "trace_id"]) ?? firstOf(context, ["trace_id", "traceId"]),
      16,
    ),
    spanId: decodeId(firstOf(span, ["spanId", "span_id"]) ?? firstOf(context, ["span_id", "spanId"]), 8),
    parentSpanId: decodeId(firstOf(span, ["parentSpanId", "parent_span_id", "parent_id", "parentId"]), 8),
    scope,
    resource,
    attributes: decodeAttributes(span.attributes),
    events: asRecords(span.events).map((event) => ({
      name: typeof event.name === "string" ? event.name : "",
      attributes: decodeAttributes(event.attributes),
    })),
    status: asRecord(span.status),
    start: firstOf(span, ["startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime"]),
    end: firstOf(span, ["endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime"]),
    superseded: null,
  });
}

function readLog(log: JsonRecord, resource: Attributes, scope: string | null): SpanRecord {
  const attributes = decodeAttributes(log.attributes);
  const body = asRecord(decodeValue(log.body));
  const name = firstOf(log, ["eventName", "event_name"]) ?? attributes["event.name"];
  return exploded({
    kind: "log",
    name: typeof name === "string" ? name : "",
    traceId: decodeId(firstOf(log, ["traceId", "trace_id"]), 16),
    spanId: decodeId(firstOf(log, ["spanId", "span_id"]), 8),
    parentSpanId: null,
    scope,
    resource,
    attributes: body === null ? attributes : Object.assign(Object.create(null), body, attributes),
    events: [],
    status: null,
    start: firstOf(log, [
      "timeUnixNano",
      "time_unix_nano",
      "observedTimeUnixNano",
      "observed_time_unix_nano",
    ]),
    end: undefined,
    superseded: null,
  });
}

function exploded(record: SpanRecord): SpanRecord {
  isExploded.add(record);
  return record;
}

/** Frameworks repeat a call's usage on the spans around it. Of call spans on one path only the innermost with usage counts; a
 * span without usage below one that has it describes the same call, unless it failed on its own. */
function markSuperseded(spans: readonly SpanRecord[]): void {
  const calls = spans.filter(
    (span) => span.kind === "span" && span.spanId !== null && classifySpan(span) === "call",
  );
  if (calls.length < 2) return;
  const byId = new Map(spans.map((span) => [pathKey(span.traceId, span.spanId), span]));
  const isCall = new Set(calls);
  for (const call of calls) {
    const counted = hasUsage(call);
    for (const ancestor of ancestorsOf(call, byId)) {
      if (!isCall.has(ancestor)) continue;
      if (counted || !hasUsage(ancestor)) ancestor.superseded = "not_a_leaf_span";
      else if (call.status === null || !isErrorStatus(call.status)) call.superseded ??= "not_an_llm_call";
    }
  }
}

function* ancestorsOf(span: SpanRecord, byId: ReadonlyMap<string, SpanRecord>): Iterable<SpanRecord> {
  const seen = new Set<SpanRecord>([span]);
  let parent = byId.get(pathKey(span.traceId, span.parentSpanId));
  while (parent !== undefined && !seen.has(parent)) {
    seen.add(parent);
    yield parent;
    parent = byId.get(pathKey(parent.traceId, parent.parentSpanId));
  }
}

function pathKey(traceId: string | null, spanId: string | null): string {
  return spanId === null ? "" : `${traceId}/${spanId}`;
}

/** OTLP writes 2 or STATUS_CODE_ERROR, console exporters "ERROR". */
export function isErrorStatus(status: JsonRecord): boolean {
  const code = firstOf(status, ["code", "status_code", "statusCode"]);
  return code === 2 || code === "2" || (typeof code === "string" && /ERROR$/i.test(code));
}
