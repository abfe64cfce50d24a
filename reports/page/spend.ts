import type { AuditResult, SpendRow } from "../../datasets/results.js";
import { spendByModelChart } from "../charts/spend-by-model.js";
import { spendPerDayChart } from "../charts/spend-per-day.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCount,
  formatCountOf,
  formatDay,
  formatMilliseconds,
  formatMoney,
  formatShare,
  formatUsd,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What was spent: per day, by model, provider and app, with speed and errors beside it. */
export function spendSection({ audit }: ReportDocuments): Section {
  return {
    id: "spend",
    title: "The bill",
    blocks: audit
      ? blocksOf(audit)
      : [missingStage("Spend has not been added up yet.", "signalbox audit --workspace DIR")],
  };
}

function blocksOf(audit: AuditResult): Block[] {
  return [
    { kind: "figures", items: figures(audit) },
    note(
      "Billed means the cost that the log reports, and the list price at the call's date where it reports none. A call is one attempt; retries count.",
    ),
    ...chartBlocks(
      {
        id: "chart-spend-per-day",
        title: "Spend over time",
        description: `Billed spend by model from ${formatDay(audit.from)} to ${formatDay(audit.to)}.`,
        spec: spendPerDayChart(audit.by_day),
      },
      dayTable(audit.by_day),
      "No day has priced spend, so there is no chart over time.",
    ),
    ...chartBlocks(
      {
        id: "chart-spend-by-model",
        title: "Spend by model",
        description: modelSentence(audit),
        spec: spendByModelChart(audit.by_model),
      },
      spendTable("Spend by model", "Model", audit.by_model, audit.billed.usd),
      "No model has priced spend, so there is no chart by model.",
    ),
    ...dimensions(audit),
    ...(audit.latency.some(({ n }) => n > 0) ? [latencyTable(audit)] : []),
    ...(audit.errors.length > 0 ? [errorTable(audit)] : []),
  ];
}

function figures(audit: AuditResult) {
  return [
    {
      label: "Billed",
      value: formatMoney(audit.billed),
      details: [`over ${formatCountOf(audit.days, "day")}`],
    },
    {
      label: "At list prices",
      value: audit.list.priced_requests === 0 ? "unknown" : formatUsd(audit.list.usd),
      details: [
        `the ${formatCount(audit.list.priced_requests)} of ${formatCountOf(audit.requests, "call")} that have a list price`,
      ],
    },
    {
      label: "Reported by the log",
      value: audit.reported.priced_requests === 0 ? "nothing" : formatUsd(audit.reported.usd),
      details: [`${formatCountOf(audit.reported.priced_requests, "call")} with a cost`],
    },
    {
      label: "Per successful request",
      value: formatUsd(audit.usd_per_successful_request),
      details: ["failed attempts and retries included"],
    },
    {
      label: "Calls",
      value: formatCount(audit.requests),
      details: [
        `${formatCountOf(audit.logical_requests, "request")} in ${formatCountOf(audit.sessions, "session")}`,
      ],
    },
  ];
}

function modelSentence({ by_model, billed }: AuditResult): string {
  const largest = by_model.reduce<SpendRow | null>(
    (best, row) => (best === null || row.usd > best.usd ? row : best),
    null,
  );
  if (largest === null || billed.usd <= 0) return "Billed spend by model.";
  return `Billed spend by model; ${visibleText(largest.key)} is the largest with ${formatShare(largest.usd / billed.usd)} of priced spend.`;
}

function dayTable(rows: AuditResult["by_day"]): Table {
  const days = new Map<string, { day: string; usd: number; requests: number; unpriced_requests: number }>();
  for (const row of rows) {
    const day = days.get(row.day) ?? { day: row.day, usd: 0, requests: 0, unpriced_requests: 0 };
    day.usd += row.usd;
    day.requests += row.requests;
    day.unpriced_requests += row.unpriced_requests;
    days.set(row.day, day);
  }
  return tableBlock({
    caption: "Spend per day",
    rows: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
    columns: [
      { title: "Day (UTC)", cell: (row) => visibleText(row.day) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      { title: "Unpriced", isNumber: true, cell: (row) => formatCount(row.unpriced_requests) },
      {
        title: "Billed",
        isNumber: true,
        cell: (row) => formatMoney({ ...row, priced_requests: row.requests - row.unpriced_requests }),
      },
    ],
    limit: 62,
  });
}

/** Key of the calls for which the log doesn't say. */
const notLogged = "(not logged)";

function dimensions(audit: AuditResult): Table[] {
  const groups = [
    ["Spend by app", "App", audit.by_app],
    ["Spend by provider", "Provider", audit.by_provider],
    ["Spend by API key", "Key", audit.by_api_key],
    ["Spend by endpoint", "Endpoint", audit.by_endpoint],
    ["Spend by log format", "Format", audit.by_source],
  ] as const;
  return groups
    .filter(([, , rows]) => rows.some(({ key }) => key !== notLogged))
    .map(([caption, title, rows]) => spendTable(caption, title, rows, audit.billed.usd));
}

function spendTable(caption: string, title: string, rows: readonly SpendRow[], total: number): Table {
  return tableBlock({
    caption,
    rows,
    columns: [
      { title, cell: (row) => visibleText(row.key) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      { title: "Errors", isNumber: true, cell: (row) => formatCount(row.errors) },
      { title: "Input tokens", isNumber: true, cell: (row) => formatCount(row.input_tokens) },
      { title: "of which cached", isNumber: true, cell: (row) => formatCount(row.cache_read_tokens) },
      { title: "Output tokens", isNumber: true, cell: (row) => formatCount(row.output_tokens) },
      {
        title: "Billed",
        isNumber: true,
        cell: (row) => ({
          text: formatMoney(row),
          detail: row.unpriced_requests > 0 ? `${formatCount(row.unpriced_requests)} unpriced` : undefined,
        }),
      },
      {
        title: "Share",
        isNumber: true,
        cell: (row) =>
          row.priced_requests === 0 ? "unknown" : formatShare(total > 0 ? row.usd / total : null),
      },
    ],
    notes: ["Share is of priced spend."],
  });
}

function latencyTable({ latency }: AuditResult): Table {
  return tableBlock({
    caption: "Response time by model",
    rows: latency.filter(({ n }) => n > 0),
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Half of calls within", isNumber: true, cell: (row) => formatMilliseconds(row.p50_ms) },
      { title: "95 % of calls within", isNumber: true, cell: (row) => formatMilliseconds(row.p95_ms) },
      { title: "Calls timed", isNumber: true, cell: (row) => formatCount(row.n) },
    ],
  });
}

function errorTable({ errors, requests }: AuditResult): Table {
  return tableBlock({
    caption: "Failed calls by cause",
    rows: errors,
    columns: [
      { title: "Cause", cell: (row) => visibleText(row.error_class) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      {
        title: "Share of all calls",
        isNumber: true,
        cell: (row) => formatShare(requests > 0 ? row.requests / requests : null),
      },
      { title: "Charged", isNumber: true, cell: (row) => formatUsd(row.usd) },
    ],
  });
}
