/** Share of requests that a random mix of two models must send to the dearer one to cost what a router costs: what the same money
 * buys without a router.
 * @param routerUsd mean or total cost of the router; the other two in the same unit
 * @returns in [0, 1]; 0 or 1 when the router costs less than the cheaper or more than the dearer model */
export function costMatchedShare(routerUsd: number, cheapUsd: number, strongUsd: number): number {
  return Math.min(1, Math.max(0, (routerUsd - cheapUsd) / (strongUsd - cheapUsd)));
}
