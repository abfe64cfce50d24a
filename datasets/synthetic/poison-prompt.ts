import type { Random } from "../random.js";
import { PoisonKind } from "./cache-poison.js";

/** A user's prompt with one thing flipped: near in wording, and with another answer. */
export interface PoisonedPrompt {
  prompt: string;
  kind: PoisonKind;
}

/** Flip, one at a time, what a prompt of real traffic holds: a number, a unit, a currency, a date, a name, a polarity, a
 * direction; and turn it into its negation where its words allow. Kinds that a prompt doesn't hold give nothing. English.
 * @returns at most one prompt per kind */
export function poisonPrompt(prompt: string, random: Random): PoisonedPrompt[] {
  return flips.flatMap(([kind, flip]) => {
    const flipped = flip(prompt, random);
    return flipped === null || flipped === prompt ? [] : [{ prompt: flipped, kind }];
  });
}

type Flip = (prompt: string, random: Random) => string | null;

/** Replace a whole word that stands in one of the groups by another of its group. Of a group of which a prompt holds several words, or
 * one in another form ("stop", "stopped"), none is replaced: what such a prompt would then ask isn't sure to differ. */
function swapWord(groups: ReadonlyArray<readonly string[]>): Flip {
  const words = groups.flat().toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}'-])(?:${words.join("|")})(?![\\p{L}\\p{N}'-])`, "giu");
  const groupOf = (word: string) => groups.find((members) => members.includes(word.toLowerCase()))!;
  const isLone = (prompt: string, word: string) =>
    [...prompt.matchAll(new RegExp(groupOf(word).map(rootOf).join("|"), "giu"))].length === 1;
  return (prompt, random) => {
    const found = [...prompt.matchAll(pattern)].filter(({ 0: word }) => isLone(prompt, word));
    if (found.length === 0) return null;
    const { 0: word, index } = random.pick(found);
    const other = random.pick(groupOf(word).filter((member) => member !== word.toLowerCase()));
    return prompt.slice(0, index) + likeCase(word, other) + prompt.slice(index + word.length);
  };
}

/** What the forms of a word share, about. */
function rootOf(word: string): string {
  return `(?<!\\p{L})${word.slice(0, Math.max(3, word.length - 2))}`;
}

function likeCase(model: string, word: string): string {
  return /^\p{Lu}/u.test(model) ? word[0]!.toUpperCase() + word.slice(1) : word;
}

function firstOf(...attempts: readonly Flip[]): Flip {
  return (prompt, random) => {
    for (const attempt of attempts) {
      const flipped = attempt(prompt, random);
      if (flipped !== null) return flipped;
    }
    return null;
  };
}

const otherDigits: Flip = (prompt, random) => {
  const found = [...prompt.matchAll(/(?<![\p{L}\p{N}.,-])\d{1,9}(?![\p{L}\p{N}])/gu)];
  if (found.length === 0) return null;
  const { 0: number, index } = random.pick(found);
  const other = String(Number(number) + 1 + random.below(8));
  return prompt.slice(0, index) + other + prompt.slice(index + number.length);
};

const numberWords = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty".split(
  " ",
);
const weekdays = "monday tuesday wednesday thursday friday saturday sunday".split(" ");
const months = "january february march april june july august september october november december".split(" ");
const units = [
  "kilometers miles",
  "kilograms pounds grams ounces",
  "kg lbs",
  "km mi",
  "hours days weeks months years minutes",
  "hour day week month year minute",
  "celsius fahrenheit",
].map((group) => group.split(" "));
const currencies = ["dollars euros pounds pesos yen francs rupees", "usd eur gbp jpy chf aud"].map((group) =>
  group.split(" "),
);
const polarities = (
  "enable disable|enabled disabled|activate deactivate|activated deactivated|increase decrease|raise lower|buy sell|open close|" +
  "opened closed|lock unlock|locked unlocked|freeze unfreeze|accept reject|accepted rejected|allow forbid|add remove|" +
  "cheap expensive|highest lowest|maximum minimum|max min|largest smallest|before after|inside outside|" +
  "incoming outgoing|deposit withdraw|upload download|start stop|first last|best worst|" +
  "hot cold|longest shortest|oldest newest"
)
  .split("|")
  .map((group) => group.split(" "));
const places = (
  "paris london tokyo berlin madrid rome chicago boston dallas seattle denver austin miami atlanta houston phoenix toronto sydney " +
  "moscow dubai singapore lisbon vienna prague oslo|france germany spain italy japan china canada mexico india brazil australia russia " +
  "england ireland poland sweden norway|texas california florida ohio nevada georgia oregon virginia colorado|" +
  "french german spanish italian japanese chinese russian portuguese korean|visa mastercard amex|google samsung microsoft amazon"
)
  .split("|")
  .map((group) => group.split(" "));
const names = ["Hartmann", "Okafor", "Lindqvist", "Moreau", "Tanaka"];

/** Words of languages in which capitals, or the lack of them, mean something else. */
const notEnglish = /(?<!\p{L})(?:der|die|das|und|ich|ist|nicht|ein|eine|wie|kann)(?!\p{L})/giu;

/** A word with a capital inside an English sentence that is no part of a longer name. */
const otherName: Flip = (prompt, random) => {
  if ([...prompt.matchAll(notEnglish)].length > 1) return null;
  const found = [
    ...prompt.matchAll(/(?<=(?<!\p{Lu}\p{Ll}*)(?<=\p{Ll}{2}),? )\p{Lu}\p{Ll}{3,}(?![-'’\p{L}]| \p{Lu})/gu),
  ];
  if (found.length === 0) return null;
  const { 0: name, index } = random.pick(found);
  return prompt.slice(0, index) + random.pick(names) + prompt.slice(index + name.length);
};

/** "From X to Y", where both are known places, names by their capitals, or things that are told ("my savings", "the airport"). */
const reverseRoute: Flip = (prompt) => {
  const thing = `(?:(?:my|the) \\p{Ll}+|\\p{Lu}\\p{Ll}+(?: \\p{Lu}\\p{Ll}+)*|${places.flat().join("|")})`;
  const end = "(?=[.?!,]|$| (?:on|in|for|and|at)\\b)";
  const route = new RegExp(`\\b[Ff]rom (${thing}) to (${thing})${end}`, "u").exec(prompt);
  if (route === null) return null;
  const [whole, origin, destination] = route;
  return prompt.replace(whole, () => `from ${destination} to ${origin}`);
};

/** "Can I pay", "can I not pay"; "the card is new", "the card is not new". Prompts that hold a negation are left alone, and so are
 * questions after knowledge, which mean the same either way. */
const negate: Flip = (prompt) => {
  if (
    /n['’]?t\b|\b(?:not|no|non|never|only|without|nothing|none|nobody|cannot|unable|unsure|impossible)\b/i.test(
      prompt,
    )
  )
    return null;
  const asked =
    /\b(?:can|could|should|do|does|did|will|would|must) (?:i|we|they|he|she|it|people|users)\b(?!['’]| (?:know|tell|remember|find|see)\b)/i;
  const stated = /(?<=\b(?:the|my|our|this|that|a) \p{L}+ )(?:is|are|was|were|can|will|should|must)\b/iu;
  const found = asked.exec(prompt) ?? stated.exec(prompt);
  if (found === null) return null;
  const end = found.index + found[0].length;
  return `${prompt.slice(0, end)} not${prompt.slice(end)}`;
};

/** Turn "turn it on" into "turn it off", and back, where on and off stand only there. */
const switched = (to: string, from: string): Flip => {
  const verb = "(turn|turned|turning|switch|switched|switching)";
  const pattern = new RegExp(`\\b${verb}( (?:\\S+ ){0,2})${from}\\b`, "i");
  return (prompt) => {
    const isLone = [...prompt.matchAll(/\b(?:on|off)\b/gi)].length === 1;
    return isLone && pattern.test(prompt) ? prompt.replace(pattern, `$1$2${to}`) : null;
  };
};

const flips: ReadonlyArray<readonly [PoisonKind, Flip]> = [
  [PoisonKind.number, firstOf(otherDigits, swapWord([numberWords]))],
  [PoisonKind.unit, swapWord(units)],
  [PoisonKind.currency, swapWord(currencies)],
  [PoisonKind.date, swapWord([weekdays, months, ["today", "tomorrow", "yesterday", "tonight"]])],
  [PoisonKind.entity, firstOf(swapWord(places), otherName)],
  [PoisonKind.polarity, firstOf(switched("off", "on"), switched("on", "off"), swapWord(polarities))],
  [PoisonKind.direction, reverseRoute],
  [PoisonKind.negation, negate],
];
