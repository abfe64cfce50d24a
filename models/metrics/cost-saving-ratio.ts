/** RouteLLM's cost-saving ratio: how many times fewer calls to the strong model a router needs than a random one for the same part of
 * the gap. Despite its name a ratio of call shares, not of dollars, and not against always-strong.
 * @param randomCpt share of strong calls that a random router needs: CPT(x), x itself in expectation
 * @param routerCpt share that the router needs for the same x, same unit
 * @see Ong et al. 2024, RouteLLM, sec. 5.1 */
export function costSavingRatio(randomCpt: number, routerCpt: number): number {
  return randomCpt / routerCpt;
}
