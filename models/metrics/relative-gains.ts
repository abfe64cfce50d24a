import type { CostQuality } from "./cost-quality-hull.js";

/** LLMRouterBench's performance setting, relative and signed. */
interface RelativeGains {
  /** Gain@R: quality over that of a random model, - 1. */
  overRandom: number;
  /** Gain@B: quality over that of the best single model, - 1. */
  overBest: number;
  /** Gap@O: 1 - quality over that of the oracle, which picks a right model wherever there is one. */
  toOracle: number;
}

/** Gain@R, Gain@B and Gap@O of a router. Random is the mean of all models.
 * @see LLMRouterBench, arXiv 2601.07206 */
export function relativeGains(
  quality: number,
  { random, best, oracle }: { random: number; best: number; oracle: number },
): RelativeGains {
  return { overRandom: quality / random - 1, overBest: quality / best - 1, toOracle: 1 - quality / oracle };
}

/** LLMRouterBench's cost setting: what a router's settings win over the best single model.
 * ParetoDist is left out: it depends on which other routers are in the table. */
interface CostGains {
  /** PerfGain: largest relative gain of quality at any cost; negative when no setting reaches the best single model. */
  performance: number;
  /** CostSave: largest relative cut of cost without losing quality; null when every setting loses some, negative when all that
   * lose none are dearer. */
  saving: number | null;
}

/** PerfGain and CostSave of a router.
 * @param points of the router, one per setting; not empty
 * @param best the single model with the highest quality
 * @see LLMRouterBench, arXiv 2601.07206 */
export function costGains(points: readonly CostQuality[], best: CostQuality): CostGains {
  const performance = Math.max(...points.map(({ quality }) => quality)) / best.quality - 1;
  const kept = points.filter(({ quality }) => quality >= best.quality).map(({ usd }) => usd);
  return { performance, saving: kept.length > 0 ? 1 - Math.min(...kept) / best.usd : null };
}
