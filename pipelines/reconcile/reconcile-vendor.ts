import type { BillRow, Vendor } from "../../datasets/invoices/bill-row.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import { GapKind, type ReconcileCell, type ReconcileVendor } from "../../datasets/reconcile-result.js";
import { allModels, type BillCell, type BillCells, gatherBill } from "./bill-cells.js";
import { type Calendar, dayOf, noonOf, partialDays } from "./calendar.js";
import { type CellPair, logTotals, tokensAgree } from "./cell-pair.js";
import { noTokens, totalTokens } from "./cell-tokens.js";
import type { LogCell } from "./log-cells.js";
import { matchModels } from "./match-models.js";
import { mergeLogCells } from "./merge-log-cells.js";
import { splitGap } from "./split-gap.js";
import { summariseVendor } from "./summarise-vendor.js";
import { tokenWeights } from "./token-weights.js";

/** Lay one vendor's bill beside the log, cell by cell.
 * @param log the vendor's part of the log, by day of the bill's calendar
 * @param window first and last request of the whole log; null for an empty one */
export function reconcileVendor(options: {
  vendor: Vendor;
  rows: readonly BillRow[];
  calendar: Calendar;
  log: readonly LogCell[];
  window: { firstAt: number; lastAt: number } | null;
  tolerance: number;
  fx: Readonly<Record<string, number>>;
  book: PriceBook;
}): ReconcileVendor {
  const { vendor, calendar, window, tolerance, book } = options;
  const inBill = (cell: LogCell) => cell.day >= calendar.from && cell.day <= calendar.to;
  const compared = options.log.filter(inBill);
  const rows = options.rows.filter((row) => {
    const day = dayOf(row.startAt, calendar.offsetMinutes);
    return day >= calendar.from && day <= calendar.to;
  });
  const bookName = (model: string) => book.canonicalModel(model, providerOf(vendor));
  const matched = matchModels(
    rows.flatMap(({ model }) => (model === null ? [] : [bookName(model)])),
    compared.map(({ model }) => model),
  );
  const bill = gatherBill(rows, {
    calendar,
    fx: options.fx,
    book,
    modelName: (model) => matched(bookName(model)),
  });
  const basis = basisOf(bill);
  const wholeDays = new Set(bill.cells.filter(({ model }) => model === allModels).map(({ day }) => day));
  const log = mergeLogCells(compared, (cell) => {
    const day = calendar.grain === "period" ? "period" : cell.day;
    return { day, model: wholeDays.has(day) ? allModels : cell.model };
  });
  const pairs = pairCells(mergeWholeDays(bill.cells, wholeDays), log);
  const partial = window === null ? new Set<string>() : partialDays(window, calendar.offsetMinutes);
  const cells = pairs.map(({ billCell, logCell, day, model }): ReconcileCell => {
    const billUsd = usdOf(billCell, basis);
    const isOutsideLog = isOutside(day, window, calendar);
    const split =
      basis === "tokens_only"
        ? { status: tokenStatus(billCell, logCell, tolerance), parts: {} }
        : splitGap({
            billUsd,
            logUsd: logCell?.usd ?? null,
            billTokens: billCell?.tokens ?? null,
            logTokens: logCell?.tokens ?? noTokens(),
            unpricedTokens: logCell?.unpricedTokens ?? noTokens(),
            unpricedRequests: logCell?.unpricedRequests ?? 0,
            weights: weightsOf(model, options, day),
            isPartialDay: partial.has(day),
            isOutsideLog,
            tolerance,
            roundingUsd: ((billCell?.moneyLines ?? 0) * bill.roundingUsd) / 2,
          });
    return {
      day,
      model,
      status: split.status,
      bill_usd: basis === "tokens_only" ? null : (billUsd ?? 0),
      log_usd: logCell?.usd ?? 0,
      parts: split.parts,
      bill_tokens: billCell?.tokens ? totalTokens(billCell.tokens) : null,
      log_tokens: logTotals(logCell),
      bill_requests: billCell?.requests ?? null,
      log_requests: logCell?.requests ?? 0,
      unpriced_requests: logCell?.unpricedRequests ?? 0,
    };
  });
  return summariseVendor({ options, bill, basis, cells, pairs, compared, inBill });
}

