import type { StreamItem } from "../cache-stream.js";
import { readBenchmarkLines } from "./benchmark-file.js";
import { streamItemOf } from "./stream-item.js";

/** Two real utterances, and whether one answer serves both. */
export interface NluppPair {
  a: string;
  b: string;
  is_same: boolean;
  /** Why: same answer, same intents with other values (`4 days`, `9 days`), or other intents though USE-lite finds them near. */
  kind: "same_answer" | "same_intent_diff_slot" | "diff_intent";
  domain: "banking" | "hotels";
  /** Cosine by USE-lite, -1 to 1. */
  cosine_use: number;
}

/** Read NLU++'s 3,080 utterances of callers to a bank and to hotels. The answer is intents and slot values (1,927 distinct). The segment is the domain.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see Casanueva et al. 2022, NLU++: A Multi-Label, Slot-Rich, Generalisable Dataset */
export function readNluppQueries(data: string): StreamItem[] {
  return readBenchmarkLines(data, "cache/nlupp/queries.jsonl", ({ id, text, domain, answer_key }) =>
    streamItemOf(id, text, { segment: domain, answer_key }),
  );
}

/** Read 2,218 pairs of NLU++ utterances: the classic false hit is one of the 510 with the same intents and other values.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged */
export function readNluppPairs(data: string): NluppPair[] {
  return readBenchmarkLines(data, "cache/nlupp/pairs.jsonl", ({ a, b, label, kind, domain, cos_use }) => ({
    a,
    b,
    is_same: label === 1,
    kind,
    domain,
    cosine_use: cos_use,
  }));
}
