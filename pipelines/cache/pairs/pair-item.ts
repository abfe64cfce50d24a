import type { Workspace } from "../../../datasets/workspace.js";
import { isSameAnswer } from "../../label/exact-checks/normalise-answer.js";
import type { JudgedRequest } from "../../label/judge-prompts.js";
import { cleanRequest } from "../../label/label-item.js";
import { createTextCleaner } from "../../label/text-cleaner.js";
import { pairId } from "./pair-id.js";
import type { SampledPair } from "./sample-pairs.js";

/** What a judge is shown of a pair. */
export interface PairTexts {
  request: JudgedRequest;
  /** Last user turn of the request that the cached answer was given to. */
  cachedRequest: string;
  cachedAnswer: string;
  /** The request's own logged answer; null when there is none. */
  reference: string | null;
}

/** A drawn pair as it may leave the machine. */
export interface PairItem extends PairTexts {
  id: string;
  row: SampledPair;
  /** Whether facts say that it is the same, so that no judge is paid: equal requests, but for case and spaces, with equal answers. That
   * numbers differ decides nothing: an answer may serve both. */
  isEqual: boolean;
}

/** Prepare pairs for sending: text that the workspace holds in full is redacted, unless the user wants it sent as it is.
 * @returns the items, and how many values of each kind were replaced */
export function preparePairs(
  workspace: Workspace,
  rows: readonly SampledPair[],
  isSentUnredacted: boolean,
): { items: PairItem[]; redactions: Array<{ kind: string; count: number }> } {
  const cleaner = createTextCleaner(workspace, isSentUnredacted);
  const items = rows.map((row): PairItem => {
    const cleanEntry = (text: string) => cleaner.stored(row.entry_content_state, text);
    return {
      id: pairId(workspace, row.request_id, row.entry_id),
      row,
      request: cleanRequest(row, cleaner),
      cachedRequest: cleanEntry(row.cached_request),
      cachedAnswer: cleanEntry(row.cached_answer),
      reference:
        row.reference_answer === null ? null : cleaner.stored(row.content_state, row.reference_answer),
      isEqual:
        row.reference_answer !== null &&
        isSameQuestion(row.user_text, row.cached_request) &&
        isSameAnswer(row.reference_answer, row.cached_answer),
    };
  });
  return { items, redactions: cleaner.redactions() };
}

/** Compared as pair-groups.sql does. */
function isSameQuestion(a: string, b: string): boolean {
  const normal = (text: string) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
  return normal(a) === normal(b);
}
