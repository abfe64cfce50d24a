import type { ResponseShadow, ShadowGuardrail } from "../../../datasets/shadow-result.js";
import type { Table, Tone } from "../../content.js";
import {
  formatCount,
  formatMilliseconds,
  formatNumber,
  formatShare,
  formatUsd,
} from "../../format-numbers.js";
import { visibleText } from "../../visible-text.js";
import { estimateCell } from "../estimate-text.js";
import { tableBlock } from "../table-block.js";

/** What the pairs without a verdict could change. */
export function sensitivityTable({ sensitivity, late_pairs, design }: ResponseShadow): Table {
  return tableBlock({
    caption: "If missing pairs count against the candidate",
    rows: sensitivity,
    notes:
      late_pairs > 0
        ? [
            `${formatCount(late_pairs)} pairs are not in the evidence: beyond ${formatCount(design.session_cap)} pairs of a session, or ${formatNumber(design.session_gap_h, 0)} hours after its last one.`,
          ]
        : [],
    columns: [
      { title: "Counting", cell: (row) => visibleText(row.case) },
      { title: "Pairs", isNumber: true, cell: (row) => formatCount(row.pairs) },
      { title: "Quality lost", isNumber: true, cell: (row) => formatShare(row.difference) },
      { title: "Upper end", isNumber: true, cell: (row) => formatShare(row.upper) },
      { title: "Evidence", isNumber: true, cell: (row) => formatNumber(Math.min(row.e_value, 1e9), 2) },
      { title: "Certified", cell: (row) => (row.is_certified ? "yes" : "no") },
    ],
  });
}

/** Rates and latency that stop the test. */
export function guardrailTable({ guardrails }: ResponseShadow): Table {
  const value = (row: ShadowGuardrail, amount: number | null) =>
    isLatency(row) ? formatMilliseconds(amount) : formatShare(amount);
  return tableBlock({
    caption: "Guardrails",
    rows: guardrails,
    columns: [
      { title: "Guardrail", cell: (row) => guardrailNames[row.name] ?? visibleText(row.name) },
      { title: "Pairs", isNumber: true, cell: (row) => formatCount(row.pairs) },
      { title: "Baseline", isNumber: true, cell: (row) => value(row, row.baseline) },
      { title: "Candidate", isNumber: true, cell: (row) => value(row, row.candidate) },
      { title: "Difference", isNumber: true, cell: (row) => estimateCell(row.difference, formatShare, "") },
      {
        title: "Limit",
        isNumber: true,
        cell: (row) => (isLatency(row) ? `× ${formatNumber(row.limit, 1)}` : `+ ${formatShare(row.limit)}`),
      },
      {
        title: "Status",
        cell: ({ status }) => ({
          text: "",
          badge: { text: status.replace("_", " "), tone: guardrailTones[status] },
        }),
      },
    ],
  });
}

const guardrailNames: Readonly<Record<string, string>> = {
  errors: "Errors and timeouts",
  refusals: "Refusals",
  invalid_json: "Answers that break the demanded JSON",
  latency_p95: "Latency, 95th percentile",
};

const guardrailTones: Readonly<Record<ShadowGuardrail["status"], Tone>> = {
  ok: "good",
  stop: "bad",
  too_few: "neutral",
};

function isLatency({ name }: ShadowGuardrail): boolean {
  return name.startsWith("latency");
}

/** Dollars per success on each side. */
export function costTable({ costs, success }: ResponseShadow): Table {
  return tableBlock({
    caption: "Cost of a success",
    rows: costs,
    notes: [
      `A success is ${visibleText(success, 400)}. Calls without a known price are left out and counted.`,
    ],
    columns: [
      { title: "Side", cell: (row) => row.side },
      { title: "Pairs", isNumber: true, cell: (row) => formatCount(row.pairs) },
      { title: "Without a price", isNumber: true, cell: (row) => formatCount(row.unpriced) },
      { title: "Cost", isNumber: true, cell: (row) => formatUsd(row.usd) },
      { title: "Successes", isNumber: true, cell: (row) => formatCount(row.successes) },
      {
        title: "Cost of a success",
        isNumber: true,
        cell: (row) => estimateCell(row.usd_per_success, formatUsd),
      },
    ],
  });
}

/** Latency quantiles with bands that hold at every look. */
export function latencyTable({ latency }: ResponseShadow): Table {
  return tableBlock({
    caption: "Latency",
    rows: latency,
    isFolded: true,
    columns: [
      { title: "Side", cell: (row) => row.side },
      { title: "Quantile", cell: (row) => formatShare(row.quantile) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.n) },
      { title: "Latency", isNumber: true, cell: (row) => formatMilliseconds(row.ms) },
      {
        title: "Holds at all looks",
        isNumber: true,
        cell: (row) =>
          `${row.low === null ? "unbounded" : formatMilliseconds(row.low)} to ${row.high === null ? "unbounded" : formatMilliseconds(row.high)}`,
      },
    ],
  });
}

/** Every row that was read and what became of it. */
export function rowsTable({ joins, statuses, rejected }: ResponseShadow): Table {
  return tableBlock<{ what: string; rows: number; example: string }>({
    caption: "Rows, and those without a partner",
    rows: [
      ...statuses
        .filter(({ pairs }) => pairs > 0)
        .map(({ status, pairs }) => ({ what: `sampled: ${words(status)}`, rows: pairs, example: "" })),
      ...joins.map(({ kind, rows, example }) => ({ what: words(kind), rows, example: example ?? "" })),
      ...rejected.map(({ file, reason, rows, example }) => ({
        what: `${file}: ${words(reason)}`,
        rows,
        example,
      })),
    ],
    limit: 60,
    columns: [
      { title: "Rows", cell: (row) => visibleText(row.what) },
      { title: "Number", isNumber: true, cell: (row) => formatCount(row.rows) },
      { title: "First", cell: (row) => (row.example === "" ? "" : visibleText(row.example)) },
    ],
  });
}

function words(code: string): string {
  return code.replaceAll("_", " ");
}
