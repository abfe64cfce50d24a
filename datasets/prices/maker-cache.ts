import type { ModelInfo } from "@pydantic/genai-prices";
import { type ResolvedModel, resolveModel } from "./resolve-model.js";

/** A model of OpenRouter's list with its maker's cache prices, where that list has none and its other prices are the maker's: OpenRouter
 * passes its hosts' prices on, and cached input at the full price would be up to ten times too dear.
 * @returns null where the list has cache prices of its own, or where the maker's prices are others or change with time
 * @see https://openrouter.ai/docs/faq, "no markup on inference" */
export function withMakerCache({ provider, model }: ResolvedModel): ModelInfo | null {
  if (provider.id !== "openrouter" || !model.id.includes("/")) return null;
  const maker = resolveModel(model.id.slice(model.id.indexOf("/") + 1), null)?.model;
  if (maker === undefined || Array.isArray(model.prices) || Array.isArray(maker.prices)) return null;
  const { input_mtok: input, output_mtok: output, cache_read_mtok: cached } = maker.prices;
  const isSame = model.prices.input_mtok === input && model.prices.output_mtok === output;
  if (!isSame || typeof cached !== "number" || model.prices.cache_read_mtok !== undefined) return null;
  const caches = Object.entries(maker.prices).filter(([kind]) => /^cache_(read|write)/.test(kind));
  return { ...model, prices: { ...Object.fromEntries(caches), ...model.prices } };
}
