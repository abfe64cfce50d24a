/** A logged distribution of times as points of equal weight: at most `most` of them, so that two can be composed point by point. */
export interface TimePoints {
  /** Milliseconds to the last token, ascending. */
  total: Float64Array;
  /** Milliseconds to the first token of the same answers; NaN where it is not logged. */
  first: Float64Array;
  mean: number;
}

/** Cut logged times into equal shares of the sorted answers, each at its mean: the mean stays what it was, and with no more answers than
 * points each answer is a point.
 * @param total milliseconds to the last token, in any order
 * @param first milliseconds to the first token of the same answers, NaN = not logged
 * @returns null without answers */
export function timePoints(total: Column, first: Column, most = 64): TimePoints | null {
  const count = total.length;
  if (count === 0) return null;
  const order = Uint32Array.from(total.keys()).sort((a, b) => total[a]! - total[b]!);
  const points = Math.min(most, count);
  const out: TimePoints = { total: new Float64Array(points), first: new Float64Array(points), mean: 0 };
  for (let point = 0; point < points; point++) {
    const [from, to] = [(point * count) / points, ((point + 1) * count) / points];
    out.total[point] = meanBetween(order, total, from, to);
    out.first[point] = meanBetween(order, first, from, to);
    out.mean += out.total[point]! / points;
  }
  return out;
}

type Column = Float64Array | readonly number[];

/** Mean of the sorted values between two places, which may lie within a value; unknown values don't count. */
function meanBetween(order: Uint32Array, values: Column, from: number, to: number): number {
  let sum = 0;
  let weight = 0;
  for (let i = Math.floor(from); i < to; i++) {
    const share = Math.min(to, i + 1) - Math.max(from, i);
    const value = values[order[i]!]!;
    if (Number.isNaN(value) || share < 1e-12) continue;
    sum += share * value;
    weight += share;
  }
  return sum / weight;
}
