import { calcPrice } from "@pydantic/genai-prices";

/** Tokens of one call to be priced. Input includes what was read from a cache. */
export interface CallTokens {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

/** USD for one call to a model; null when the price is not known. */
export type CallPrice = (model: string, tokens: CallTokens, isBatch: boolean) => number | null;

/** Price calls by the price book as of now.
 * @param assumedUsdPerMTok price of every token, input or output, of a model that the book doesn't know; null = unknown stays unknown */
export function createCallPrice(assumedUsdPerMTok: number | null): CallPrice {
  return (model, tokens, isBatch) => {
    const price = calcPrice({ input_tokens: tokens.inputTokens, cache_read_tokens: tokens.cachedTokens, output_tokens: tokens.outputTokens }, model);
    if (price) return price.total_price * (isBatch ? 0.5 : 1);
    return assumedUsdPerMTok === null ? null : ((tokens.inputTokens + tokens.outputTokens) * assumedUsdPerMTok) / 1e6;
  };
}
