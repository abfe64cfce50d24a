import type { Policy } from "@signalbox/runtime";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { TrafficRow } from "./traffic-row.js";

/** A model of the router's pool, with the names that the price book knows it by. */
export interface PricedModel {
  model: string;
  canonical: string;
  provider: string | null;
}

/** The models of a policy, in its order. */
export function pricedPool(policy: Policy): PricedModel[] {
  return policy.models.map(({ model, provider }) => ({
    model,
    canonical: canonicalModel(model, provider),
    provider,
  }));
}

/** What a logged request would have cost on another model: the same token counts at that model's list price on the
 * request's date. A change of model loses the provider's prompt cache, so cached input is priced as uncached. What a gateway adds comes on top.
 * @returns USD, or null when the other model's price is unknown */
export function repriceOn(
  book: PriceBook,
  row: TrafficRow,
  { canonical, provider }: PricedModel,
): number | null {
  return book.price({
    provider,
    model: canonical,
    createdAt: row.created_at,
    serviceTier: row.service_tier,
    isBatch: row.is_batch,
    usage: {
      inputUncached: row.input_tokens,
      inputCacheRead: 0,
      inputCacheWrite5m: 0,
      inputCacheWrite1h: 0,
      outputText: row.output_tokens,
      outputReasoning: 0,
      inputAudio: null,
      inputImage: null,
      outputAudio: null,
    },
  }).usd;
}
