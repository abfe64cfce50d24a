import { ruleScore } from "../../models/policies/rule-score.js";

/** Characters that the rules read: their patterns look for pairs of words, whose number grows with the square of the text. */
const readChars = 4_000;

/** Complexity of a prompt by hand-written rules, from its beginning; see {@link ruleScore}. */
export function handRules(text: string): number {
  return ruleScore(text.slice(0, readChars));
}
