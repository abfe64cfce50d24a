import { createRandom } from "../../../datasets/random.js";
import { inclusionProbabilities, systematicSample } from "../../../models/statistics/systematic-sample.js";

/** Where pairs are drawn: everywhere alike, or more of them where a threshold may come to lie. */
export const PairFocus = { uniform: "uniform", nearThreshold: "near-threshold" } as const;
export type PairFocus = (typeof PairFocus)[keyof typeof PairFocus];

/** A pair that may be drawn. */
export interface PairUnit {
  segment: string;
  request_id: string;
  entry_id: string;
  /** Score or cosine. */
  value: number;
  /** Equal requests that it stands for. */
  requests: number;
}

/** A drawn pair. */
export interface DrawnPair extends PairUnit {
  /** Chance with which the request itself was drawn, in (0, 1]: its inverse is the number of requests that the pair stands for. */
  inclusion_probability: number;
}

/** How to draw. */
export interface DrawOptions {
  labels: number;
  focus: PairFocus;
  /** Thresholds in use, by segment; "*" for all others. */
  thresholds: Readonly<Record<string, number>>;
  seed: number;
}

/** Draw pairs, each in proportion to the requests that it stands for, so that labels are as good as labels of requests drawn at random;
 * with focus near-threshold also by the nearness of their value to a threshold: the segment's own, or where none is known its quartiles. A
 * fifth of the chance stays even, so that nothing is left without. The draw is systematic through segments, in random order within them:
 * every segment gets its share of the traffic.
 * @param units in random order
 * @returns in the random order in which they are to be judged
 * @see Hoeffding 1963, sec. 6: draws without replacement keep binomial bounds */
export function drawPairs(
  units: readonly PairUnit[],
  { labels, focus, thresholds, seed }: DrawOptions,
): DrawnPair[] {
  if (units.length === 0) return [];
  const order = [...units].sort((a, b) => (a.segment < b.segment ? -1 : Number(a.segment > b.segment)));
  const sizes =
    focus === PairFocus.uniform
      ? order.map(({ requests }) => requests)
      : sizesNear(order, anchorsOf(order, thresholds));
  const chances = inclusionProbabilities(sizes, Math.min(labels, order.length));
  const random = createRandom(seed);
  const drawn = systematicSample(chances, random.uniform()).map((place) => {
    const unit = order[place]!;
    return { ...unit, inclusion_probability: chances[place]! / unit.requests };
  });
  return random.shuffle(drawn);
}

function sizesNear(units: readonly PairUnit[], anchors: ReadonlyMap<string, readonly number[]>): number[] {
  const closeness = units.map(
    ({ segment, value, requests }) =>
      requests *
      Math.max(...anchors.get(segment)!.map((anchor) => Math.exp(-Math.abs(value - anchor) / width))),
  );
  const total = closeness.reduce((sum, size) => sum + size, 0);
  const traffic = units.reduce((sum, { requests }) => sum + requests, 0);
  return units.map(
    ({ requests }, i) => (evenShare * requests) / traffic + ((1 - evenShare) * closeness[i]!) / total,
  );
}

/** Values around which a segment's pairs are drawn. */
function anchorsOf(
  units: readonly PairUnit[],
  thresholds: Readonly<Record<string, number>>,
): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const { segment, value } of units) {
    const known = values.get(segment);
    if (known) known.push(value);
    else values.set(segment, [value]);
  }
  return new Map(
    [...values].map(([segment, all]) => {
      const threshold = thresholds[segment] ?? thresholds["*"];
      const sorted = all.sort((a, b) => a - b);
      const quartiles = [1, 2, 3].map((quarter) => sorted[Math.floor((sorted.length * quarter) / 4)]!);
      return [segment, threshold === undefined ? quartiles : [threshold]];
    }),
  );
}

/** Part of the chance that is spread by traffic alone. */
const evenShare = 0.2;

/** Distance from a threshold at which the rest of the chance falls to 1 / e. */
const width = 0.05;
