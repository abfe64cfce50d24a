/** A place in a text that must not be kept, and the value that decides its placeholder: the same mailbox or number
 * written in two ways has one `value`. */
export interface Finding {
  start: number;
  end: number;
  value: string;
}

/** Finds one kind of secret or personal data.
 *
 * Every pattern is bounded: no unbounded repeat, none inside another without a bound. The cost per start position is
 * therefore constant and a whole text costs linear time, hostile or not. What needs a look around the candidate is in
 * `glue` and `find`, so that the patterns also run on engines without lookarounds (RE2). */
export interface Detector {
  /** Upper-case name in the placeholder, such as EMAIL. */
  readonly kind: string;
  /** At least one of these stands in any text that holds a finding: lower case, matched in any case; `0` is any digit. */
  readonly hints: readonly string[];
  /** Candidates; a global expression. */
  readonly pattern: RegExp;
  /** RE2 source that matches in every text that holds a finding, as rarely as possible elsewhere. Default: the pattern. */
  readonly suspicion?: string;
  /** Characters that may not stand before a candidate: it would be the rest of something longer. */
  readonly glue?: RegExp;
  /** What to replace of a candidate; null when it is a decoy. Default: all of it. */
  find?(match: RegExpExecArray): Finding | null;
}

/** RE2 source of a suspicion that many kinds of numbers share: nine digits that don't follow a decimal point, three groups of
 * them, or groups between dots. One expression instead of ten keeps the automaton of all suspicions small. */
export const longNumber =
  "(?:^|[^.\\w]|\\\\[nrtbf]|\\\\u[0-9A-Fa-f]{4})\\d(?:-?\\d){8}|\\d\\d \\d\\d+ \\d\\d|\\d{2}\\.\\d{2,4}\\.\\d{2,4}[.-]\\d\\d";

/** The whole candidate, as it stands. */
export function wholeMatch(match: RegExpExecArray): Finding {
  return { start: match.index, end: match.index + match[0].length, value: match[0] };
}

/** The candidate's end: the value behind a prefix that stays. */
export function tailOfMatch(match: RegExpExecArray, value: string): Finding {
  const end = match.index + match[0].length;
  return { start: end - value.length, end, value };
}

/** Up to `count` characters before the candidate. */
export function textBefore(match: RegExpExecArray, count: number): string {
  return match.input.slice(Math.max(0, match.index - count), match.index);
}

/** The same with escapes read as spaces: for words that announce a candidate. */
export function wordsBefore(match: RegExpExecArray, count: number): string {
  return textBefore(match, count).replace(/\\(?:[nrtbf]|u[0-9A-Fa-f]{4})/g, " ");
}

/** Whether what follows the candidate makes it a part of something longer.
 * @param continuation anchored at its start */
export function isContinued(match: RegExpExecArray, continuation: RegExp): boolean {
  const end = match.index + match[0].length;
  return continuation.test(match.input.slice(end, end + 2));
}

/** Whether a word can start at a place. Logged bodies are often JSON inside JSON, so the letter of an escape such as `\n` or
 * `\u003c` does not glue, and a word never starts with one.
 * @param glue class of the characters that may not stand in front */
export function isWordStart(text: string, index: number, glue: RegExp): boolean {
  if (index === 0) return true;
  const before = text.slice(Math.max(0, index - 6), index);
  if (/\\(?:[nrtbf]|u[0-9A-Fa-f]{4})$/.test(before)) return true;
  if (before.endsWith("\\") && /[nrtbfu]/.test(text[index]!)) return false;
  return !glue.test(before.at(-1)!);
}
