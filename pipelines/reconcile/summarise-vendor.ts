import type { Vendor } from "../../datasets/invoices/bill-row.js";
import { GapKind, type ReconcileCell, type ReconcileVendor } from "../../datasets/reconcile-result.js";
import { clusterRatio, clusterRatioInterval, numberClusters } from "../../models/statistics/cluster-ratio.js";
import { allModels, type BillCells } from "./bill-cells.js";
import { type Calendar, zoneName } from "./calendar.js";
import { type CellPair, tokensAgree } from "./cell-pair.js";
import { totalTokens } from "./cell-tokens.js";
import type { LogCell } from "./log-cells.js";

/** The totals of a vendor's comparison, from its cells. */
export function summariseVendor(found: {
  options: {
    vendor: Vendor;
    calendar: Calendar;
    log: readonly LogCell[];
    tolerance: number;
  };
  bill: BillCells;
  basis: ReconcileVendor["bill_basis"];
  cells: ReconcileCell[];
  pairs: readonly CellPair[];
  compared: readonly LogCell[];
  inBill: (cell: LogCell) => boolean;
}): ReconcileVendor {
  const { options, bill, basis, cells, pairs, compared } = found;
  const { calendar, log } = options;
  const outside = log.filter((cell) => !found.inBill(cell));
  const itemUsd = total(bill.items, ({ usd, is_billed_elsewhere }) => (is_billed_elsewhere ? 0 : (usd ?? 0)));
  const hasUsd = basis !== "tokens_only";
  const billUsd = hasUsd ? total(cells, (cell) => cell.bill_usd ?? 0) + itemUsd : null;
  const logUsd = total(cells, (cell) => cell.log_usd);
  const parts = Object.values(GapKind).flatMap((kind) => {
    const having = cells.filter((cell) => cell.parts[kind] !== undefined);
    const usd = total(having, (cell) => cell.parts[kind]!) + (kind === GapKind.otherItems ? itemUsd : 0);
    const count = having.filter((cell) => cell.parts[kind] !== 0 || cell.status === kind).length;
    return usd === 0 && count === 0 ? [] : [{ kind, usd, cells: count }];
  });
  const covered = total(cells, (cell) =>
    Math.min(Math.max(0, cell.bill_usd ?? 0), Math.max(0, cell.log_usd)),
  );
  const billTokens = pairs.flatMap(({ billCell }) =>
    billCell?.tokens ? [totalTokens(billCell.tokens)] : [],
  );
  return {
    vendor: options.vendor,
    zone: zoneName(calendar.offsetMinutes),
    grain: calendar.grain,
    from: calendar.from,
    to: calendar.to,
    bill_basis: basis,
    bill_usd: billUsd,
    bill_list_usd: basis === "charged" ? bill.statedListUsd : null,
    log_usd: logUsd,
    gap_usd: billUsd === null ? null : billUsd - logUsd,
    parts: hasUsd ? parts : [],
    coverage: billUsd !== null && billUsd > 0 ? covered / billUsd : null,
    unexplained_share: billUsd !== null && billUsd > 0 ? unexplained(cells) / billUsd : null,
    bill_tokens: billTokens.length === 0 ? null : sumTotals(billTokens),
    log_tokens: sumTotals(cells.map((cell) => cell.log_tokens)),
    log: {
      requests: total(compared, (cell) => cell.requests),
      unpriced_requests: total(compared, (cell) => cell.unpricedRequests),
      list_usd: total(compared, (cell) => cell.listUsd),
      reported_usd: total(compared, (cell) => cell.reportedUsd),
      cache_hits: total(compared, (cell) => cell.cacheHits),
      assumed_requests: total(compared, (cell) => cell.assumedRequests),
      outside_bill: {
        requests: total(outside, (cell) => cell.requests),
        usd: total(outside, (cell) => cell.usd),
      },
    },
    bill_over_list: basis === "charged" ? billOverList(pairs, options.tolerance) : null,
    items: bill.items,
    unconverted: bill.unconverted,
    unmatched_models: unmatched(cells, pairs),
    cells,
  };
}

/** Dollars of differences that have no innocent reason, each by itself, so that they can't cancel. */
function unexplained(cells: readonly ReconcileCell[]): number {
  const innocent = new Set<string>([GapKind.withinTolerance, GapKind.partialDay, GapKind.outsideLog]);
  return total(cells, ({ parts }) =>
    total(Object.entries(parts), ([kind, usd]) => (innocent.has(kind) ? 0 : Math.abs(usd))),
  );
}

function billOverList(pairs: readonly CellPair[], tolerance: number): ReconcileVendor["bill_over_list"] {
  const usable = pairs.flatMap(({ billCell, logCell, day }) =>
    billCell !== null &&
    billCell.usd !== null &&
    logCell !== null &&
    logCell.withoutList === 0 &&
    logCell.listUsd > 0 &&
    tokensAgree(billCell, logCell, tolerance)
      ? [{ day, charged: billCell.usd, list: logCell.listUsd }]
      : [],
  );
  const days = numberClusters(usable.map(({ day }) => day));
  if (new Set(days).size < 2) return null;
  const ratio = clusterRatio(
    usable.map(({ charged }) => charged),
    usable.map(({ list }) => list),
    days,
  );
  return {
    ...clusterRatioInterval(ratio),
    method: "charged over list price of the logged tokens; 95 % interval, cluster-robust by day (Student t)",
    n: usable.length,
  };
}

function unmatched(
  cells: readonly ReconcileCell[],
  pairs: readonly CellPair[],
): ReconcileVendor["unmatched_models"] {
  const models = [...new Set(cells.map(({ model }) => model))].filter((model) => model !== allModels);
  const isOnlyIn = (side: "billCell" | "logCell", model: string) =>
    pairs.every(
      (pair) => pair.model !== model || pair[side === "billCell" ? "logCell" : "billCell"] === null,
    );
  const sum = (model: string, of: (cell: ReconcileCell) => number) =>
    total(
      cells.filter((cell) => cell.model === model),
      of,
    );
  return {
    bill: models
      .filter((model) => isOnlyIn("billCell", model))
      .map((model) => ({
        model,
        usd: cells.some((cell) => cell.bill_usd !== null) ? sum(model, (cell) => cell.bill_usd ?? 0) : null,
      })),
    log: models
      .filter((model) => isOnlyIn("logCell", model))
      .map((model) => ({ model, usd: sum(model, (cell) => cell.log_usd) })),
  };
}

function sumTotals(totals: ReadonlyArray<{ input: number; output: number }>): {
  input: number;
  output: number;
} {
  return { input: total(totals, ({ input }) => input), output: total(totals, ({ output }) => output) };
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}
