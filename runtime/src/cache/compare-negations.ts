import { negations } from "./guard-words.js";
import type { PromptFacts } from "./prompt-facts.js";

const prefix = /^(?:un|dis|de|non|im|in|ir|mis)(?=.{4})/;

/** Whether one prompt is negated and the other isn't, or one of two that say the same otherwise is once more. A prefix counts where the other prompt holds the word without it ("unlock",
 * "lock"); a word of failure that the other prompt lacks, and not knowing, stand for the other's negation ("failed", "didn't work"). */
export function differInNegation(x: PromptFacts, y: PromptFacts): boolean {
  const [a, b] = [x.negations + countPrefixed(x, y), y.negations + countPrefixed(y, x)];
  if (a > 0 === b > 0) return a !== b && isEqualSet(x.content, y.content);
  return a > 0 ? !failsInstead(y, x) : !failsInstead(x, y);
}

function isEqualSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const stem of a) if (!b.has(stem)) return false;
  return true;
}

function countPrefixed(x: PromptFacts, y: PromptFacts): number {
  let count = 0;
  for (const stem of x.content) {
    const base = stem.replace(prefix, "");
    if (base !== stem && y.content.has(base) && !x.content.has(base)) count += 1;
  }
  return count;
}

function failsInstead(x: PromptFacts, negated: PromptFacts): boolean {
  if (x.isUnsure) return true;
  for (const stem of x.failures) if (!negated.failures.has(stem)) return true;
  return false;
}

/** Whether one prompt opens with an answer (yes, no, maybe) that the other doesn't give. A "no" that the next words say again
 * ("no, it isn't") gives none where the other is negated, too. */
export function giveOtherAnswers(x: PromptFacts, y: PromptFacts): boolean {
  if (x.answer === y.answer) return false;
  return !(repeatsNo(x, y) || repeatsNo(y, x));
}

function repeatsNo(x: PromptFacts, y: PromptFacts): boolean {
  const isRepeated = x.words.slice(1, 5).some(({ text }) => negations.has(text));
  return x.answer === "no" && y.answer === null && isRepeated && y.negations > 0;
}
