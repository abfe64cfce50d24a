import { priceRequest } from "../../datasets/prices/price-book.js";

/** Tokens of one call to be priced. Input includes what was read from a cache. */
interface CallTokens {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

/** USD for one call to a model; null when the price is not known. */
export type CallPrice = (model: string, tokens: CallTokens, isBatch: boolean) => number | null;

/** Price calls by the price book as of a moment.
 * @param at microseconds since 1970, UTC
 * @param assumedUsdPerMTok price of every token, input or output, of a model that the book doesn't know; null = unknown stays unknown */
export function createCallPrice(at: number, assumedUsdPerMTok: number | null): CallPrice {
  return (model, { inputTokens, cachedTokens, outputTokens }, isBatch) => {
    const usage = {
      inputUncached: inputTokens - cachedTokens,
      inputCacheRead: cachedTokens,
      inputCacheWrite5m: 0,
      inputCacheWrite1h: 0,
      outputText: outputTokens,
      outputReasoning: 0,
      inputAudio: null,
      inputImage: null,
      outputAudio: null,
    };
    const { usd } = priceRequest({ provider: null, model, usage, createdAt: at, isBatch });
    if (usd !== null) return usd;
    return assumedUsdPerMTok === null ? null : ((inputTokens + outputTokens) * assumedUsdPerMTok) / 1e6;
  };
}
