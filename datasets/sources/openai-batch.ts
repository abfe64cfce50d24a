import { batchReader, mapBatchLine } from "./batch/batch-reader.js";
import { asNumber, asRecord, asString, type JsonRecord } from "./json-access.js";
import type { Source } from "./source.js";

/** OpenAI's batch files, and those of the APIs that copy them (Azure, Mistral, Groq, Together): output and error files {id,
 * custom_id, response: {status_code, body}, error}, and input files {custom_id, method, url, body}, which are no calls by
 * themselves. An output line finds its prompt in an input file of the same folder. */
export const openaiBatchSource: Source = {
  name: "openai-batch",
  title: "OpenAI batch files (output, errors)",
  score: scoreLine,
  map: (record) => mapBatchLine(record, null, ""),
  open: (file) => batchReader(file),
};

function scoreLine(line: unknown): number {
  const record = asRecord(line);
  if (record === null || asString(record.custom_id) === null || "result" in record) return 0;
  if (asString(record.url) !== null && asRecord(record.body) !== null && !("response" in record)) return 1;
  if (!("response" in record) && !("error" in record)) return 0;
  const response = asRecord(record.response);
  const isAnswered = response !== null && ("body" in response || asNumber(response.status_code) !== null);
  return isAnswered || isRefused(record) ? 1 : 0;
}

/** A request that never ran has a code and a message for an answer. */
function isRefused(record: JsonRecord): boolean {
  const error = asRecord(record.error);
  return (record.response ?? null) === null && error !== null && ("code" in error || "message" in error);
}
