import { emptyPlan, type PricingPlan } from "../../../models/pricing/plan.js";
import { type Volume, volumeOf } from "../../../models/pricing/volume.js";

/** A plan with the given parts. */
export function planOf(parts: Partial<PricingPlan>): PricingPlan {
  return { ...emptyPlan, name: "plan", ...parts };
}

/** Rates without caching. */
export function ratesOf(input: number, output: number): PricingPlan["tokens"] {
  return {
    input_usd_per_mtok: input,
    cached_input_usd_per_mtok: input,
    cache_write_usd_per_mtok: input,
    output_usd_per_mtok: output,
  };
}

/** So many calls of 400 tokens in and 100 out, at a list price of $0.002. */
export function callsOf(calls: number, fields: Partial<Volume> = {}): Volume {
  return volumeOf({
    calls,
    input_tokens: 400 * calls,
    output_tokens: 100 * calls,
    list_usd: 0.002 * calls,
    ...fields,
  });
}
