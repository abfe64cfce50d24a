import type { BillRow } from "../../datasets/invoices/bill-row.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import { type Calendar, dayOf, noonOf } from "./calendar.js";
import { type CellTokens, noTokens } from "./cell-tokens.js";
import { tokenWeights } from "./token-weights.js";

/** The bill's side of one model on one day. */
export interface BillCell {
  day: string;
  model: string;
  usd: number | null;
  /** The bill's tokens at list price; null when one of them has none. */
  listUsd: number | null;
  tokens: CellTokens | null;
  requests: number | null;
  /** Lines of money in it, each of which may be rounded. */
  moneyLines: number;
}

/** A vendor's bill by day and model, and what is on it besides. */
export interface BillCells {
  cells: BillCell[];
  items: Array<{ item: string; usd: number | null; is_billed_elsewhere: boolean }>;
  unconverted: Array<{ currency: string; amount: number }>;
  hasMoney: boolean;
  /** The charges at the list price that the bill itself states beside them; null when any charge has none. */
  statedListUsd: number | null;
  /** Step that every amount of money is a multiple of, in USD; 0 when there is none above a millionth. */
  roundingUsd: number;
}

/** Name of the cell of a day whose money is not by model. */
export const allModels = "(all models)";

/** Gather the rows of one vendor's bill by day and model. Money in a currency without a rate is kept apart; money for something
 * other than tokens becomes an item.
 * @param fx USD for one unit of a currency
 * @param modelName the log's name for a model of the bill */
export function gatherBill(
  rows: readonly BillRow[],
  options: {
    calendar: Calendar;
    book: PriceBook;
    fx: Readonly<Record<string, number>>;
    modelName: (model: string) => string;
  },
): BillCells {
  const { calendar, book, fx, modelName } = options;
  const cells = new Map<string, BillCell>();
  const items = new Map<string, BillCells["items"][number]>();
  const unconverted = new Map<string, number>();
  const rates: Record<string, number> = { USD: 1, ...fx };
  const dayOfRow = (row: BillRow) =>
    calendar.grain === "period" ? "period" : dayOf(row.startAt, calendar.offsetMinutes);
  const wholeDays = new Set(
    rows
      .filter(
        ({ kind, model, item, amount }) => kind === "cost" && model === null && item === null && amount !== 0,
      )
      .map(dayOfRow),
  );
  const amounts: number[] = [];
  let statedListUsd: number | null = 0;
  const weightsOf = rememberWeights(book);
  for (const row of rows) {
    const day = dayOfRow(row);
    const rate = rates[row.unit];
    const usd = row.kind === "cost" && rate !== undefined ? row.amount * rate : null;
    if (row.kind === "cost" && usd === null) add(unconverted, row.unit, row.amount);
    if (row.kind === "cost" && usd !== null && row.unit === "USD") amounts.push(row.amount);
    if (row.kind === "cost" && !row.isBilledElsewhere)
      statedListUsd =
        statedListUsd === null || row.listAmount === null || rate === undefined
          ? null
          : statedListUsd + row.listAmount * rate;
    if (row.kind === "units") continue;
    if (row.item !== null) {
      const key = `${row.item}\n${row.isBilledElsewhere}`;
      const known = items.get(key) ?? { item: row.item, usd: 0, is_billed_elsewhere: row.isBilledElsewhere };
      known.usd = known.usd === null || usd === null ? null : known.usd + usd;
      items.set(key, known);
      continue;
    }
    if (row.model === null && row.kind === "cost" && row.amount === 0) continue;
    const model = row.model === null || wholeDays.has(day) ? allModels : modelName(row.model);
    const key = `${day}\n${model}`;
    const cell = cells.get(key) ?? newCell(day, model);
    cells.set(key, cell);
    if (usd !== null) {
      cell.usd = (cell.usd ?? 0) + usd;
      cell.moneyLines += 1;
    } else if (row.kind === "tokens" && row.tokens !== null) {
      cell.tokens ??= noTokens();
      cell.tokens[row.tokens] += row.amount;
      const at = calendar.grain === "period" ? row.startAt : noonOf(day, calendar.offsetMinutes);
      const { weights, isListed } = weightsOf(row, at);
      cell.listUsd =
        isListed && cell.listUsd !== null ? cell.listUsd + row.amount * weights[row.tokens] : null;
    } else if (row.kind === "requests") cell.requests = (cell.requests ?? 0) + row.amount;
  }
  return {
    cells: [...cells.values()],
    items: [...items.values()],
    unconverted: [...unconverted].map(([currency, amount]) => ({ currency, amount })),
    hasMoney: rows.some(({ kind }) => kind === "cost"),
    statedListUsd,
    roundingUsd: roundingStep(amounts),
  };
}

/** One look-up per model, moment and tier: a bill by key and project has many lines of each. */
function rememberWeights(book: PriceBook) {
  const known = new Map<string, ReturnType<typeof tokenWeights>>();
  return ({ model, vendor, tier }: BillRow, at: number) => {
    const key = JSON.stringify([model, at, tier]);
    const provider = vendor === "openrouter" ? null : vendor;
    const weights = known.get(key) ?? tokenWeights({ model: model ?? "", provider, at, tier }, book);
    known.set(key, weights);
    return weights;
  };
}

function newCell(day: string, model: string): BillCell {
  return { day, model, usd: null, listUsd: 0, tokens: null, requests: null, moneyLines: 0 };
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

/** The largest power of ten from a cent down that divides all amounts. */
function roundingStep(amounts: readonly number[]): number {
  if (amounts.length === 0) return 0;
  const steps = [0.01, 0.001, 0.0001, 0.000_01];
  return (
    steps.find((step) =>
      amounts.every((amount) => Math.abs(amount / step - Math.round(amount / step)) < 1e-6),
    ) ?? 0
  );
}
