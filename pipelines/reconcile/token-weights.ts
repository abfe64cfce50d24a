import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";
import { type CellTokens, noTokens } from "./cell-tokens.js";

const perKind: Readonly<Record<keyof CellTokens, keyof TokenUsage>> = {
  input_uncached: "inputUncached",
  input_cache_read: "inputCacheRead",
  input_cache_write_5m: "inputCacheWrite5m",
  input_cache_write_1h: "inputCacheWrite1h",
  input_total: "inputUncached",
  output_total: "outputText",
};

/** List price of one token of each kind on a day, USD, at its base (short prompts); `isListed` is false and every kind weighs the
 * same when the price book doesn't know the model. */
export function tokenWeights(
  query: {
    model: string;
    provider: string | null;
    /** Microseconds since 1970, UTC. */
    at: number;
    tier: string | null;
  },
  book: PriceBook,
): { weights: CellTokens; isListed: boolean } {
  const weights = noTokens();
  let isListed = true;
  for (const [kind, part] of Object.entries(perKind) as Array<[keyof CellTokens, keyof TokenUsage]>) {
    const { usd } = book.price({
      provider: query.provider,
      model: query.model,
      usage: { ...nothing, [part]: probe },
      createdAt: query.at,
      serviceTier: query.tier,
      isBatch: query.tier === "batch",
    });
    if (usd === null) isListed = false;
    weights[kind] = (usd ?? 0) / probe;
  }
  if (isListed && weights.input_total + weights.output_total > 0) return { weights, isListed };
  for (const kind of Object.keys(weights) as Array<keyof CellTokens>) weights[kind] = 1;
  return { weights, isListed: false };
}

/** Tokens that are priced at a time: few enough for the lowest tier. */
const probe = 1000;

const nothing: TokenUsage = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText: 0,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
};
