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
export function costQualityHull<Point extends CostQuality>(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.usd - b.usd || b.quality - a.quality);
  const hull: Point[] = [];
  for (const point of sorted) {
    if (hull.length > 0 && point.quality <= hull.at(-1)!.quality) continue;
    while (hull.length > 1 && !isAbove(hull.at(-2)!, hull.at(-1)!, point)) hull.pop();
    hull.push(point);
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

/** Quality at a cost of random mixes of neighbouring points; beyond the dearest point it stays.
 * @param path in ascending cost, such as a hull
 * @returns NaN below the cheapest point: nothing can be had for that */
export function qualityAt(path: readonly CostQuality[], usd: number): number {
  const next = path.findIndex((point) => point.usd >= usd);
  if (next === -1) return path.at(-1)!.quality;
  const right = path[next]!;
  if (right.usd === usd) return right.quality;
  const left = path[next - 1];
  if (!left) return Number.NaN;
  return left.quality + ((right.quality - left.quality) * (usd - left.usd)) / (right.usd - left.usd);
}
