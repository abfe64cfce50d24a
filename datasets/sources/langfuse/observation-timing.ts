import { firstNumber, firstOf, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";

/** Duration and time to the first token, from the times; the stated durations are seconds in most exports and were milliseconds
 * in some, so they count only where the times are missing, in the unit that the latency turns out to have. */
export function timingOf(
  record: JsonRecord,
  createdAt: number | null,
): { latencyMs: number | null; ttftMs: number | null; isStream: true | null } {
  const span = between(createdAt, readTimestamp(firstOf(record, ["end_time", "endTime"])));
  const first = between(
    createdAt,
    readTimestamp(firstOf(record, ["completion_start_time", "completionStartTime"])),
  );
  const latency = firstNumber(record, ["latency"]);
  const ttft = firstNumber(record, ["time_to_first_token", "timeToFirstToken"]);
  const unitMs = unitOf(latency, span);
  // Some integrations repeat the end as the first token's time where nothing was streamed.
  const isFirst = first !== null && first >= 0 && (span === null || first < span);
  return {
    latencyMs: span ?? scaled(latency, unitMs),
    ttftMs: isFirst ? first : first === null ? scaled(ttft, unitMs) : null,
    isStream: isFirst ? true : null,
  };
}

function between(start: number | null, end: number | null): number | null {
  return start === null || end === null ? null : (end - start) / 1000;
}

/** Milliseconds in the unit of the stated latency. */
function unitOf(latency: number | null, spanMs: number | null): 1 | 1000 {
  if (latency === null || spanMs === null) return 1000;
  return Math.abs(latency - spanMs) < Math.abs(latency * 1000 - spanMs) ? 1 : 1000;
}

function scaled(value: number | null, unitMs: number): number | null {
  return value === null ? null : value * unitMs;
}
