/** One item of a regular expression's sequence with how often it may repeat. */
export interface PatternItem {
  /** A character, escape, class or assertion as it is written; null for groups. */
  atom: string | null;
  /** Alternatives of a group or a lookahead; null for the rest. */
  group: PatternItem[][] | null;
  /** Takes no characters: `^`, `$`, `\b`, `\B` and lookaheads. */
  isAssertion: boolean;
  min: number;
  max: number;
}

/** Read a regular expression that the engine already accepts into alternatives of sequences.
 * @throws {RangeError} in words, for what can't be matched in bounded time or isn't read: backreferences, lookbehind, modifiers */
export function parsePattern(source: string): PatternItem[][] {
  return readAlternatives({ source, at: 0 });
}

interface Cursor {
  readonly source: string;
  at: number;
}

function readAlternatives(cursor: Cursor): PatternItem[][] {
  const alternatives: PatternItem[][] = [[]];
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ")") {
    if (cursor.source[cursor.at] === "|") {
      cursor.at += 1;
      alternatives.push([]);
      continue;
    }
    const item = readItem(cursor);
    alternatives.at(-1)!.push({ ...item, ...readRepeat(cursor) });
  }
  return alternatives;
}

type Unrepeated = Omit<PatternItem, "min" | "max">;

function readItem(cursor: Cursor): Unrepeated {
  const unit = cursor.source[cursor.at]!;
  if (unit === "(") return readGroup(cursor);
  const atom = unit === "[" ? readClass(cursor) : unit === "\\" ? readEscape(cursor) : unit;
  cursor.at += unit === "[" || unit === "\\" ? 0 : 1;
  const isAssertion = ["^", "$", "\\b", "\\B"].includes(atom);
  return { atom, group: null, isAssertion };
}

function readGroup(cursor: Cursor): Unrepeated {
  const rest = cursor.source.slice(cursor.at, cursor.at + 100);
  if (/^\(\?<[=!]/.test(rest))
    throw new RangeError("lookbehind isn't allowed: it is tried at every character");
  const head = /^\((?:\?:|\?[=!]|\?<[^>]+>)?/.exec(rest)![0];
  if (head === "(" && rest[1] === "?") {
    throw new RangeError("modifiers aren't read, but for (?i) at the very start");
  }
  cursor.at += head.length;
  const group = readAlternatives(cursor);
  cursor.at += 1;
  return { atom: null, group, isAssertion: head === "(?=" || head === "(?!" };
}

function readClass(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at += 1;
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== "]") {
    cursor.at += cursor.source[cursor.at] === "\\" ? 2 : 1;
  }
  cursor.at += 1;
  return cursor.source.slice(start, cursor.at);
}

function readEscape(cursor: Cursor): string {
  const rest = cursor.source.slice(cursor.at, cursor.at + 100);
  if (/^\\[1-9]|^\\k/.test(rest)) {
    throw new RangeError("backreferences aren't allowed: a hostile text makes them slow");
  }
  const atom = /^\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]*\}|c[A-Za-z]|[\s\S])/.exec(
    rest,
  )![0];
  cursor.at += atom.length;
  return atom;
}

function readRepeat(cursor: Cursor): { min: number; max: number } {
  const [text, sign, low, comma, high] =
    /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(cursor.source.slice(cursor.at, cursor.at + 40)) ?? [];
  if (text === undefined) return { min: 1, max: 1 };
  cursor.at += text.length;
  if (sign !== undefined)
    return { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Number.POSITIVE_INFINITY };
  const min = Number(low);
  return { min, max: high !== "" ? Number(high) : comma === "," ? Number.POSITIVE_INFINITY : min };
}
