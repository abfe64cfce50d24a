import { BilledTokens } from "../../datasets/invoices/bill-row.js";

/** Tokens of one model on one day. The four input parts, or the total where only that is known; output includes reasoning. */
export type CellTokens = Record<BilledTokens, number>;

/** No tokens. */
export function noTokens(): CellTokens {
  return {
    input_uncached: 0,
    input_cache_read: 0,
    input_cache_write_5m: 0,
    input_cache_write_1h: 0,
    input_total: 0,
    output_total: 0,
  };
}

const inputParts = [
  BilledTokens.inputUncached,
  BilledTokens.inputCacheRead,
  BilledTokens.inputCacheWrite5m,
  BilledTokens.inputCacheWrite1h,
] as const;

/** Input and output of a count: parts and an unsplit total are never both of the same tokens. */
export function totalTokens(tokens: CellTokens): { input: number; output: number } {
  const parts = inputParts.reduce((sum, kind) => sum + tokens[kind], 0);
  return { input: parts + tokens.input_total, output: tokens.output_total };
}

/** Log tokens in the terms of the bill: the parts, or only their total where the bill doesn't split its input. */
export function inTermsOf(bill: CellTokens, log: CellTokens): CellTokens {
  const isTotal = bill.input_total > 0;
  const parts = inputParts.reduce((sum, kind) => sum + log[kind], 0);
  return isTotal
    ? { ...noTokens(), input_total: Math.max(log.input_total, parts), output_total: log.output_total }
    : {
        ...log,
        // A log that knows only its total input is taken for uncached, as its price was.
        input_uncached: parts === 0 ? log.input_total : log.input_uncached,
        input_total: 0,
      };
}
