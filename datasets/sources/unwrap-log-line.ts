import { asRecord, parseEmbedded } from "./json-access.js";

/** The record that a log shipper wrapped: Fluent Bit's `log`, CloudWatch's `message`, Cloud Logging's `jsonPayload`, Loki's `line`, Splunk's `_raw`.
 * @returns the line itself when there is no object under such a name */
export function unwrapLogLine(line: unknown): unknown {
  const record = asRecord(line);
  if (record === null) return line;
  for (const name of WRAPPERS) {
    const inner = Object.hasOwn(record, name) ? asRecord(parseEmbedded(record[name])) : null;
    if (inner !== null) return inner;
  }
  return line;
}

const WRAPPERS = ["log", "message", "jsonPayload", "textPayload", "line", "_raw"];
