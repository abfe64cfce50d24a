import {
  breakEvenVolume,
  hitSaving,
  markupYear,
  perCallFee,
  subscriptionPerCall,
  tokenBreakEven,
} from "./calculators/fees.js";
import { cagr, percentChange, percentOf, saving } from "./calculators/percentages.js";
import { complement, shareContradiction, shareMeaning } from "./calculators/shares.js";
import { blendedCost, callPrice, routedMix, tokenBill } from "./calculators/token-prices.js";
import { sameValue, statedRange } from "./calculators/values.js";
import type { ClaimKind } from "./claim-kind.js";

/** Every kind of claim that can be recomputed, by the name that claim files use. */
export const claimKinds: ReadonlyMap<string, ClaimKind> = new Map(
  Object.entries({
    percent_of: percentOf,
    saving,
    percent_change: percentChange,
    cagr,
    token_bill: tokenBill,
    call_price: callPrice,
    blended_cost: blendedCost,
    routed_mix: routedMix,
    hit_saving: hitSaving,
    markup_year: markupYear,
    per_call_fee: perCallFee,
    subscription_per_call: subscriptionPerCall,
    token_break_even: tokenBreakEven,
    break_even_volume: breakEvenVolume,
    share_contradiction: shareContradiction,
    share_meaning: shareMeaning,
    complement,
    same_value: sameValue,
    stated_range: statedRange,
  }),
);
