import type { PromptWord } from "./prompt-words.js";
import {
  dateModifiers,
  dateWords,
  looseUnits,
  multipliers,
  numberWords,
  quantityWords,
  shortDates,
  units,
} from "./quantity-words.js";

/** Numbers, units and dates of a prompt, each in one spelling. */
export interface Quantities {
  /** `2` for 2, two and 2nd; `17:30` for 5:30 pm; `11:30` for half past 11. In order; signs between numbers, too. */
  numbers: string[];
  /** What each number counts: its unit, or the stem of the next word. */
  counted: string[];
  units: Set<string>;
  dates: Set<string>;
  /** Indices of the words that these are made of. */
  used: Set<number>;
}

const ordinalEnd = /^(?:st|nd|rd|th|er|ème|º|ª)$/;
const periods = new Set(["quarter", "semester", "season", "decade", "century", "weekday", "term"]);
const beforeOne = new Set(["for", "in", "within", "after", "over", "about", "only", "just", "since"]);
const beforeDate = new Set(["in", "of", "on", "since", "until", "till", "by", "from", "before", "after"]);
const operators = new Set(["+", "*", "/", "^", "=", "<", ">", "-"]);
/** Words that start a number besides number words. */
const otherStarts = new Set(["a", "an", "one", "half", "quarter"]);
const articles = new Set(["a", "an", "one"]);

/** Read the numbers, units and dates of a prompt, in digits or in words. */
export function readQuantities(words: readonly PromptWord[]): Quantities {
  const found: Quantities = { numbers: [], counted: [], units: new Set(), dates: new Set(), used: new Set() };
  let i = 0;
  while (i < words.length) {
    const { kind, text } = words[i]!;
    if (kind === "word" && !quantityWords.has(text) && !otherStarts.has(text)) {
      i += 1;
      continue;
    }
    const number = readNumber(words, i);
    const taken = number === null ? readWord(words, i, found) : addNumber(words, i, number, found);
    for (let used = 0; used < taken; used++) found.used.add(i + used);
    i += Math.max(1, taken);
  }
  return found;
}

interface NumberRead {
  value: string;
  /** Words that it is made of. */
  taken: number;
}

function readNumber(words: readonly PromptWord[], at: number): NumberRead | null {
  const { text, kind } = words[at]!;
  if (kind === "number") return readDigits(words, at);
  if (kind !== "word") return null;
  if (text === "half" || text === "quarter") return readClock(words, at);
  if (articles.has(text)) {
    if (multipliers.has(words[at + 1]?.text ?? "")) return readNumberWords(words, at);
    return isOne(words, at) ? { value: "1", taken: 1 } : null;
  }
  return numberWords.has(text) ? readNumberWords(words, at) : null;
}

function readDigits(words: readonly PromptWord[], at: number): NumberRead {
  const value = normaliseDigits(words[at]!.text);
  const next = words[at + 1];
  if (next === undefined || next.kind !== "word") return { value, taken: 1 };
  if (next.isGlued && ordinalEnd.test(next.text)) return { value, taken: 2 };
  const factor = multipliers.get(next.text);
  if (factor !== undefined) return { value: String(Number(value) * factor), taken: 2 };
  const clock = /^(\d{1,2})(?:[:.](\d{1,2}))?$/.exec(words[at]!.text);
  if (clock !== null && /^(?:am|pm|oclock|uhr)$/.test(next.text)) {
    const hour = (Number(clock[1]) % 12) + (next.text === "pm" ? 12 : 0);
    return {
      value: `${next.text.length > 2 ? clock[1] : hour}:${(clock[2] ?? "00").padStart(2, "0")}`,
      taken: 2,
    };
  }
  return { value, taken: 1 };
}

/** Without separators of thousands and zeros at the end; dates, times and ids stay as they are written. */
function normaliseDigits(text: string): string {
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(text)) return text.replace(/[.,]/g, "");
  if (/^(?:[1-9]\d{0,14}|0)[.,]\d{1,15}$/.test(text)) return String(Number(text.replace(",", ".")));
  return text;
}

function readClock(words: readonly PromptWord[], at: number): NumberRead | null {
  const link = words[at + 1]?.text;
  const hour = words[at + 2];
  const value =
    hour === undefined
      ? undefined
      : (numberWords.get(hour.text) ?? (hour.text === "one" ? 1 : Number(hour.text)));
  if (value === undefined || !(value >= 0 && value <= 24)) return null;
  if (link === "past") return { value: `${value}:${words[at]!.text === "half" ? "30" : "15"}`, taken: 3 };
  return link === "to" && words[at]!.text === "quarter" ? { value: `${value - 1}:45`, taken: 3 } : null;
}

