import type { Estimate } from "@signalbox/runtime";

/** Why a bill and a log differ, or don't; amounts of bill minus log. */
export const GapKind = {
  /** Cells that agree within the tolerance or the bill's rounding. */
  withinTolerance: "within_tolerance",
  /** Billed, and the log has no such model on that day. */
  missingInLog: "missing_in_log",
  /** Logged, and not billed. */
  missingInBill: "missing_in_bill",
  /** More or fewer tokens billed than logged, at the bill's own rates. */
  tokens: "tokens",
  /** The same tokens at another rate. */
  price: "price",
  /** Logged tokens that no price list has a price for, at the bill's rates. */
  unpriced: "unpriced",
  /** Both sides have it, the bill has no token counts to split the difference with. */
  unsplit: "unsplit",
  /** Web searches, storage, credits: items that a request log doesn't hold. */
  otherItems: "other_items",
  /** Days on which the log begins or ends. */
  partialDay: "partial_day",
  /** Billed days before the log begins or after it ends. */
  outsideLog: "outside_log",
} as const;
export type GapKind = (typeof GapKind)[keyof typeof GapKind];

/** One model on one day, as billed and as logged. */
export interface ReconcileCell {
  /** Day of the vendor's calendar, YYYY-MM-DD; "period" when the bill isn't by day. */
  day: string;
  /** Canonical name; "(all models)" where the bill doesn't say. */
  model: string;
  status: GapKind;
  /** Null where the bill has no money that is known in USD. */
  bill_usd: number | null;
  log_usd: number;
  /** The parts of bill_usd - log_usd; empty when bill_usd is null. */
  parts: Partial<Record<GapKind, number>>;
  bill_tokens: { input: number; output: number } | null;
  log_tokens: { input: number; output: number };
  bill_requests: number | null;
  log_requests: number;
  unpriced_requests: number;
}

/** A vendor's bill beside the log. gap_usd = bill_usd - log_usd = the sum of the parts. */
export interface ReconcileVendor {
  vendor: string;
  /** Zone of the days: UTC, UTC+08:00. */
  zone: string;
  grain: "day" | "period";
  from: string;
  to: string;
  /** Where the bill's dollars come from: charged, or the list price of its tokens where it has no money. */
  bill_basis: "charged" | "list_price_of_billed_tokens" | "tokens_only";
  bill_usd: number | null;
  /** What the bill itself says that its charges are at list price; null where it doesn't. */
  bill_list_usd: number | null;
  log_usd: number;
  gap_usd: number | null;
  parts: Array<{ kind: GapKind; usd: number; cells: number }>;
  /** Share of the bill that the log accounts for, cell by cell. */
  coverage: number | null;
  /** Gaps that are neither tolerance, partial days nor days outside the log, in absolute dollars, as a share of the bill. */
  unexplained_share: number | null;
  bill_tokens: { input: number; output: number } | null;
  log_tokens: { input: number; output: number };
  log: {
    requests: number;
    unpriced_requests: number;
    list_usd: number;
    reported_usd: number;
    /** Answered by a gateway's cache: the vendor never saw them. */
    cache_hits: number;
    /** Without a provider in the log; taken for this vendor's because nobody else sells the model. */
    assumed_requests: number;
    /** On days that the bill doesn't speak of; not compared. */
    outside_bill: { requests: number; usd: number };
  };
  /** Charged dollars for a dollar at list price, over cells whose tokens agree; clusters are days. */
  bill_over_list: Estimate | null;
  items: Array<{ item: string; usd: number | null; is_billed_elsewhere: boolean }>;
  /** Money of the bill in currencies without a rate. */
  unconverted: Array<{ currency: string; amount: number }>;
  unmatched_models: {
    bill: Array<{ model: string; usd: number | null }>;
    log: Array<{ model: string; usd: number }>;
  };
  cells: ReconcileCell[];
}

/** results/reconcile.json: vendors' bills against the log. */
export interface ReconcileResult {
  schema_version: 1;
  /** The log's cost that bills were compared with: reported else list, list alone, or reported alone. */
  basis: "billed" | "list" | "reported";
  tolerance: number;
  /** USD for one unit of each currency. */
  fx: Record<string, number>;
  bills: Array<{
    path: string;
    readers: string[];
    vendors: string[];
    records: number;
    rows: number;
    unread: number;
  }>;
  unread: Array<{ reason: string; count: number; example: string }>;
  overlaps: Array<{
    vendor: string;
    kind: string;
    kept: string;
    dropped: string;
    rows: number;
    amount: number;
    difference: number;
    unit: string;
  }>;
  vendors: ReconcileVendor[];
  notes: string[];
}
