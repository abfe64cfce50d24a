import type { Progress, ProgressEvent } from "../datasets/progress.js";
import type { Workspace } from "../datasets/workspace.js";
import { publishProgress } from "./progress/publish-progress.js";

/** Print one JSON document on stdout: what `--json` means for every verb. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Print a line on stdout. */
export function printLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A column of a printed table. */
export interface PrintedColumn<Row> {
  title: string;
  value: (row: Row) => string;
  align?: "left" | "right";
}

/** Print rows as an aligned table on stdout. */
export function printTable<Row>(rows: readonly Row[], columns: ReadonlyArray<PrintedColumn<Row>>): void {
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((line) => line[i]!.length)),
  );
  const format = (line: readonly string[]) =>
    line
      .map((cell, i) => (columns[i]!.align === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  printLine(format(columns.map((column) => column.title)));
  printLine(widths.map((width) => "-".repeat(width)).join("  "));
  for (const line of cells) printLine(format(line));
}

/** Progress on stderr: nothing in the first second, then a bar that redraws on a terminal, or a line every five seconds
 * elsewhere. Call the returned `end` before printing results.
 * @param published a stage of a workspace, whose progress `signalbox open` shows too */
export function stderrProgress(published?: { workspace: Workspace; stage: string }): {
  progress: Progress;
  end: () => void;
} {
  const publisher = published && publishProgress(published.workspace, published.stage);
  const started = Date.now();
  const isTerminal = process.stderr.isTTY === true;
  let lastDrawn = 0;
  let isDrawn = false;
  const progress = (event: ProgressEvent): void => {
    publisher?.progress(event);
    const now = Date.now();
    if (now - started < 1_000 || now - lastDrawn < (isTerminal ? 100 : 5_000)) return;
    lastDrawn = now;
    isDrawn = true;
    process.stderr.write(isTerminal ? `\r\u001b[2K${barText(event)}` : `${barText(event)}\n`);
  };
  const end = (): void => {
    publisher?.end();
    if (isDrawn && isTerminal) process.stderr.write("\r\u001b[2K");
  };
  return { progress, end };
}

function barText({ label, done, total, unit }: ProgressEvent): string {
  if (total === null || total === 0) return `${label}  ${done.toLocaleString("en-US")} ${unit}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * 24);
  return `${label}  [${"#".repeat(filled)}${"-".repeat(24 - filled)}] ${(share * 100).toFixed(0)} %  ${done.toLocaleString("en-US")} / ${total.toLocaleString("en-US")} ${unit}`;
}

/** "$1,234.56" or "-$1.43", with more digits below ten cents. */
export function usd(value: number | null): string {
  if (value === null) return "unknown";
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 6 : 2;
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${value < 0 ? "-" : ""}$${text}`;
}

/** "12.3 %" of a share. */
export function percent(share: number | null, digits = 1): string {
  return share === null ? "unknown" : `${(share * 100).toFixed(digits)} %`;
}

/** An estimate with its interval: "12.3 % [10.1 %, 14.0 %]"; a single session has none. */
export function withInterval(
  estimate: { value: number; low: number | null; high: number | null } | null,
  format: (value: number) => string,
): string {
  if (estimate === null) return "unknown";
  const { value, low, high } = estimate;
  const bound = (end: number | null) => (end !== null && Number.isFinite(end) ? format(end) : null);
  const [from, to] = [bound(low), bound(high)];
  if (from === null && to === null) return `${format(value)} [no interval]`;
  return `${format(value)} [${from ?? "no bound"}, ${to ?? "no bound"}]`;
}
