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
 * therefore constant and a whole text costs linear time, hostile or not. */
export interface Detector {
  /** Upper-case name in the placeholder, such as EMAIL. */
  readonly kind: string;
  /** At least one of these is in any text that can match; a cheap way out for the others. */
  readonly hints?: readonly string[];
  /** Candidates; a global expression. */
  readonly pattern: RegExp;
  /** Characters that may not stand before a candidate: it would be the rest of something longer. Tested apart from the
   * pattern, because a look-behind makes V8 try it at every character (ten times slower). */
  readonly glue?: RegExp;
  /** What to replace of a candidate; null when it is a decoy. Default: all of it. */
  find?(match: RegExpExecArray): Finding | null;
}

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
