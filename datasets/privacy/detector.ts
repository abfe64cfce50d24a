/** A place in a text that must not be kept, and the value that decides its placeholder: the same mailbox or number
 * written in two ways has one `value`. */
export interface Finding {
  start: number;
  end: number;
  value: string;
}

/** Finds one kind of secret or personal data.
 *
 * Every pattern is bounded: fixed-size look-behinds, no unbounded repeat inside another. The cost per start position is
 * therefore constant and a whole text costs linear time, hostile or not. */
export interface Detector {
  /** Upper-case name in the placeholder, such as EMAIL. */
  readonly kind: string;
  /** At least one of these is in any text that can match; a cheap way out for the others. */
  readonly hints?: readonly string[];
  /** Candidates; a global expression. */
  readonly pattern: RegExp;
  /** What to replace of a candidate; null when it is a decoy. */
  find(match: RegExpExecArray): Finding | null;
}

/** The whole candidate, as it stands. */
export function wholeMatch(match: RegExpExecArray): Finding {
  return { start: match.index, end: match.index + match[0].length, value: match[0] };
}

/** The candidate's last `length` characters: the value behind a prefix that stays. */
export function tailOfMatch(match: RegExpExecArray, value: string): Finding {
  const end = match.index + match[0].length;
  return { start: end - value.length, end, value };
}

/** Source of a look-behind for the start of a word. Logged bodies are often JSON inside JSON, so the letter of an escape
 * such as `\n` or `\u003c` is not part of the word behind it, and never the start of one.
 * @param wordCharacters members of a character class that may not stand in front */
export function wordStart(wordCharacters = "\\w"): string {
  return `(?:(?<![${wordCharacters}])(?<!\\\\(?=[nrtbfu]))|(?<=\\\\(?:[nrtbf]|u[0-9A-Fa-f]{4})))`;
}
