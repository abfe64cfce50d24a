import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { priceRequest } from "../../datasets/prices/price-book.js";
import { normaliseUsage } from "../../datasets/tokens/normalise-usage.js";
import type { LoggedDecision } from "./read-decision.js";

/** What following one decision would have changed: the decided model's list price minus the served model's, for the
 * logged tokens.
 * @returns USD, 0 when the models agree; null when usage or a price is unknown */
export function repriceDecision({
  decidedModel,
  servedModel,
  usage: raw,
  createdAtUs,
}: LoggedDecision): number | null {
  if (servedModel === null) return null;
  if (servedModel === decidedModel) return 0;
  const read = normaliseUsage(raw);
  if (read === null || "error" in read || createdAtUs === null) return null;
  const priceOn = (name: string) =>
    priceRequest({
      provider: null,
      model: canonicalModel(name, null),
      usage: read.usage,
      createdAt: createdAtUs,
      serviceTier: null,
      isBatch: null,
    }).usd;
  const decided = priceOn(decidedModel);
  const served = priceOn(servedModel);
  return decided === null || served === null ? null : decided - served;
}
