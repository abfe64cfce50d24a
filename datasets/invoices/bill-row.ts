/** Who sends the bill. */
export const Vendor = {
  openai: "openai",
  anthropic: "anthropic",
  openrouter: "openrouter",
  deepseek: "deepseek",
} as const;
export type Vendor = (typeof Vendor)[keyof typeof Vendor];

/** What a count of tokens counts. The four input parts are disjoint; `input_total` stands alone where a bill doesn't split
 * its input, and `output_total` includes reasoning. */
export const BilledTokens = {
  inputUncached: "input_uncached",
  inputCacheRead: "input_cache_read",
  inputCacheWrite5m: "input_cache_write_5m",
  inputCacheWrite1h: "input_cache_write_1h",
  inputTotal: "input_total",
  outputTotal: "output_total",
} as const;
export type BilledTokens = (typeof BilledTokens)[keyof typeof BilledTokens];

/** One figure of a bill. A line of a file gives as many as it has figures; every figure stands in exactly one row. */
export interface BillLine {
  /** Money, tokens, requests, or units of something else (web searches). */
  kind: "cost" | "tokens" | "requests" | "units";
  /** Canonical model name; null where the bill names none. */
  model: string | null;
  /** The model as the bill writes it. */
  modelWritten: string | null;
  /** What a cost or a token count is for; null for a cost of everything. */
  tokens: BilledTokens | null;
  /** In `unit`; negative for credits and corrections. */
  amount: number;
  /** Money's currency in capitals (USD, CNY), else `tokens`, `requests` or the name of the unit. */
  unit: string;
  /** The amount at list price where the bill also says that. */
  listAmount: number | null;
  /** What was bought when it isn't a model's tokens: web search, storage, a credit. */
  item: string | null;
  /** True when the amount is on the statement for information and somebody else bills it. */
  isBilledElsewhere: boolean;
  /** Service tier where the bill names one: batch, flex, priority, ... */
  tier: string | null;
  project: string | null;
  apiKey: string | null;
}

/** The span of time that a figure is for: microseconds since 1970 UTC, the end exclusive. */
export interface BillPeriod {
  startAt: number;
  endAt: number;
  /** Minutes that the vendor's clock is ahead of UTC; its days begin at its own midnight. */
  offsetMinutes: number;
}

/** One row of a bill with its place. */
export interface BillRow extends BillLine, BillPeriod {
  vendor: Vendor;
  /** Name of the format that it was read with. */
  reader: string;
  file: string;
  /** Line (or element) of the file, counted from 1. */
  line: number;
}

/** A line with nothing known, for readers to spread and fill. */
export const emptyBillLine: Readonly<Omit<BillLine, "kind" | "amount" | "unit">> = {
  model: null,
  modelWritten: null,
  tokens: null,
  listAmount: null,
  item: null,
  isBilledElsewhere: false,
  tier: null,
  project: null,
  apiKey: null,
};

/** A count of tokens; nothing for an absent count or zero, which says nothing that its absence doesn't. */
export function tokenLines(
  base: Partial<BillLine>,
  counts: Readonly<Partial<Record<BilledTokens, number | null>>>,
): BillLine[] {
  return Object.entries(counts).flatMap(([tokens, amount]) =>
    amount === null || amount === undefined || amount === 0
      ? []
      : [
          {
            ...emptyBillLine,
            ...base,
            kind: "tokens",
            tokens: tokens as BilledTokens,
            amount,
            unit: "tokens",
          },
        ],
  );
}

/** A count of requests; nothing when the bill doesn't say. */
export function requestLines(base: Partial<BillLine>, requests: number | null): BillLine[] {
  return requests === null
    ? []
    : [{ ...emptyBillLine, ...base, kind: "requests", amount: requests, unit: "requests" }];
}
