/** Mean cost and mean quality of one way to answer: a single model, or a router at one setting. */
export interface CostQuality {
  /** Mean cost of a request in USD; any unit that all points share will do. */
  usd: number;
  /** Mean quality, 0 to 1. */
  quality: number;
}

/** Best quality that the given points and random mixes of them reach at each cost: their upper convex hull, cut where it would
 * fall. Vertices only, in ascending cost and quality, each slope smaller than the one before.
 * @param points not empty
 * @see Hu et al. 2024, RouterBench, sec. 3.1: non-decreasing convex hull */
export function costQualityHull(points: readonly CostQuality[]): CostQuality[] {
  const sorted = [...points].sort((a, b) => a.usd - b.usd || b.quality - a.quality);
  const hull: CostQuality[] = [];
  for (const point of sorted) {
    if (hull.length > 0 && point.quality <= hull.at(-1)!.quality) continue;
    while (hull.length > 1 && !isAbove(hull.at(-2)!, hull.at(-1)!, point)) hull.pop();
    hull.push({ usd: point.usd, quality: point.quality });
  }
  return hull;
}

/** Whether the middle point lies strictly above the line between the outer two. */
function isAbove(left: CostQuality, middle: CostQuality, right: CostQuality): boolean {
  return (
    (middle.quality - left.quality) * (right.usd - left.usd) >
    (right.quality - left.quality) * (middle.usd - left.usd)
  );
}

/** Quality on a hull at a cost; beyond its dearest point the hull is flat.
 * @param hull from {@link costQualityHull}
 * @returns NaN below the cheapest point: nothing can be had for that */
export function hullQuality(hull: readonly CostQuality[], usd: number): number {
  const next = hull.findIndex((point) => point.usd >= usd);
  if (next === -1) return hull.at(-1)!.quality;
  const right = hull[next]!;
  if (right.usd === usd) return right.quality;
  const left = hull[next - 1];
  if (!left) return Number.NaN;
  return left.quality + ((right.quality - left.quality) * (usd - left.usd)) / (right.usd - left.usd);
}
