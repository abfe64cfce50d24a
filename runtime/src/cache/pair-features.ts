import { compareSilently, guardPair, type promptDifferenceNames } from "./compare-prompts.js";
import { type PreparedPrompt, preparePrompt } from "./prepare-prompt.js";

/** A cached prompt near a new one. */
export interface CachedNeighbour {
  /** Cosine of the two prompts. */
  similarity: number;
  prompt: string | PreparedPrompt;
  /** What its answer says, as an id: equal ids = the same answer. Absent or null = unknown, which equals nothing. */
  answer?: string | number | null;
}

/** Neighbours that are looked at; more are ignored. */
export const neighboursRead = 8;

const closest = 5;
/** Widths of the softmax over cosines by which neighbours vote. */
const voteWidths = [0.03, 0.1] as const;
/** Differences that leave the guard silent, and so still vary among pairs that it lets through. */
const silentDifferences = [
  "detail",
  "overlap",
  "containment",
  "lengthRatio",
  "sameOrder",
] as const satisfies ReadonlyArray<(typeof promptDifferenceNames)[number]>;

/** What the same-answer score reads of a prompt and its neighbours, in the order of {@link pairFeatures}.
 * - cosine: of the prompt and the neighbour whose answer may be served
 * - margin: that cosine less the highest among neighbours with another answer (less 0 when there is none); may be negative
 * - agree_closest, agree_all: share of the other neighbours, nearest five and all, that hold the same answer
 * - vote_narrow, vote_wide: share of that answer when neighbours vote with weight exp(cosine / width), width 0.03 and 0.1
 * - the others: see `PromptDifferences` */
export const pairFeatureNames = [
  "cosine",
  "margin",
  "agree_closest",
  "agree_all",
  "vote_narrow",
  "vote_wide",
  ...silentDifferences,
] as const;

/** The nearest neighbour whose answer the guard allows for this prompt; -1 when it allows none. A twin that names other numbers
 * or dates is passed over for the next one.
 * @param neighbours the nearest first */
export function findServable(
  prompt: string | PreparedPrompt,
  neighbours: readonly CachedNeighbour[],
): number {
  const count = Math.min(neighboursRead, neighbours.length);
  const asked = preparePrompt(prompt);
  for (let at = 0; at < count; at++) if (guardPair(asked, neighbours[at]!.prompt) === null) return at;
  return -1;
}

/** Features of serving one neighbour's answer to a prompt.
 * @param neighbours the nearest first
 * @param at place of the neighbour whose answer would be served
 * @returns one number per {@link pairFeatureNames}
 * @see docs/artifact.md, "Pair features", for the formulas */
export function pairFeatures(
  prompt: string | PreparedPrompt,
  neighbours: readonly CachedNeighbour[],
  at: number,
): Float32Array {
  const features = new Float32Array(pairFeatureNames.length);
  const count = Math.min(neighboursRead, neighbours.length);
  const lead = neighbours[at]!;
  let other = 0;
  let [agreeClosest, agreeAll, seenClosest] = [0, 0, 0];
  const same = new Array<number>(voteWidths.length).fill(0);
  const all = new Array<number>(voteWidths.length).fill(0);
  for (let i = 0; i < count; i++) {
    const neighbour = neighbours[i]!;
    const isSame = i === at || isSameAnswer(lead, neighbour);
    if (!isSame) other = Math.max(other, neighbour.similarity);
    if (i !== at && i < closest) {
      seenClosest += 1;
      if (isSame) agreeClosest += 1;
    }
    if (i !== at && isSame) agreeAll += 1;
    voteWidths.forEach((width, v) => {
      const weight = Math.exp((neighbour.similarity - neighbours[0]!.similarity) / width);
      all[v]! += weight;
      if (isSame) same[v]! += weight;
    });
  }
  features[0] = lead.similarity;
  features[1] = lead.similarity - other;
  features[2] = seenClosest === 0 ? 0 : agreeClosest / seenClosest;
  features[3] = count < 2 ? 0 : agreeAll / (count - 1);
  features[4] = same[0]! / all[0]!;
  features[5] = same[1]! / all[1]!;
  const differences = compareSilently(preparePrompt(prompt), preparePrompt(lead.prompt));
  silentDifferences.forEach((name, i) => {
    features[6 + i] = Number(differences[name]);
  });
  return features;
}

function isSameAnswer(a: CachedNeighbour, b: CachedNeighbour): boolean {
  return a.answer !== undefined && a.answer !== null && a.answer === b.answer;
}