/** Money in a currency without a rate is never replaced by list prices: then only tokens are compared. */
function basisOf(bill: BillCells): ReconcileVendor["bill_basis"] {
  if (bill.unconverted.some(({ amount }) => amount !== 0)) return "tokens_only";
  if (bill.hasMoney) return "charged";
  return bill.cells.every(({ listUsd }) => listUsd !== null) ? "list_price_of_billed_tokens" : "tokens_only";
}

function usdOf(cell: BillCell | null, basis: ReconcileVendor["bill_basis"]): number | null {
  if (cell === null) return null;
  return basis === "charged" ? cell.usd : cell.listUsd;
}

/** Tokens and requests that are by model join the money of their day when that isn't. */
function mergeWholeDays(cells: readonly BillCell[], wholeDays: ReadonlySet<string>): BillCell[] {
  const whole = new Map<string, BillCell>();
  const rest: BillCell[] = [];
  for (const cell of cells) {
    if (!wholeDays.has(cell.day)) {
      rest.push(cell);
      continue;
    }
    const before = whole.get(cell.day);
    whole.set(cell.day, before === undefined ? { ...cell, model: allModels } : sumCells(before, cell));
  }
  return [...rest, ...whole.values()];
}

function sumCells(a: BillCell, b: BillCell): BillCell {
  const plus = (x: number | null, y: number | null) =>
    x === null && y === null ? null : (x ?? 0) + (y ?? 0);
  const tokens = a.tokens ?? b.tokens;
  return {
    ...a,
    usd: plus(a.usd, b.usd),
    listUsd: a.listUsd === null || b.listUsd === null ? null : a.listUsd + b.listUsd,
    requests: plus(a.requests, b.requests),
    moneyLines: a.moneyLines + b.moneyLines,
    tokens:
      a.tokens === null || b.tokens === null
        ? tokens
        : (Object.fromEntries(
            Object.entries(a.tokens).map(([kind, count]) => [
              kind,
              count + b.tokens![kind as keyof typeof b.tokens],
            ]),
          ) as BillCell["tokens"]),
  };
}

function pairCells(bill: readonly BillCell[], log: ReadonlyMap<string, LogCell>): CellPair[] {
  const billed = new Map(bill.map((cell) => [`${cell.day}\n${cell.model}`, cell]));
  return [...new Set([...billed.keys(), ...log.keys()])]
    .sort()
    .map((key) => {
      const [day, model] = key.split("\n") as [string, string];
      const logCell = log.get(key) ?? null;
      // Cache hits alone are nothing that a vendor could bill.
      return {
        day,
        model,
        billCell: billed.get(key) ?? null,
        logCell: logCell?.requests === 0 ? null : logCell,
      };
    })
    .filter(({ billCell, logCell }) => billCell !== null || logCell !== null);
}

function isOutside(
  day: string,
  window: { firstAt: number; lastAt: number } | null,
  calendar: Calendar,
): boolean {
  if (window === null || day === "period") return window === null;
  const middle = noonOf(day, calendar.offsetMinutes);
  const half = 43_200_000_000;
  return middle + half <= window.firstAt || middle - half > window.lastAt;
}

function weightsOf(
  model: string,
  { vendor, calendar, book }: Parameters<typeof reconcileVendor>[0],
  day: string,
) {
  const at = noonOf(day === "period" ? calendar.to : day, calendar.offsetMinutes);
  return tokenWeights({ model, provider: providerOf(vendor), at, tier: null }, book).weights;
}

/** OpenRouter's names carry their makers, whose list prices are meant. */
function providerOf(vendor: Vendor): string | null {
  return vendor === "openrouter" ? null : vendor;
}

function tokenStatus(bill: BillCell | null, log: LogCell | null, tolerance: number): GapKind {
  if (log === null) return GapKind.missingInLog;
  if (bill === null) return GapKind.missingInBill;
  return bill.tokens === null || tokensAgree(bill, log, tolerance) ? GapKind.withinTolerance : GapKind.tokens;
}
