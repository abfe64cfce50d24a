import type { RoutedCosts } from "../../datasets/model-evidence.js";
import { candidateAt } from "../../models/thresholds/certify-retention.js";
import type { HeldOut } from "./held-out-rows.js";

/** What a threshold costs on held-out rows, apart for the calls that stay with the strong model and those that leave it: weighted
 * means per request. While the choice stays, a change of either price scales its part: the saving at prices times a and b is
 * 1 - (a strong_usd + b candidates_usd) / (a always_strong_usd).
 * @param threshold null = nothing is routed away */
export function routedCosts(
  { sufficiency, costs, weights }: Pick<HeldOut, "sufficiency" | "costs" | "weights">,
  threshold: number | null,
): RoutedCosts {
  const strong = costs.at(-1)!;
  const totals = { weight: 0, strong: 0, candidates: 0, always: 0 };
  for (let i = 0; i < weights.length; i += 1) {
    const chosen = threshold === null ? -1 : candidateAt(sufficiency, i, threshold);
    const weight = weights[i]!;
    totals.weight += weight;
    totals.always += weight * strong[i]!;
    if (chosen < 0) totals.strong += weight * strong[i]!;
    else totals.candidates += weight * costs[chosen]![i]!;
  }
  return {
    strong_usd: totals.strong / totals.weight,
    candidates_usd: totals.candidates / totals.weight,
    always_strong_usd: totals.always / totals.weight,
  };
}
