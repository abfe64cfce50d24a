import { type CostQuality, costQualityHull, qualityAt } from "./cost-quality-hull.js";

/** AIQ, average improvement in quality: the mean over costs of the best quality that a router's settings and random mixes of
 * them reach, 1 / (to - from) * integral of the hull. Compare it on one range of costs only, and first with the Zero
 * router's; without that it says more about the models than about the router. The hull picks the luckiest of many settings on the very
 * rows that it is measured on, so that even a random router beats Zero a little: hold it against {@link meanQuality}.
 * @param points of the router, one per setting; the cheapest may cost no more than `from`
 * @param range costs of the cheapest and of the dearest single model
 * @returns in the unit of quality; NaN when no point is as cheap as `from`
 * @see Hu et al. 2024, RouterBench, arXiv 2403.12031, eq. 3 */
export function averageImprovement(
  points: readonly CostQuality[],
  { from, to }: { from: number; to: number },
): number {
  return meanQuality(costQualityHull(points), { from, to });
}

/** The same mean along points as they are, dips included: nothing is picked by its luck on these rows, so a random router comes
 * out no better than Zero.
 * @param path in ascending cost; neighbours are mixed */
export function meanQuality(
  path: readonly CostQuality[],
  { from, to }: { from: number; to: number },
): number {
  const inside = path.map(({ usd }) => usd).filter((usd) => usd > from && usd < to);
  const costs = [from, ...inside, to];
  let area = 0;
  for (let i = 1; i < costs.length; i++) {
    const mean = (qualityAt(path, costs[i - 1]!) + qualityAt(path, costs[i]!)) / 2;
    area += mean * (costs[i]! - costs[i - 1]!);
  }
  return area / (to - from);
}
