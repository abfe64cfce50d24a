import { asNumber, asRecord, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import { type Envelope, headerOf } from "./envelope.js";

/** Moment that the request was sent, in microseconds: start fields first, then undated "time" fields, the body's own, and last
 * the end of the exchange less its length. */
export function timeOf(
  { fields, responseHeaders, requestHeaders }: Envelope,
  bodyCreatedAt: number | null,
  latencyMs: number | null,
): number | null {
  const started =
    firstTime(fields, STARTED) ??
    firstTime(fields, UNDATED) ??
    firstTime(asRecord(fields.request), [...STARTED, ...UNDATED]);
  if (started !== null || bodyCreatedAt !== null) return started ?? bodyCreatedAt;
  const ended = firstTime(fields, ENDED);
  if (ended !== null)
    return Math.abs(latencyMs ?? 0) > dayMs ? null : ended - Math.round((latencyMs ?? 0) * 1000);
  return (
    firstTime(fields, ["date"]) ??
    firstTime(asRecord(fields.response), [...UNDATED, ...ENDED, "date"]) ??
    readTimestamp(headerOf(responseHeaders, "date") ?? headerOf(requestHeaders, "date"))
  );
}

/** A call that took longer is none: its length says nothing about when it began. */
const dayMs = 86_400_000;

const STARTED = [
  "started_at",
  "startedAt",
  "start_time",
  "startTime",
  "startedDateTime",
  "request_time",
  "requestTime",
  "request_timestamp",
  "requested_at",
  "request_start",
  "start",
  "begin_time",
  "sent_at",
];
const UNDATED = [
  "timestamp",
  "time",
  "ts",
  "@timestamp",
  "created_at",
  "createdAt",
  "created",
  "datetime",
  "event_time",
  "logged_at",
  "log_time",
  "logging_time",
  "time_unix_ms",
  "epoch",
];
const ENDED = [
  "ended_at",
  "endedAt",
  "end_time",
  "endTime",
  "completed_at",
  "completedAt",
  "finished_at",
  "response_time",
  "responseTime",
  "response_timestamp",
];

function firstTime(record: JsonRecord | null, names: string[]): number | null {
  for (const name of names) {
    const time = record === null ? null : readTimestamp(record[name]);
    if (time !== null) return time;
  }
  return null;
}

/** How long the exchange took, in milliseconds: fields that name their unit, then bare `latency` and the like, then the end less
 * the start, then the provider's own processing time, save for streams, where it ends with the first byte. Bare numbers below 100 with a fraction are taken as seconds (Python's
 * clock), others as milliseconds. */
export function latencyOf({ fields, responseHeaders }: Envelope, isStream: boolean): number | null {
  const named = firstDuration(fields, LATENCY_MS, 1) ?? firstDuration(fields, LATENCY_S, 1000);
  if (named !== null) return named;
  for (const name of LATENCY) {
    const duration = readDuration(fields[name]);
    if (duration !== null) return duration;
  }
  const start = firstTime(fields, [...STARTED, ...UNDATED]);
  const end = firstTime(fields, ENDED);
  if (start !== null && end !== null && end > start) return (end - start) / 1000;
  if (isStream) return null;
  return (
    firstDuration(fields, ["processing_ms", "openai_processing_ms"], 1) ??
    headerNumber(responseHeaders, [
      "openai-processing-ms",
      "x-amzn-bedrock-invocation-latency",
      "x-envoy-upstream-service-time",
    ])
  );
}

/** Time to the first token in milliseconds, where a field that names its unit has it. */
export function ttftOf({ fields }: Envelope): number | null {
  return (
    firstDuration(
      fields,
      [
        "ttft_ms",
        "ttftMs",
        "time_to_first_token_ms",
        "first_token_ms",
        "firstTokenMs",
        "time_to_first_byte_ms",
      ],
      1,
    ) ?? firstDuration(fields, ["ttft_s", "time_to_first_token_s", "ttft_seconds"], 1000)
  );
}

const LATENCY_MS = [
  "latency_ms",
  "latencyMs",
  "duration_ms",
  "durationMs",
  "elapsed_ms",
  "elapsedMs",
  "response_time_ms",
  "responseTimeMs",
  "total_ms",
  "time_ms",
  "took_ms",
];
const LATENCY_S = [
  "latency_s",
  "latency_seconds",
  "latencySeconds",
  "duration_s",
  "duration_seconds",
  "durationSeconds",
  "elapsed_s",
  "elapsed_seconds",
  "response_time_s",
];
const LATENCY = ["latency", "duration", "elapsed", "took", "response_time", "responseTime", "time"];

function firstDuration(record: JsonRecord | null, names: string[], unitMs: number): number | null {
  for (const name of names) {
    const value = asNumber(record?.[name]);
    if (value !== null) return value * unitMs;
  }
  return null;
}

function readDuration(value: unknown): number | null {
  const written = typeof value === "string" ? /^([\d.]+)\s*(ms|s|sec|seconds)$/i.exec(value.trim()) : null;
  if (written) return Number(written[1]) * (written[2]!.toLowerCase() === "ms" ? 1 : 1000);
  const number = asNumber(value);
  // A larger number is a moment, not a length.
  if (number === null || number >= 1e8) return null;
  return number < 100 && !Number.isInteger(number) ? number * 1000 : number;
}

function headerNumber(headers: JsonRecord | null, names: string[]): number | null {
  for (const name of names) {
    const value = asNumber(headerOf(headers, name));
    if (value !== null) return value;
  }
  return null;
}
