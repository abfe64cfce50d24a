import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { PlannedCost } from "../../datasets/shadow-plan-result.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";

/** Tokens of one logged request: see logged-tokens.sql. */
export interface LoggedTokens {
  uncached: number | null;
  cache_read: number | null;
  cache_write: number | null;
  output_text: number | null;
  reasoning: number | null;
}

interface Pricing {
  book: PriceBook;
  /** Microseconds since 1970, UTC. */
  at: number;
}

/** Price of calling the candidate for so many pairs: its list price on the logged tokens, nothing cached, since its provider has not
 * seen the conversations. Reasoning is left out: it is the logged model's. */
export function priceShadowCalls(
  model: string | null,
  calls: number | null,
  tokens: readonly LoggedTokens[],
  pricing: Pricing,
): PlannedCost {
  return priced(model, calls, 1, tokens, pricing, (input, output) => [input, output]);
}

/** Price of judging so many pairs in both orders: the prompt, two answers as long as the logged one, and the rubric go in. */
export function priceJudging(
  model: string | null,
  pairs: number | null,
  tokens: readonly LoggedTokens[],
  pricing: Pricing,
): PlannedCost {
  return priced(model, pairs, 2, tokens, pricing, (input, output) => [
    input + 2 * output + rubricTokens,
    verdictTokens,
  ]);
}

/** Tokens of the instructions around a pair, and of a verdict with its reason. */
const rubricTokens = 400;
const verdictTokens = 80;

function priced(
  model: string | null,
  pairs: number | null,
  callsPerPair: number,
  tokens: readonly LoggedTokens[],
  { book, at }: Pricing,
  callOf: (input: number, output: number) => [number, number],
): PlannedCost {
  const calls = (pairs ?? 0) * callsPerPair;
  const unknown = { model, calls, usd: null, priced_share: 0 };
  if (model === null || tokens.length === 0) return unknown;
  const amounts = tokens.flatMap(({ uncached, cache_read, cache_write, output_text }) => {
    if (uncached === null || output_text === null) return [];
    const [input, output] = callOf(uncached + (cache_read ?? 0) + (cache_write ?? 0), output_text);
    const { usd } = book.price({ provider: null, model, usage: plainUsage(input, output), createdAt: at });
    return usd === null ? [] : [usd];
  });
  if (amounts.length === 0 || pairs === null)
    return { ...unknown, priced_share: amounts.length / tokens.length };
  const mean = amounts.reduce((sum, usd) => sum + usd, 0) / amounts.length;
  return { model, calls, usd: mean * calls, priced_share: amounts.length / tokens.length };
}

function plainUsage(input: number, output: number): TokenUsage {
  return {
    inputUncached: input,
    inputCacheRead: 0,
    inputCacheWrite5m: 0,
    inputCacheWrite1h: 0,
    outputText: output,
    outputReasoning: 0,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  };
}
