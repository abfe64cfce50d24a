import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import type { BillPeriod, BillRow, Vendor } from "../../datasets/invoices/bill-row.js";
import { type Bill, readBill } from "../../datasets/invoices/read-bill.js";
import { settleOverlaps } from "../../datasets/invoices/settle-overlaps.js";
import { openPriceBook, type PriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { ReconcileResult } from "../../datasets/reconcile-result.js";
import { openTables, requireManifest, type Workspace, writeResult } from "../../datasets/workspace.js";
import { chooseCalendar } from "./calendar.js";
import { gatherLog } from "./log-cells.js";
import { reconcileVendor } from "./reconcile-vendor.js";

/** How bills are compared with the log. */
export interface ReconcileOptions {
  /** Vendors to compare; every vendor of the bills when absent. */
  vendors?: readonly string[];
  /** Share by which a cell may differ and still match. */
  tolerance: number;
  /** The log's cost to compare with. */
  basis: ReconcileResult["basis"];
  /** USD for one unit of a currency; money in any other stays unconverted. */
  fx: Readonly<Record<string, number>>;
  /** What to do with files of one format that state the same figures. */
  overlaps: "larger" | "add";
}

/** Compare vendors' bills with the ingested log, by day and model: results/reconcile.json. bill - log is the sum of its parts.
 * @throws {StageError} when nothing was ingested
 * @throws {InputError} for a file that is no bill
 * @throws {DataError} when no bill is of the vendors asked for */
export async function reconcile(
  workspace: Workspace,
  paths: readonly string[],
  options: ReconcileOptions,
): Promise<ReconcileResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const bills: Bill[] = [];
  for (const path of new Set(paths)) bills.push(await readBill(path));
  const engine = await openTables(workspace);
  try {
    const book = openPriceBook({ folder: priceFolder(workspace) });
    const result = await reconcileTables(engine, bills, { ...options, book });
    writeResult(workspace, "reconcile", result);
    return result;
  } finally {
    engine.close();
  }
}

/** Compare bills with an engine's `requests` table. */
export async function reconcileTables(
  engine: Engine,
  bills: readonly Bill[],
  options: ReconcileOptions & { book: PriceBook },
): Promise<ReconcileResult> {
  const found = [...new Set(bills.flatMap(({ vendors }) => vendors))];
  const vendors = found.filter((vendor) => options.vendors === undefined || options.vendors.includes(vendor));
  if (vendors.length === 0)
    throw new DataError(
      `no bill of ${options.vendors?.join(", ") ?? "any vendor"} among the files; they are of: ${found.join(", ") || "nobody"}`,
    );
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const { rows, overlaps } = settleOverlaps(bills, options.overlaps);
  const calendars = new Map(
    vendors.flatMap((vendor) => {
      const periods = comparedPeriods(vendor, bills, rows);
      return periods.length === 0 ? [] : [[vendor, chooseCalendar(periods)] as const];
    }),
  );
  if (calendars.size === 0)
    throw new DataError(
      `no readable line in ${bills.map(({ path }) => path).join(", ")}: ${countUnread(bills)[0]?.reason}`,
    );
  const offsets = new Map<Vendor, number>(
    [...calendars].map(([vendor, { offsetMinutes }]) => [vendor, offsetMinutes]),
  );
  const log = await gatherLog(engine, offsets, options.basis);
  return {
    schema_version: 1,
    basis: options.basis,
    tolerance: options.tolerance,
    fx: { ...options.fx },
    bills: bills.map((bill) => ({
      path: bill.path,
      readers: bill.readers,
      vendors: bill.vendors,
      records: bill.records,
      rows: bill.rows.length,
      unread: bill.unread.length,
    })),
    unread: countUnread(bills),
    overlaps,
    vendors: [...calendars].map(([vendor, calendar]) =>
      reconcileVendor({
        vendor,
        calendar,
        rows: rows.filter((row) => row.vendor === vendor),
        log: log.cells.get(vendor)!,
        window: log.window,
        tolerance: options.tolerance,
        fx: options.fx,
        book: options.book,
      }),
    ),
    notes: [...new Set(bills.flatMap(({ path, notes }) => notes.map((note) => `${path}: ${note}`)))],
  };
}

/** Where a bill has money, only the periods of its money are compared: a usage export of other days says nothing of charges. */
function comparedPeriods(vendor: Vendor, bills: readonly Bill[], rows: readonly BillRow[]): BillPeriod[] {
  const periods = bills.flatMap((bill) => bill.periods.filter((period) => period.vendor === vendor));
  const charging = new Set(
    rows.filter((row) => row.vendor === vendor && row.kind === "cost").map(({ reader }) => reader),
  );
  return charging.size === 0 ? periods : periods.filter(({ reader }) => charging.has(reader));
}

function countUnread(bills: readonly Bill[]): ReconcileResult["unread"] {
  const reasons = new Map<string, ReconcileResult["unread"][number]>();
  for (const { path, unread } of bills) {
    for (const { line, reason } of unread) {
      const known = reasons.get(reason) ?? { reason, count: 0, example: `${path}:${line}` };
      known.count += 1;
      reasons.set(reason, known);
    }
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}