/** "One" and "a" are numbers where they count: "one night", "in a week"; not in "this one", "a card". */
function isOne(words: readonly PromptWord[], at: number): boolean {
  const next = words[at + 1]?.text ?? "";
  if (words[at]!.text === "one") return units.has(next) || looseUnits.has(next) || isCounted(words, at + 1);
  return units.has(next) && beforeOne.has(words[at - 1]?.text ?? "");
}

function isCounted(words: readonly PromptWord[], at: number): boolean {
  const before = words[at - 2]?.text ?? "";
  return words[at]?.kind === "word" ? beforeOne.has(before) : before === "just" || before === "only";
}

function readNumberWords(words: readonly PromptWord[], at: number): NumberRead {
  let total = 0;
  let current = numberWords.get(words[at]!.text) ?? 1;
  let i = at + 1;
  for (; i < words.length; i++) {
    const { text } = words[i]!;
    const next = numberWords.get(text) ?? (text === "one" ? 1 : undefined);
    const factor = multipliers.get(text);
    if (factor === 100) current *= 100;
    else if (factor !== undefined) {
      total += current * factor;
      current = 0;
    } else if (next !== undefined && fits(current, next)) current += next;
    else if (
      !(isJoint(text) && numberWords.has(words[i + 1]?.text ?? "") && current % 10 === 0 && current > 0)
    )
      break;
  }
  return { value: String(total + current), taken: i - at };
}

function fits(current: number, next: number): boolean {
  return (
    (current === 0 && next > 0) ||
    (current >= 20 && current % 10 === 0 && next < 10) ||
    (current >= 100 && current % 100 === 0 && next < 100)
  );
}

function isJoint(text: string): boolean {
  return text === "-" || text === "and";
}

function addNumber(
  words: readonly PromptWord[],
  at: number,
  { value, taken }: NumberRead,
  found: Quantities,
): number {
  const next = words[at + taken];
  const unit = next === undefined ? undefined : (units.get(next.text) ?? looseUnits.get(next.text));
  found.numbers.push(value);
  found.counted.push(
    unit ?? looseUnits.get(words[at - 1]?.text ?? "") ?? (next?.kind === "word" ? next.stem : ""),
  );
  if (unit === undefined) return taken;
  found.units.add(unit);
  return taken + 1;
}

function readWord(words: readonly PromptWord[], at: number, found: Quantities): number {
  const { text } = words[at]!;
  const modifier = dateModifiers.get(text);
  if (modifier !== undefined) return readPeriod(words, at, modifier, found);
  const date = dateWords.get(text) ?? (isBesideDate(words, at) ? shortDates.get(text) : undefined);
  const unit = looseUnits.get(text);
  if (date !== undefined) found.dates.add(date);
  else if (unit !== undefined) found.units.add(unit);
  else if (operators.has(text) && isNumber(words[at - 1]) && isNumber(words[at + 1])) {
    found.numbers.push(text);
    found.counted.push("");
  } else return 0;
  return 1;
}

function readPeriod(words: readonly PromptWord[], at: number, modifier: string, found: Quantities): number {
  let next = at + 1;
  while (/^(?:few|couple|of)$/.test(words[next]?.text ?? "")) next += 1;
  const text = words[next]?.text ?? "";
  const period =
    units.get(text) ?? dateWords.get(text) ?? shortDates.get(text) ?? (periods.has(text) ? text : undefined);
  if (period !== undefined) found.dates.add(`${modifier} ${period}`);
  else if (modifier !== "this" && isNumber(words[next])) found.dates.add(modifier);
  else return 0;
  return period === undefined ? 1 : next + 1 - at;
}

function isBesideDate(words: readonly PromptWord[], at: number): boolean {
  const before = words[at - 1];
  return (
    isNumber(before) ||
    isNumber(words[at + 1]) ||
    ordinalEnd.test(before?.text ?? "") ||
    beforeDate.has(before?.text ?? "")
  );
}

function isNumber(word: PromptWord | undefined): boolean {
  return word !== undefined && (word.kind === "number" || numberWords.has(word.text));
}
