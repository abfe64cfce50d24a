/** What the RouterArena score weighs. */
interface ArenaInput {
  /** 0 to 1. */
  accuracy: number;
  /** Cost of 1,000 queries in USD. */
  usdPer1k: number;
}

const beta = 0.1;
const dearest = 200;
const cheapest = 0.0044;

/** RouterArena's score, 0 to 100: S = (1 + b) A C / (b A + C) with b = 0.1, where C falls from 1 at $0.0044 to 0 at $200 per
 * 1,000 queries on a log scale. Accuracy weighs ten times as much as cost.
 * @see RouterArena, arXiv 2510.00202; router_evaluation/compute_scores.py */
export function routerArenaScore({ accuracy, usdPer1k }: ArenaInput): number {
  const usd = Math.min(dearest, Math.max(cheapest, usdPer1k));
  const thrift = Math.log2(dearest / usd) / Math.log2(dearest / cheapest);
  const bottom = beta * accuracy + thrift;
  return bottom === 0 ? 0 : (100 * (1 + beta) * accuracy * thrift) / bottom;
}

/** How near a router's choices are to the cheapest right ones, each 0 to 1. */
interface ArenaOptimality {
  /** Of the rows that some model gets right: share that the router gets right by the cheapest such model. */
  selection: number;
  /** The router's accuracy over that of the oracle, which is right wherever some model is. */
  accuracy: number;
  /** Cost of the cheapest right models over the router's, on rows that the router gets right. */
  cost: number;
}

/** RouterArena's Opt.Sel, Opt.Acc and Opt.Cost. An answer counts as right from quality 0.5 on.
 * @param quality of each model on each row, (models)(rows)
 * @param usd cost of each model on each row, (models)(rows)
 * @param chosen model number of each row
 * @see RouterArena, pull request 97, for the definition without the early bug */
export function routerArenaOptimality(
  quality: readonly ArrayLike<number>[],
  usd: readonly ArrayLike<number>[],
  chosen: ArrayLike<number>,
): ArenaOptimality {
  let solvable = 0;
  let best = 0;
  let right = 0;
  let oracleUsd = 0;
  let routedUsd = 0;
  for (let row = 0; row < chosen.length; row++) {
    const costs = usd.flatMap((costs, model) => (quality[model]![row]! >= 0.5 ? costs[row]! : []));
    if (costs.length === 0) continue;
    const cheapestRight = Math.min(...costs);
    solvable += 1;
    if (quality[chosen[row]!]![row]! < 0.5) continue;
    const spent = usd[chosen[row]!]![row]!;
    right += 1;
    oracleUsd += cheapestRight;
    routedUsd += spent;
    if (spent <= cheapestRight) best += 1;
  }
  return { selection: best / solvable, accuracy: right / solvable, cost: oracleUsd / routedUsd };
}
