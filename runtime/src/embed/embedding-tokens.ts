import { unitClass, WordClass } from "../cache/unit-classes.js";
import { mixHash, stepHash } from "../features/hash-ngrams.js";
import { capText, textCap } from "../features/normalise-text.js";

const seed = 0x811c9dc5 | 0;
const spaceUnit = 0x20;
const shortestGram = 3;
const longestGram = 5;

/** Tokens that embedders read, each with how often it stands in the text, in order of first occurrence. A token is a run of
 * letters and digits, a run of ideographs, or one mark, in NFKC and lower case. Unlike the featuriser's n-grams, digits
 * keep their value: "4 days" is not "9 days".
 * @param text anything but a string counts as an empty text */
export function countTokens(text: string): Map<string, number> {
  const source = capText(capText(asText(text), textCap).normalize("NFKC").toLowerCase(), textCap);
  const counts = new Map<string, number>();
  let start = 0;
  while (start < source.length) {
    const wordClass = unitClass[source.charCodeAt(start)]! & 3;
    let end = start + 1;
    if (wordClass >= WordClass.letter) {
      while (end < source.length && (unitClass[source.charCodeAt(end)]! & 3) === wordClass) end += 1;
    }
    if (wordClass !== WordClass.space) {
      const token = source.slice(start, end);
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    start = end;
  }
  return counts;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Weight of a token that stands `count` times in a text: 1 + ln(count), in float32. */
export function tokenWeight(count: number): number {
  return count === 1 ? 1 : Math.fround(1 + Math.log(count));
}

/** Visit the hash of each character 3-, 4- and 5-gram of a token that is padded by one space on both sides; by position,
 * shorter ones first. A token of one unit has one: itself between two spaces.
 * @param visit gets 32 well-mixed bits */
export function forEachGram(token: string, visit: (hash: number) => void): void {
  const last = token.length + 1;
  for (let from = 0; from <= last + 1 - shortestGram; from++) {
    let hash = seed;
    const to = Math.min(from + longestGram, last + 1);
    for (let i = from; i < to; i++) {
      hash = stepHash(hash, i === 0 || i === last ? spaceUnit : token.charCodeAt(i - 1));
      if (i - from >= shortestGram - 1) visit(mixHash(hash));
    }
  }
}
