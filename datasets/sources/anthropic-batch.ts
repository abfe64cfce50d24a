import { batchReader, mapBatchLine } from "./batch/batch-reader.js";
import { asRecord, asString } from "./json-access.js";
import type { Source } from "./source.js";

/** Anthropic's message batches: results {custom_id, result: {type, message | error}} and requests {custom_id, params}. Results
 * hold no time: they are quarantined unless the file's own is to be taken. A result finds its prompt in a file of requests of
 * the same folder. */
export const anthropicBatchSource: Source = {
  name: "anthropic-batch",
  title: "Anthropic message batch results",
  score: scoreLine,
  map: (record) => mapBatchLine(record, null, ""),
  open: (file) => batchReader(file),
};

function scoreLine(line: unknown): number {
  const record = asRecord(line);
  if (record === null || asString(record.custom_id) === null) return 0;
  const type = asString(asRecord(record.result)?.type);
  if (type !== null) return /^(succeeded|errored|canceled|expired)$/.test(type) ? 1 : 0;
  const params = asRecord(record.params);
  return params !== null && "messages" in params ? 1 : 0;
}
