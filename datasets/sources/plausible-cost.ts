import { inputTotal, outputTotal } from "../tokens/token-usage.js";
import type { RequestDraft } from "./source.js";

/** A reported cost in USD, or null when it can't be the USD that the call cost: below 0.01 or above 600 USD per million tokens, beyond
 * what fees of one call (a search, an image) explain. So show figures in cents, micro-dollars or scaled integers, and the zero that
 * gateways write for a model whose price they don't know. An answer from the gateway's own cache may cost nothing.
 * @param call.usage null leaves the cost as it is: there is nothing to hold it against */
export function plausibleCostUsd(
  usd: number | null,
  call: Pick<RequestDraft, "usage" | "cacheStatus">,
): number | null {
  const isCacheHit = call.cacheStatus === "hit" || call.cacheStatus === "semantic_hit";
  if (usd === null || call.usage === null || isCacheHit) return usd;
  const millions = (inputTotal(call.usage) + outputTotal(call.usage)) / 1e6;
  const isPlausible =
    usd >= lowestUsdPerMTok * millions && usd <= highestUsdPerMTok * millions + largestFeeUsd;
  return isPlausible ? usd : null;
}

const lowestUsdPerMTok = 0.01;
const highestUsdPerMTok = 600;
const largestFeeUsd = 1;
