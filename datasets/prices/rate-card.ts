import { calcPrice, type Provider } from "@pydantic/genai-prices";

/** USD for one token of each kind, and for the request itself; null for a kind that has no price. */
export interface RateCard {
  modelId: string;
  perRequest: number;
  input: number | null;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  output: number | null;
  reasoning: number | null;
}

/** The rates of a model whose price depends on nothing but the number of tokens, read off genai-prices' own answers once per
 * model: multiplying is some fifty times as fast as asking it for every row.
 * @param provider a provider reduced to the one model
 * @returns null where the price also depends on the prompt's size, the date or the hour: ask calcPrice then */
export function rateCard(provider: Provider, name: string): RateCard | null {
  const known = cards.get(provider);
  if (known !== undefined) return known;
  const card = readRates(provider, name);
  cards.set(provider, card);
  return card;
}

const cards = new WeakMap<Provider, RateCard | null>();
const PROBE = 1_000_000;

function readRates(provider: Provider, name: string): RateCard | null {
  const base = calcPrice({}, name, { provider });
  if (base === null || Array.isArray(base.model.prices)) return null;
  const prices = base.model.prices;
  if (Object.values(prices).some((price) => typeof price === "object")) return null;
  const rate = (usage: Record<string, number>) =>
    (calcPrice(usage, name, { provider })!.total_price - base.total_price) / PROBE;
  const hasInput = prices.input_mtok !== undefined;
  const hasOutput = prices.output_mtok !== undefined;
  return {
    modelId: base.model.id,
    perRequest: base.total_price,
    input: hasInput ? rate({ input_tokens: PROBE }) : null,
    cacheRead: hasInput ? rate({ input_tokens: PROBE, cache_read_tokens: PROBE }) : null,
    cacheWrite5m: hasInput ? rate({ input_tokens: PROBE, cache_write_tokens: PROBE }) : null,
    cacheWrite1h: hasInput
      ? rate({ input_tokens: PROBE, cache_write_tokens: PROBE, cache_write_1h_tokens: PROBE })
      : null,
    output: hasOutput ? rate({ output_tokens: PROBE }) : null,
    reasoning: hasOutput ? rate({ output_tokens: PROBE, output_reasoning_tokens: PROBE }) : null,
  };
}
