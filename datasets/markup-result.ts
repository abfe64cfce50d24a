import type { Estimate } from "@signalbox/runtime";

/** A part of what a gateway reports beyond the list price, USD over all usable calls; the parts sum to reported - list. */
export interface MarkupPart {
  kind: "markup" | "fee" | "counting" | "price_step" | "unexplained";
  usd: number;
}

/** What one gateway reports for one model of one provider, against the list price. */
export interface MarkupGroup {
  gateway: string;
  provider: string | null;
  model: string;
  calls: number;
  /** Calls with both costs above zero: what the estimate rests on; `sampled` of them were looked at. */
  usable: number;
  sampled: number;
  reported_usd: number;
  list_usd: number;
  /** Reported as $0 though the list has a price: unknown to the gateway, not a discount. Cache hits are apart. */
  zero: { calls: number; list_usd: number };
  cache_hits: number;
  negative: number;
  without_list: number;
  without_reported: number;
  /** Share added to the list price, and USD a call; null when they can't be told apart. */
  markup: Estimate | null;
  fee_usd: Estimate | null;
  /** Reported over list, less one, whatever it is made of. */
  uplift: Estimate | null;
  refusal: string | null;
  /** How the reported costs were counted: list, or a named error of counting that fits better. */
  counting: { name: string; z: number; affected: number; rivals: string[] };
  /** Stretches of time between steps of the price; one when there was no step. */
  stretches: Array<{
    from: string;
    to: string;
    calls: number;
    markup: Estimate | null;
    fee_usd: Estimate | null;
    is_reference: boolean;
  }>;
  /** Multiples of list price for input and output where they differ. */
  by_kind: { input: Estimate; output: Estimate } | null;
  rounding_usd: number;
  /** Relative noise of a call's cost. */
  noise: number | null;
  parts: MarkupPart[];
  /** Share of the reported cost that no part explains. */
  residual_share: number | null;
  verdict: string;
}

/** results/markup.json: mark-ups inferred from reported costs against list prices. */
export interface MarkupResult {
  schema_version: 1;
  calls: number;
  with_both: number;
  groups: MarkupGroup[];
  notes: string[];
}
