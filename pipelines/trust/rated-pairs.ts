import { groupBy } from "./group-by.js";
import type { JudgedPair } from "./judged-pairs.js";
import type { HumanRating } from "./read-ratings.js";

/** A judged pair with what humans agreed on, and the probability with which it came to be rated. */
export interface RatedPair {
  pair: JudgedPair;
  quality: number;
  tier: number | null;
  isStakes: boolean | null;
  inclusion: number;
}

/** Settle each rated pair: the majority of its raters, a tie where they split evenly. Within a candidate and a judge's verdict every
 * pair is taken to have had the same chance, rated / judged, which is how sheets are drawn and what makes pairs that nobody
 * filled in harmless; a file that states probabilities is believed.
 * @returns in the order of the pairs */
export function settleRatings(pairs: readonly JudgedPair[], ratings: readonly HumanRating[]): RatedPair[] {
  const byPair = groupBy(ratings, ({ pair }) => pair.pair_id);
  const judged = groupBy(pairs, ratingStratum);
  const rated = groupBy(
    pairs.filter(({ pair_id }) => byPair.has(pair_id)),
    ratingStratum,
  );
  return pairs.flatMap((pair) => {
    const all = byPair.get(pair.pair_id);
    if (!all) return [];
    const stratum = ratingStratum(pair);
    return [
      {
        pair,
        quality: majority(all.map(({ quality }) => quality)),
        tier: majorityOf(all.flatMap(({ tier }) => tier ?? [])),
        isStakes: majorityOf(all.flatMap(({ isStakes }) => isStakes ?? [])),
        inclusion:
          all.find(({ inclusion }) => inclusion !== null)?.inclusion ??
          rated.get(stratum)!.length / judged.get(stratum)!.length,
      },
    ];
  });
}

/** Pairs that exact checks settled, as ratings that nobody had to give: their quality is known, each with certainty. */
export function exactRatings(pairs: readonly JudgedPair[]): RatedPair[] {
  return pairs
    .filter(({ is_exact }) => is_exact)
    .map((pair) => ({ pair, quality: pair.quality, tier: null, isStakes: null, inclusion: 1 }));
}

/** Pairs with the same chance of being rated: one candidate, one verdict of the judge. */
export function ratingStratum({ candidate, quality }: JudgedPair): string {
  return `${candidate} judged ${verdictOf(quality)}`;
}

/** Name of a quality in {0, 0.5, 1}. */
export function verdictOf(quality: number): string {
  if (quality === 0.5) return "tie";
  return quality > 0.5 ? "sufficient" : "insufficient";
}

function majority(qualities: readonly number[]): number {
  const mean = qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length;
  if (mean === 0.5) return 0.5;
  return mean > 0.5 ? 1 : 0;
}

/** The most frequent value, the first of equals; null for none. */
function majorityOf<Value>(values: readonly Value[]): Value | null {
  const counts = [...groupBy(values, (value) => value)].sort(([, a], [, b]) => b.length - a.length);
  return counts[0]?.[0] ?? null;
}
