import { readSaving } from "../../models/levers/prefix-value.js";
import { type ModelRates, pricesAt, type TokenPrices } from "./model-rates.js";

/** What cutting a prompt would save at list price, USD, never negative. Cached tokens are cut first, the least that it can be worth. A prompt
 * that falls below the threshold of a dearer long-context price is charged at the lower one, output included.
 * @param prices of the whole prompt */
export function trimmingSaving(
  rates: ModelRates,
  prices: TokenPrices,
  prompt: { at: number; input: number; trimTo: number; cached: number; output: number },
): number {
  const { at, input, trimTo, cached } = prompt;
  const shorter = pricesAt(rates, at, trimTo) ?? prices;
  const output = Math.max(0, prompt.output);
  const costAt = (of: TokenPrices, length: number, reads: number) =>
    length * of.input - reads * readSaving(of) + output * of.output;
  const saved =
    costAt(prices, input, cached) - costAt(shorter, trimTo, Math.max(0, cached - (input - trimTo)));
  return Math.max(0, saved);
}
