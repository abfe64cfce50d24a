import type { StreamItem } from "../cache-stream.js";
import { readBenchmarkLines } from "./benchmark-file.js";
import { streamItemOf } from "./stream-item.js";

/** Read Banking77's 13,083 queries to a bank, in the order of the file, which is that of the intents: shuffle them to make a stream. The answer is
 * the intent (77), which is coarser than an answer: dates, amounts and accounts are ignored. The segment is a coarse group of the intent's name.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see Casanueva et al. 2020, Efficient Intent Detection with Dual Sentence Encoders */
export function readBanking77(data: string): StreamItem[] {
  return readBenchmarkLines(data, "cache/banking77/queries.jsonl", ({ id, text, intent }) =>
    streamItemOf(id, text, { segment: groupOf(intent), answer_key: intent }),
  );
}

/** Groups of intents by what their names hold: the first that fits. */
const groups: ReadonlyArray<readonly [group: string, pattern: RegExp]> = [
  ["top_up", /top_?up|topping_up/],
  ["identity", /identity|verify|source_of_funds/],
  ["exchange", /exchange|currenc|country_support/],
  ["cash", /cash|atm/],
  ["transfer", /transfer|receiving_money|beneficiary/],
  ["payment", /payment|refund|charged|charge_on_statement/i],
  ["virtual_card", /virtual|disposable/],
  ["security", /pin|passcode|lost_or_stolen|compromised|swallowed/],
  ["card", /card|apple_pay|contactless/],
];

function groupOf(intent: string): string {
  return groups.find(([, pattern]) => pattern.test(intent))?.[0] ?? "account";
}
