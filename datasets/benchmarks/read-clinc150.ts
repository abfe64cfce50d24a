import type { StreamItem } from "../cache-stream.js";
import { readBenchmarkLines } from "./benchmark-file.js";
import { streamItemOf } from "./stream-item.js";

/** Read CLINC150's 23,700 queries to an assistant, in the order of the file, which is that of the intents: shuffle them to make a stream. The answer
 * is the intent (150); each of the 1,200 out-of-scope queries has an answer of its own, found by its text in lower case. The segment is the domain (10, and oos).
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see Larson et al. 2019, An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction */
export function readClinc150(data: string): StreamItem[] {
  return readBenchmarkLines(data, "cache/clinc150/queries.jsonl", ({ id, text, intent, domain, oos }) =>
    streamItemOf(id, text, { segment: domain, answer_key: oos ? `oos: ${normalise(text)}` : intent }),
  );
}

function normalise(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
