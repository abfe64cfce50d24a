import type { CostQuality } from "./cost-quality-hull.js";

/** AutoMix's incremental benefit per cost: how steeply quality rises with money above the weak model.
 * IBC = (quality - weak) / (usd - weak usd); the lift is IBC over that of the straight line from the weak to the strong
 * model (a random mix), - 1: positive = better than a random mix of the same cost. It compares points of about equal cost; near
 * the weak model's own cost it is all noise.
 * @returns NaN for a router that costs what the weak model costs
 * @see Aggarwal et al. 2024, AutoMix, arXiv 2310.12963, sec. 4 */
export function incrementalBenefit(
  router: CostQuality,
  weak: CostQuality,
  strong: CostQuality,
): { benefit: number; lift: number } {
  const slope = ({ usd, quality }: CostQuality) =>
    usd === weak.usd ? Number.NaN : (quality - weak.quality) / (usd - weak.usd);
  const benefit = slope(router);
  return { benefit, lift: benefit / slope(strong) - 1 };
}
