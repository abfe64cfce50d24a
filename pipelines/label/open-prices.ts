import { InputError } from "../../datasets/errors.js";
import { type CallPrice, createCallPrice } from "./call-price.js";

/** What calls may cost, and by which prices. */
export interface PriceOptions {
  /** Hard cap on what the run costs in all; null = none. */
  maxUsd: number | null;
  /** When prices are taken, microseconds since 1970; default now. */
  pricedAt?: number;
  /** Price of every token of models that the price book doesn't know; null = unknown stays unknown. */
  assumeUsdPerMTok: number | null;
}

/** Prices for a run, and which of its models have none.
 * @param models that will be paid
 * @throws {InputError} if the cap can't be kept because a price is unknown */
export function openPrices(
  models: readonly string[],
  { maxUsd, pricedAt = Date.now() * 1_000, assumeUsdPerMTok }: PriceOptions,
): { price: CallPrice; unpriced: string[] } {
  const price = createCallPrice(pricedAt, assumeUsdPerMTok);
  const unpriced = [...new Set(models)].filter(
    (model) => price(model, { inputTokens: 1, cachedTokens: 0, outputTokens: 1 }, false) === null,
  );
  if (unpriced.length > 0 && maxUsd !== null) {
    throw new InputError(
      `--max-usd can't be kept: no price is known for ${unpriced.join(", ")}; give one for every token with --assume-usd-per-mtok`,
    );
  }
  return { price, unpriced };
}
