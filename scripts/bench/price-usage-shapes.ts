import { priceDraft } from "../../datasets/prices/price-draft.js";
import { otherUsageOf } from "../../datasets/sources/other-usage.js";
import { unknownDraft } from "../../datasets/sources/source.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";
import type { UsageExtractor } from "./compare-usage-shapes.js";

/** What became of one usage object's price. */
export const PriceOutcome = {
  equal: "equal",
  equalOwn: "equal, other models in the call on top",
  noModel: "unpriced: the recording names no model",
  neither: "unpriced: genai-prices has no price either",
  priced: "priced, genai-prices has no price",
  missing: "unpriced, genai-prices has a price",
  differs: "another price",
} as const;
export type PriceOutcome = (typeof PriceOutcome)[keyof typeof PriceOutcome];

/** The day whose prices the recorded oracle has: it priced every object at one moment. */
export const ORACLE_DAY = "2025-11-01";

/** Price a usage object with the price book and compare with what genai-prices recorded for it. */
export function priceUsageShape({
  model,
  usage,
  usageRaw,
  extractor,
}: {
  model: string | null;
  usage: TokenUsage;
  usageRaw: unknown;
  extractor: UsageExtractor;
}): { outcome: PriceOutcome; detail: string } {
  if (model === null) return { outcome: PriceOutcome.noModel, detail: "no model" };
  const draft = {
    ...unknownDraft,
    provider: extractor.provider_id,
    modelServed: model,
    usage,
    createdAt: Date.parse(`${ORACLE_DAY}T12:00:00Z`) * 1000,
  };
  const own = priceDraft(draft);
  const expected = expectedUsd(extractor);
  const name = `${extractor.provider_id} ${model}`;
  if (own.cost_list_usd === null) {
    return expected === null
      ? { outcome: PriceOutcome.neither, detail: `${name}: ${own.price_source}` }
      : {
          outcome: PriceOutcome.missing,
          detail: `${name}: ${own.price_source}, expected ${expected} USD: the list has the model without a price, which its calculation takes for 0`,
        };
  }
  if (expected === null) return { outcome: PriceOutcome.priced, detail: `${name}: ${own.price_source}` };
  if (Math.abs(own.cost_list_usd - expected) > 1e-12) {
    return {
      outcome: PriceOutcome.differs,
      detail: `${name}: ${own.cost_list_usd} USD (${own.price_source}), expected ${expected} USD: ${
        own.price_source.startsWith("override")
          ? "a dated correction of ours"
          : "the installed list was changed since the recording"
      }`,
    };
  }
  const otherUsage = otherUsageOf(usageRaw, model);
  const all = priceDraft({ ...draft, otherUsage });
  return otherUsage === null
    ? { outcome: PriceOutcome.equal, detail: name }
    : {
        outcome: PriceOutcome.equalOwn,
        detail: `${name} ${own.cost_list_usd} USD, with ${otherUsage.map((other) => other.model).join(", ")} ${all.cost_list_usd ?? all.price_source} USD`,
      };
}

function expectedUsd({
  input_price: input,
  output_price: output,
  total_price: total,
}: UsageExtractor): number | null {
  if (total !== undefined) return Number(total);
  return input === undefined && output === undefined ? null : Number(input ?? 0) + Number(output ?? 0);
}
