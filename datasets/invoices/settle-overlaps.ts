import type { BillRow } from "./bill-row.js";
import type { Bill } from "./read-bill.js";

/** Days or figures that more than one file states. */
export interface Overlap {
  vendor: string;
  kind: BillRow["kind"];
  /** What stayed and what was left out, each a file or a format. */
  kept: string;
  dropped: string;
  rows: number;
  /** Sum of the amounts that were left out, and by how much they differ from what was kept; in `unit`. */
  amount: number;
  difference: number;
  unit: string;
}

/** Count everything once when exports overlap. Two files of one format that state the same figure (same period, model, kind of
 * token, project and key): the larger statement stays, being the later export of a day that was still open. Two formats that state
 * the same period's money or tokens (a dashboard CSV beside the API's answer, hours beside days): the one with more rows stays. Rows of one file are
 * all different and are never taken for duplicates.
 * @param files "larger", or "add" when overlapping files are of different accounts that their columns don't tell apart */
export function settleOverlaps(
  bills: readonly Bill[],
  files: "larger" | "add" = "larger",
): { rows: BillRow[]; overlaps: Overlap[] } {
  const overlaps = new Map<string, Overlap>();
  const all = bills.flatMap(({ rows }) => rows);
  const withinFormat = files === "add" ? all : keepOne(all, figureKey, (row) => row.file, sumOf, overlaps);
  const rows = keepOne(withinFormat, periodKey, bucketed, (group) => group.length, overlaps);
  return { rows, overlaps: [...overlaps.values()] };
}

function keepOne(
  rows: readonly BillRow[],
  keyOf: (row: BillRow) => string,
  originOf: (row: BillRow) => string,
  rank: (rows: BillRow[]) => number,
  overlaps: Map<string, Overlap>,
): BillRow[] {
  const groups = new Map<string, Map<string, BillRow[]>>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key) ?? groups.set(key, new Map()).get(key)!;
    const origin = originOf(row);
    (group.get(origin) ?? group.set(origin, []).get(origin)!).push(row);
  }
  return [...groups.values()].flatMap((group) => {
    const ranked = [...group].sort(([, a], [, b]) => rank(b) - rank(a));
    const [kept, keptRows] = ranked[0]!;
    for (const [dropped, droppedRows] of ranked.slice(1)) {
      const { vendor, kind, unit } = keptRows[0]!;
      const key = [vendor, kind, unit, kept, dropped].join("\n");
      const overlap = overlaps.get(key) ?? {
        vendor,
        kind,
        kept,
        dropped,
        rows: 0,
        amount: 0,
        difference: 0,
        unit,
      };
      overlap.rows += droppedRows.length;
      overlap.amount += sumOf(droppedRows);
      overlap.difference += sumOf(keptRows) - sumOf(droppedRows);
      overlaps.set(key, overlap);
    }
    return keptRows;
  });
}

/** A format with its length of bucket: an hourly export beside a daily one says the same twice. */
function bucketed({ reader, startAt, endAt }: BillRow): string {
  return `${reader} by ${((endAt - startAt) / 3_600_000_000).toFixed(0)} h`;
}

function figureKey(row: BillRow): string {
  return JSON.stringify([
    row.vendor,
    row.reader,
    row.kind,
    row.unit,
    row.startAt,
    row.endAt,
    row.modelWritten,
    row.tokens,
    row.item,
    row.project,
    row.apiKey,
  ]);
}

function periodKey(row: BillRow): string {
  const day = Math.floor((row.startAt + row.offsetMinutes * 60_000_000) / 86_400_000_000);
  return JSON.stringify([row.vendor, row.kind, row.kind === "cost" ? row.isBilledElsewhere : row.unit, day]);
}

function sumOf(rows: readonly BillRow[]): number {
  return rows.reduce((sum, row) => sum + row.amount, 0);
}
