import { stemWord } from "./stem-word.js";
import { unitClass, WordClass } from "./unit-classes.js";

/** One word, number or sign of a prompt. */
export interface PromptWord {
  /** Lower case, without apostrophes and possessive endings. */
  text: string;
  stem: string;
  kind: "word" | "number" | "name" | "sign";
  /** Whether it is a name by its form: a capital inside a sentence, a word in quotes, letters with digits, an address. */
  isName: boolean;
  /** Whether a sentence starts with it. */
  isFirst: boolean;
  /** Whether it stands right behind the last one, without a blank. */
  isGlued: boolean;
}

/** Longest prompt that is compared, in UTF-16 units. */
export const comparedCap = 32_768;

/** What is a name as a whole: a placeholder of the toolkit's redaction, a mailbox, an address. */
const wholeName =
  /\[[A-Z][A-Z_]{1,19}_[0-9a-f]{6}\]|[\p{L}\p{N}_.+-]{1,64}@[\p{L}\p{N}.-]{2,80}|https?:\/\/[^\s"]{1,200}/iuy;
const signs = new Set("$€£¥₹%°+*/=<>^,-");
const sentenceEnds = new Set(".?!\n");
const quotes = new Set('"“”«»„');
const germanWords = new Set("der die das ist nicht und ich wie kann mein meine für ein eine".split(" "));

/** Split a prompt for comparison: NFKC, at most {@link comparedCap} units of it. */
export function splitPrompt(text: string): PromptWord[] {
  const source = tidyText(text.slice(0, comparedCap));
  const mayHoldNames = /[[@]|:\/\//.test(source);
  const words: PromptWord[] = [];
  const capitals: PromptWord[] = [];
  let isFirst = true;
  let isQuoted = false;
  let end = -1;
  let at = 0;
  while (at < source.length) {
    const start = at;
    at = endOfToken(source, at, mayHoldNames);
    const raw = source.slice(start, at);
    const kind = kindOf(source, start, at);
    if (kind === null) {
      if (sentenceEnds.has(raw)) isFirst = true;
      else if (quotes.has(raw)) isQuoted = !isQuoted;
      continue;
    }
    const lower = raw.toLowerCase();
    const word = kind === "word" ? withoutApostrophe(lower) : lower;
    const isSign = kind === "sign";
    words.push({
      text: word,
      stem: kind === "word" ? stemWord(word) : word,
      kind,
      isName: kind === "name" || (isQuoted && kind === "word"),
      isFirst: isFirst && !isSign,
      isGlued: start === end,
    });
    if (kind === "word" && raw[0] !== lower[0]) capitals.push(words.at(-1)!);
    if (!isSign) isFirst = false;
    end = at;
  }
  if (capitals.length > 0 && capitalsMeanNames(words, capitals)) {
    for (const word of capitals) word.isName ||= !word.isFirst;
  }
  return words;
}

function tidyText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  return /^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFKC").replace(/[’‘`]/g, "'");
}

function endOfToken(source: string, start: number, mayHoldNames: boolean): number {
  if (mayHoldNames) {
    wholeName.lastIndex = start;
    if (wholeName.test(source)) return wholeName.lastIndex;
  }
  const unit = source.charCodeAt(start);
  if (isDigit(unit)) return endOfNumber(source, start);
  return isLetter(unit) ? endOfWord(source, start) : start + 1;
}

function endOfNumber(source: string, start: number): number {
  let at = start;
  while (true) {
    while (isDigit(source.charCodeAt(at))) at += 1;
    if (!".,:/-".includes(source[at] ?? " ") || !isDigit(source.charCodeAt(at + 1))) return at;
    at += 1;
  }
}

/** Letters with an ending such as 's, or letters with digits such as gpt-4o. */
function endOfWord(source: string, start: number): number {
  let at = start;
  while (isLetter(source.charCodeAt(at))) at += 1;
  const hasDigits = isDigit(source.charCodeAt(source[at] === "-" ? at + 1 : at));
  if (hasDigits) {
    at += 1;
    while (isDigit(source.charCodeAt(at)) || isLetter(source.charCodeAt(at))) at += 1;
    return at;
  }
  if (source[at] !== "'" || !isLetter(source.charCodeAt(at + 1))) return at;
  at += 1;
  while (isLetter(source.charCodeAt(at))) at += 1;
  return at;
}

/** @returns null for blanks, marks and whatever else isn't compared */
function kindOf(source: string, start: number, end: number): PromptWord["kind"] | null {
  const unit = source.charCodeAt(start);
  if (end === start + 1 && !isLetter(unit) && !isDigit(unit))
    return signs.has(source[start]!) ? "sign" : null;
  if (isDigit(unit))
    return isDigit(source.charCodeAt(end - 1)) && !source.slice(start, end).includes("@") ? "number" : "name";
  for (let i = start; i < end; i++) {
    if (!isLetter(source.charCodeAt(i)) && source[i] !== "'") return "name";
  }
  return "word";
}

function isDigit(unit: number): boolean {
  if (unit < 0x660 || Number.isNaN(unit)) return unit >= 0x30 && unit <= 0x39;
  return /\p{Nd}/u.test(String.fromCharCode(unit));
}

function isLetter(unit: number): boolean {
  if (unit < 0x80) return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
  return !Number.isNaN(unit) && (unitClass[unit]! & 3) >= WordClass.letter && !isDigit(unit);
}

function withoutApostrophe(word: string): string {
  const at = word.indexOf("'");
  if (at < 0) return word;
  return word.endsWith("'s") ? word.slice(0, -2) : word.slice(0, at) + word.slice(at + 1);
}

/** Where more of the longer words have capitals, the text is written in them. */
const mostNames = 0.8;

/** Capitals are no sign of a name where everything has them: in headlines, in shouting, in German. */
function capitalsMeanNames(words: readonly PromptWord[], capitals: readonly PromptWord[]): boolean {
  const isLong = ({ kind, text, isFirst }: PromptWord) => kind === "word" && text.length > 3 && !isFirst;
  const longer = words.filter(isLong).length;
  if (longer > 1 && capitals.filter(isLong).length > mostNames * longer) return false;
  let german = 0;
  for (const { text } of words) if (germanWords.has(text)) german += 1;
  return german < 2;
}
