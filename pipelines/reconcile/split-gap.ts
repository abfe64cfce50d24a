import { GapKind } from "../../datasets/reconcile-result.js";
import { type CellTokens, inTermsOf } from "./cell-tokens.js";

/** One model on one day, both sides. */
export interface Sides {
  /** Charged dollars; null when the bill has none of this cell. */
  billUsd: number | null;
  /** Logged dollars; null when the log has no request of this cell. */
  logUsd: number | null;
  /** Tokens on the bill; null when it states none. */
  billTokens: CellTokens | null;
  logTokens: CellTokens;
  /** Of the log's tokens: those without a price. */
  unpricedTokens: CellTokens;
  unpricedRequests: number;
  /** Relative weight of a token of each kind, such as its list price. */
  weights: CellTokens;
  isPartialDay: boolean;
  isOutsideLog: boolean;
  /** Share of the larger side that may differ. */
  tolerance: number;
  /** Dollars that rounding on the bill may account for. */
  roundingUsd: number;
}

/** Say what the difference of one cell is made of: the parts sum to bill minus log.
 *
 * With token counts on both sides the bill's effective rate R = bill / W(bill tokens), W weighing kinds of tokens by list price,
 * values them: tokens = bill - R W(log tokens), unpriced = R W(log tokens without a price), price = R W(priced log tokens) - log.
 * @see docs/reconcile.md */
export function splitGap(sides: Sides): { status: GapKind; parts: Partial<Record<GapKind, number>> } {
  const { billUsd, logUsd } = sides;
  const gap = (billUsd ?? 0) - (logUsd ?? 0);
  const only = (status: GapKind) => ({ status, parts: { [status]: gap } });
  if (sides.isOutsideLog && logUsd === null) return only(GapKind.outsideLog);
  const allowed = Math.max(
    sides.tolerance * Math.max(Math.abs(billUsd ?? 0), Math.abs(logUsd ?? 0)),
    sides.roundingUsd,
  );
  if (Math.abs(gap) <= allowed && sides.unpricedRequests === 0) return only(GapKind.withinTolerance);
  if (sides.isPartialDay) return only(GapKind.partialDay);
  if (logUsd === null) return only(GapKind.missingInLog);
  if (billUsd === null) return only(GapKind.missingInBill);
  const rate = sides.billTokens === null ? Number.NaN : billUsd / weighted(sides.billTokens, sides.weights);
  if (sides.billTokens === null || !Number.isFinite(rate)) return only(GapKind.unsplit);
  const log = weighted(inTermsOf(sides.billTokens, sides.logTokens), sides.weights);
  const unpriced = weighted(inTermsOf(sides.billTokens, sides.unpricedTokens), sides.weights);
  const parts = {
    [GapKind.tokens]: billUsd - rate * log,
    [GapKind.unpriced]: rate * unpriced,
    [GapKind.price]: rate * (log - unpriced) - logUsd,
  };
  return { status: largest(parts), parts };
}

function weighted(tokens: CellTokens, weights: CellTokens): number {
  return (Object.keys(tokens) as Array<keyof CellTokens>).reduce(
    (sum, kind) => sum + tokens[kind] * weights[kind],
    0,
  );
}

function largest(parts: Partial<Record<GapKind, number>>): GapKind {
  const [[kind]] = Object.entries(parts).sort(([, a], [, b]) => Math.abs(b!) - Math.abs(a!)) as [
    [GapKind, number],
  ];
  return kind;
}
