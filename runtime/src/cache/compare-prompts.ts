import { hasAddedItem } from "./added-item.js";
import { differInNegation, giveOtherAnswers } from "./compare-negations.js";
import { type PreparedPrompt, preparePrompt } from "./prepare-prompt.js";
import type { PromptFacts } from "./prompt-facts.js";
import type { Quantities } from "./prompt-quantities.js";
import { comparedCap } from "./prompt-words.js";
import { hasSwappedDirection } from "./swapped-direction.js";
import { hasSwappedName } from "./swapped-name.js";

/** How two prompts differ. Booleans say that a kind of difference was seen, shares are in [0, 1]. */
export interface PromptDifferences {
  /** Other numbers, in digits or words, or the same ones counting other things. */
  numbers: boolean;
  /** Other units or currencies. */
  units: boolean;
  /** Other days, months, parts of a day, or "last" for "this". */
  dates: boolean;
  /** A name, quoted word or id of one that the other doesn't hold, or another word where a name stands. */
  names: boolean;
  /** One is negated and the other isn't. */
  negation: boolean;
  /** They hold opposite words, such as on and off. */
  antonym: boolean;
  /** The same things the other way round: from A to B, from B to A. */
  direction: boolean;
  /** Another question word. */
  question: boolean;
  /** One opens with an answer, such as yes, that the other doesn't give. */
  answer: boolean;
  /** One names one thing more in a list. */
  list: boolean;
  /** They differ beyond what is read. */
  unread: boolean;
  /** All content words of one are in the other, which says more. */
  detail: boolean;
  /** Shared content words over all content words (Jaccard). */
  overlap: number;
  /** Shared content words over those of the prompt that has fewer. */
  containment: number;
  /** Words of the shorter over those of the longer one. */
  lengthRatio: number;
  /** Of the pairs of shared content words that are neighbours in one prompt, those that are so in the other, in the same order; 1
   * for fewer than two shared words. */
  sameOrder: number;
}

/** Differences that make a cached answer a wrong one. Stable codes. */
export const blockingDifferences = [
  "numbers",
  "units",
  "dates",
  "names",
  "negation",
  "antonym",
  "direction",
  "question",
  "answer",
  "list",
  "unread",
] as const satisfies ReadonlyArray<keyof PromptDifferences>;
export type BlockingDifference = (typeof blockingDifferences)[number];

/** Fields of {@link PromptDifferences}, in the order of {@link differenceVector}. */
export const promptDifferenceNames = [
  ...blockingDifferences,
  "detail",
  "overlap",
  "containment",
  "lengthRatio",
  "sameOrder",
] as const satisfies ReadonlyArray<keyof PromptDifferences>;

type SilentDifferences = Omit<PromptDifferences, BlockingDifference>;

/** Compare two prompts by rules, in the things that similarity hardly sees. In English, and for numbers, dates, negations and
 * common opposites in German, French, Spanish and Portuguese; symmetric. That no difference is seen doesn't prove that they
 * mean the same.
 * @see docs/cache-key.md for what each rule reads */
export function comparePrompts(a: string | PreparedPrompt, b: string | PreparedPrompt): PromptDifferences {
  const [x, y] = [preparePrompt(a), preparePrompt(b)];
  const blocking = Object.fromEntries(blockingDifferences.map((code) => [code, rules[code](x, y)]));
  return { ...(blocking as Pick<PromptDifferences, BlockingDifference>), ...compareSilently(x, y) };
}

/** The differences that block nothing: cheap, and all that a score needs of a pair that the guard lets through. */
export function compareSilently(a: PreparedPrompt, b: PreparedPrompt): SilentDifferences {
  const [x, y] = [a.facts, b.facts];
  const shared = countShared(x.content, y.content);
  const least = Math.min(x.content.size, y.content.size);
  const all = x.content.size + y.content.size - shared;
  return {
    detail: shared === least && all > least && least > 0,
    overlap: all === 0 ? 1 : shared / all,
    containment: least === 0 ? 1 : shared / least,
    lengthRatio: ratio(x.words.length, y.words.length),
    sameOrder: shareInOrder(x.content, y.content),
  };
}

