import type { AuditResult, SpendRow } from "../../datasets/results.js";
import { type PrintedColumn, percent, printLine, printTable, usd } from "../terminal.js";

/** Rows of a breakdown that a terminal shows; --json has them all. */
const shownRows = 15;

/** Print an audit: the bill, what it was spent on, and what was wasted. */
export function printAudit(result: AuditResult): void {
  printTotals(result);
  section("unpriced models", result.unpriced.models, [
    left("without a price", (row) => row.model),
    left("provider", (row) => row.provider ?? "(unknown)"),
    left("why", (row) => row.reason),
    right("attempts", (row) => count(row.requests)),
    right("tokens", (row) => count(row.tokens)),
    right("at most usd", (row) => (row.high_usd === null ? "no bound" : usd(row.high_usd))),
    left("bound", (row) => row.high_basis),
  ]);
  for (const [title, rows] of spendTables(result)) printSpend(title, rows, result.billed.usd);
  section("tokens", result.tokens, [
    left("tokens", (row) => row.kind),
    right("count", (row) => count(row.tokens)),
    right("share", (row) =>
      percent(
        shareOf(
          row.tokens,
          sum(result.tokens, ({ tokens }) => tokens),
        ),
      ),
    ),
  ]);
  section("prompt cache", result.prompt_cache, [
    left("prompt cache", (row) => row.model),
    right("input", (row) => count(row.input_tokens)),
    right("read", (row) => percent(shareOf(row.read_tokens, row.input_tokens))),
    right("written 5 min", (row) => percent(shareOf(row.write_5m_tokens, row.input_tokens))),
    right("written 1 h", (row) => percent(shareOf(row.write_1h_tokens, row.input_tokens))),
    right("calls with reads", (row) => percent(shareOf(row.requests_with_reads, row.requests))),
  ]);
  section("prompt size", result.input_sizes, [
    left("prompt size", ({ from_tokens: from }) => `from ${count(from)} tokens`),
    right("attempts", (row) => count(row.requests)),
    right("usd", (row) => usd(row.usd)),
    right("share", (row) => percent(shareOf(row.usd, result.billed.usd))),
  ]);
  printAttempts(result);
  section("errors", result.errors, [
    left("errors", (row) => row.error_class),
    right("attempts", (row) => count(row.requests)),
    right("usd", (row) => usd(row.usd)),
  ]);
  section("waste", result.waste, [
    left("waste (kinds overlap)", (row) => row.kind),
    right("attempts", (row) => count(row.requests)),
    right("usd", (row) => usd(row.usd)),
    left("evidence", (row) => row.evidence),
  ]);
  section("duplicates", result.duplicates, [
    left("logged again, counted once", (row) => row.reason),
    left("source", (row) => row.source ?? "(unknown)"),
    right("records", (row) => count(row.records)),
  ]);
  section("prices", result.price_sources, [
    left("where the price comes from", (row) => row.price_source),
    right("attempts", (row) => count(row.requests)),
    right("usd", (row) => usd(row.usd)),
  ]);
}

function printTotals(result: AuditResult): void {
  const { requests, logical_requests, sessions, from, to, billed, unpriced } = result;
  printLine(
    `${count(requests)} attempts of ${count(logical_requests)} requests in ${count(sessions)} sessions, ${from} to ${to}`,
  );
  if (billed.unpriced_requests === 0) {
    printLine(`Billed: ${usd(billed.usd)}`);
    return;
  }
  const range = unpriced.high_usd === null ? "" : `, at most ${usd(unpriced.high_usd)}`;
  const share = `${percent(unpriced.share_of_tokens)} of all tokens`;
  printLine(
    `Billed: at least ${usd(billed.usd)}${range}: ${count(billed.unpriced_requests)} attempts (${share}) have no known price`,
  );
}

function spendTables(result: AuditResult): Array<[string, SpendRow[]]> {
  const days = new Map<string, SpendRow>();
  for (const { day, usd: spent, requests, unpriced_requests } of result.by_day) {
    const row = days.get(day) ?? { ...emptySpend, key: day };
    row.usd += spent;
    row.requests += requests;
    row.unpriced_requests += unpriced_requests;
    days.set(day, row);
  }
  const tables: Array<[string, SpendRow[]]> = [
    ["model", result.by_model],
    ["provider", result.by_provider],
    ["app", result.by_app],
    ["API key", result.by_api_key],
    ["endpoint", result.by_endpoint],
    ["day", [...days.values()]],
  ];
  return tables.filter(([title, rows]) => title === "model" || rows.length > 1);
}

const emptySpend = {
  requests: 0,
  errors: 0,
  usd: 0,
  priced_requests: 0,
  unpriced_requests: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
};

function printSpend(title: string, rows: readonly SpendRow[], billedUsd: number): void {
  const hasErrors = rows.some(({ errors }) => errors > 0);
  section(title, rows, [
    left(title, (row) => row.key),
    right("attempts", (row) => count(row.requests)),
    ...(hasErrors ? [right<SpendRow>("errors", (row) => count(row.errors))] : []),
    right("unpriced", (row) => count(row.unpriced_requests)),
    right("usd", (row) => usd(row.usd)),
    right("share", (row) => percent(shareOf(row.usd, billedUsd))),
  ]);
}

function printAttempts({ attempts }: AuditResult): void {
  if (attempts.retried_requests === 0) return;
  printLine();
  printLine(
    `${count(attempts.retried_requests)} requests took more than one attempt: ${count(attempts.retries)} retries and ${count(attempts.fallbacks)} fallbacks to another model; ${count(attempts.recovered_requests)} of them succeeded in the end. The attempts before the last cost ${usd(attempts.usd_superseded)}.`,
  );
}

function section<Row>(title: string, rows: readonly Row[], columns: Array<PrintedColumn<Row>>): void {
  if (rows.length === 0) return;
  printLine();
  printTable(rows.slice(0, shownRows), columns);
  if (rows.length > shownRows)
    printLine(`... ${count(rows.length - shownRows)} more by ${title}; --json shows all`);
}

function left<Row>(title: string, value: (row: Row) => string): PrintedColumn<Row> {
  return { title, value };
}

function right<Row>(title: string, value: (row: Row) => string): PrintedColumn<Row> {
  return { title, align: "right", value };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function sum<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}

function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
