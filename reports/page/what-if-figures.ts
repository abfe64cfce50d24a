import type { WhatIfPoint } from "../content.js";

/** What a setting of the dial costs at other prices. Which calls are routed away follows from quality, not from prices, so that
 * each part of the cost scales with its own price.
 * @param strongPrice of the strong model, as a multiple of today's
 * @param candidatePrice of all the others, as a multiple of today's */
export function whatIfFigures(
  { strongUsd, candidatesUsd, alwaysStrongUsd }: WhatIfPoint,
  strongPrice: number,
  candidatePrice: number,
): { usd: number; alwaysStrongUsd: number; saving: number } {
  const usd = strongUsd * strongPrice + candidatesUsd * candidatePrice;
  const always = alwaysStrongUsd * strongPrice;
  return { usd, alwaysStrongUsd: always, saving: 1 - usd / always };
}