/** Codes of the differences that forbid serving one prompt's answer to the other, in fixed order. */
export function differenceCodes(differences: PromptDifferences): BlockingDifference[] {
  return blockingDifferences.filter((name) => differences[name]);
}

/** The differences as numbers, booleans as 0 and 1, in the order of {@link promptDifferenceNames}. */
export function differenceVector(differences: PromptDifferences): number[] {
  return promptDifferenceNames.map((name) => Number(differences[name]));
}

/** Why the answer of one prompt must not be served to the other: the first code whose rule objects; null when none does. */
export function guardPair(a: string | PreparedPrompt, b: string | PreparedPrompt): BlockingDifference | null {
  const [x, y] = [preparePrompt(a), preparePrompt(b)];
  return x.text === y.text ? null : (blockingDifferences.find((code) => rules[code](x, y)) ?? null);
}

type Rule = (x: PreparedPrompt, y: PreparedPrompt) => boolean;

const ofFacts =
  (rule: (x: PromptFacts, y: PromptFacts) => boolean): Rule =>
  (x, y) =>
    rule(x.facts, y.facts);

const rules: Readonly<Record<BlockingDifference, Rule>> = {
  numbers: ofFacts((x, y) => countOtherThings(x.quantities, y.quantities)),
  units: ofFacts((x, y) => !isEqualSet(x.quantities.units, y.quantities.units)),
  dates: ofFacts((x, y) => !isEqualSet(x.quantities.dates, y.quantities.dates)),
  names: ofFacts((x, y) => !holdsNames(x, y) || !holdsNames(y, x) || hasSwappedName(x, y)),
  negation: ofFacts(differInNegation),
  antonym: ofFacts(holdOpposites),
  direction: ofFacts(hasSwappedDirection),
  question: ofFacts(askOtherThings),
  answer: ofFacts(giveOtherAnswers),
  list: ofFacts(hasAddedItem),
  unread: (x, y) => Math.max(x.text.length, y.text.length) > comparedCap && x.text !== y.text,
};

function sortedKey(values: readonly string[]): string {
  return values.length < 2 ? (values[0] ?? "") : values.toSorted().join(" ");
}

/** Other numbers, or the same ones counting the same things, but each another one: 2 adults and 3 children, 3 adults and 2
 * children. */
function countOtherThings(x: Quantities, y: Quantities): boolean {
  if (sortedKey(x.numbers) !== sortedKey(y.numbers)) return true;
  if (x.numbers.length < 2 || sortedKey(x.counted) !== sortedKey(y.counted)) return false;
  return sortedKey(pairsOf(x)) !== sortedKey(pairsOf(y));
}

function pairsOf({ numbers, counted }: Quantities): string[] {
  return numbers.map((number, i) => `${number} ${counted[i]}`);
}

function isEqualSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && countShared(a, b) === a.size;
}

function countShared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared += 1;
  return shared;
}

function holdsNames(x: PromptFacts, y: PromptFacts): boolean {
  for (const name of x.names) if (!y.vocabulary.has(name)) return false;
  return true;
}

function holdOpposites(x: PromptFacts, y: PromptFacts): boolean {
  for (const [group, members] of x.opposites) {
    const others = y.opposites.get(group);
    if (others !== undefined && countShared(members, others) === 0) return true;
  }
  return false;
}

/** "How" and "where" often ask the same, and so do "when" and "how long". */
function askOtherThings({ question: a }: PromptFacts, { question: b }: PromptFacts): boolean {
  if (a === null || b === null || a === b) return false;
  const pair = [a, b].sort().join(" ");
  return pair !== "how where" && pair !== "how_long when";
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) === 0 ? 1 : Math.min(a, b) / Math.max(a, b);
}

function shareInOrder(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const pairs = neighbours(a, b);
  return pairs.size === 0 ? 1 : countShared(pairs, neighbours(b, a)) / pairs.size;
}

/** Pairs of shared stems between which no other shared one stands. */
function neighbours(stems: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  const pairs = new Set<string>();
  let last: string | null = null;
  for (const stem of stems) {
    if (!others.has(stem)) continue;
    if (last !== null) pairs.add(`${last} ${stem}`);
    last = stem;
  }
  return pairs;
}
