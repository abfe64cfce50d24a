import type { BillCell } from "./bill-cells.js";
import { totalTokens } from "./cell-tokens.js";
import type { LogCell } from "./log-cells.js";

/** One model on one day with its two sides; at least one is there. */
export interface CellPair {
  day: string;
  model: string;
  billCell: BillCell | null;
  logCell: LogCell | null;
}

/** Whether input and output tokens of bill and log differ by at most a share of the larger; false when the bill states none. */
export function tokensAgree(bill: BillCell, log: LogCell, tolerance: number): boolean {
  if (bill.tokens === null) return false;
  const billed = totalTokens(bill.tokens);
  const logged = logTotals(log);
  return (["input", "output"] as const).every(
    (side) => Math.abs(billed[side] - logged[side]) <= tolerance * Math.max(billed[side], logged[side]),
  );
}

/** Input and output tokens of the log's side. */
export function logTotals(cell: LogCell | null): { input: number; output: number } {
  return { input: cell?.tokens.input_total ?? 0, output: cell?.tokens.output_total ?? 0 };
}
