import {
  type AfterFailure,
  type ChainRow,
  type ChainStepRow,
  type ErrorTimeline,
  type LatencyRow,
  type ReliabilityModel,
  StepEvidence,
} from "../../datasets/reliability-result.js";
import type { Estimate } from "../../datasets/results.js";
import type { Cell, Table } from "../content.js";
import {
  formatCount,
  formatCountOf,
  formatMilliseconds,
  formatNumber,
  formatShare,
  formatUsd,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { type TableColumn, tableBlock } from "./table-block.js";

/** Attempts, failures by class and their cost, by model. */
export function modelErrorTable(models: readonly ReliabilityModel[]): Table {
  return tableBlock({
    caption: "Failed attempts by model",
    rows: models,
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Attempts", isNumber: true, cell: (row) => formatCount(row.attempts) },
      { title: "Failed", isNumber: true, cell: (row) => estimateCell(row.error_rate, formatShare) },
      { title: "Another try may help", isNumber: true, cell: (row) => classes(row, false) },
      { title: "The request is at fault", isNumber: true, cell: (row) => classes(row, true) },
      {
        title: "Cost of failures",
        isNumber: true,
        cell: (row) => ({
          text:
            row.unpriced_failures === row.failures && row.failures > 0
              ? "unknown"
              : formatUsd(row.failed_usd),
          detail:
            row.unpriced_failures > 0
              ? `${formatCount(row.billed_failures)} billed, ${formatCount(row.unpriced_failures)} without a price`
              : `${formatCount(row.billed_failures)} billed`,
        }),
      },
    ],
    notes: [
      "Unclassified: cancelled by the caller, or not explained by the log. A failed attempt without any usage counts as not charged.",
      ...methodNotes(models.map((row) => row.error_rate)),
    ],
  });
}

function classes({ by_class }: ReliabilityModel, isRequest: boolean): Cell {
  const rows = by_class.filter(({ kind }) => (kind === "request") === isRequest);
  const sum = rows.reduce((total, { failures }) => total + failures, 0);
  return {
    text: formatCount(sum),
    detail: rows
      .map(({ error_class, failures }) => `${visibleText(error_class)} ${formatCount(failures)}`)
      .join(", "),
  };
}

/** How often an attempt fails that follows a failure. */
export function afterFailureTable(rows: readonly AfterFailure[]): Table {
  const words = {
    same_model: "the same model",
    same_provider: "another model of the same provider",
    other_provider: "a model of another provider",
  };
  return tableBlock({
    caption: "How often the next attempt fails, after a failure that is worth another try",
    rows: rows.filter(({ logged, same_window }) => logged !== null || same_window !== null),
    columns: [
      { title: "Next attempt on", cell: (row) => words[row.relation] },
      {
        title: "As logged",
        isNumber: true,
        cell: (row) => estimateCell(row.logged, formatShare, "not logged"),
      },
      { title: "Logged attempts", isNumber: true, cell: (row) => formatCount(row.logged?.n ?? 0) },
      {
        title: "Others, at the same time",
        isNumber: true,
        cell: (row) => estimateCell(row.same_window, formatShare),
      },
    ],
    notes: [
      "Failures that nobody retried are not among the logged attempts.",
      ...methodNotes(rows.map((row) => row.same_window)),
    ],
  });
}

/** Availability and attempts by chain of attempts, and how it is known. */
export function chainTable(chains: readonly ChainRow[]): Table {
  const unanswered = ({ availability: { value, low, high, method, n } }: ChainRow): Estimate => ({
    value: 1 - value,
    low: 1 - high,
    high: 1 - low,
    method,
    n,
  });
  return tableBlock({
    caption: "Chains of attempts on the logged first attempts",
    rows: chains,
    columns: [
      { title: "Chain", cell: chainCell },
      { title: "Without an answer", isNumber: true, cell: (row) => estimateCell(unanswered(row), fine) },
      {
        title: "If independent",
        isNumber: true,
        cell: (row) => fine(1 - row.availability_if_independent),
      },
      {
        title: "Attempts per request",
        isNumber: true,
        cell: (row) => estimateCell(row.attempts, (value) => formatNumber(value)),
      },
      {
        title: "Further attempts fail",
        cell: (row) => ({ text: "", detail: row.steps.map(stepText).join("; ") }),
      },
    ],
    notes: methodNotes(chains.map((row) => row.availability)),
  });
}

/** Money and time by chain of attempts. */
export function chainCostTable(chains: readonly ChainRow[]): Table {
  const none = ({ steps }: ChainRow) => (steps.length === 0 ? "none" : undefined);
  return tableBlock({
    caption: "What the chains cost, and how long an answer takes",
    rows: chains,
    columns: [
      { title: "Chain", cell: (row) => visibleText(row.label) },
      { title: "Per request", isNumber: true, cell: (row) => estimateCell(row.usd_per_request, formatUsd) },
      {
        title: "Per answered request",
        isNumber: true,
        cell: (row) => estimateCell(row.usd_per_success, formatUsd),
      },
      {
        title: "Mean time to the answer",
        isNumber: true,
        cell: (row) => estimateCell(row.latency_ms, formatMilliseconds),
      },
      {
        title: "After a failed first attempt",
        isNumber: true,
        cell: (row) => estimateCell(row.recovery_ms, formatMilliseconds, none(row)),
      },
    ],
  });
}

function chainCell({ label, assumes_independence, requests, first_failures }: ChainRow): Cell {
  return {
    text: visibleText(label),
    detail: `${formatCount(first_failures)} of ${formatCount(requests)} failed at first`,
    ...(assumes_independence && {
      badge: { text: "modelled: independence assumed", tone: "caution" as const },
    }),
  };
}

const evidenceWords: Readonly<Record<StepEvidence, string>> = {
  [StepEvidence.loggedClass]: "logged after such errors",
  [StepEvidence.logged]: "logged after any error",
  [StepEvidence.sameWindow]: "others in the same minutes",
  [StepEvidence.firstFailure]: "as after one failure",
  [StepEvidence.independence]: "overall rate",
  [StepEvidence.notRecovered]: "not known to help",
};

function stepText({ attempt, failure, evidence, n }: ChainStepRow): string {
  const size = n > 0 ? `, n\u00a0=\u00a0${formatCount(n)}` : "";
  return `${attempt}: ${formatShare(failure)} (${evidenceWords[evidence] ?? visibleText(evidence)}${size})`;
}

function fine(share: number): string {
  return share > 0 && share < 0.01 ? `${formatNumber(share * 100)}\u00a0%` : formatShare(share);
}

/** Time to the last token by strategy. */
export function latencyTable(rows: readonly LatencyRow[], sloMs: number): Table {
  return tableBlock({
    caption: "Time to the last token of answered requests, before and after",
    rows,
    columns: [
      { title: "Strategy", cell: (row) => visibleText(row.label) },
      figureColumn("Median", (row) => row.total_p50, formatMilliseconds),
      figureColumn("P95", (row) => row.total_p95, formatMilliseconds),
      {
        title: "P95 if independent",
        isNumber: true,
        cell: (row) => (row.strategy === "billed" ? "" : formatMilliseconds(row.total_p95_if_independent)),
      },
      figureColumn(`Within ${formatMilliseconds(sloMs)}`, (row) => row.within_slo, formatShare),
      { title: "Unknown", isNumber: true, cell: (row) => formatCount(row.unknown) },
    ],
    notes: [
      "Unknown: requests without a logged time, or whose model has none under this strategy; they are in no other column.",
      ...methodNotes(rows.flatMap((row) => [row.total_p50, row.within_slo])),
    ],
  });
}

/** Time to the first token and output speed by strategy. */
export function speedTable(rows: readonly LatencyRow[]): Table {
  const speed = (value: number) => formatNumber(value, 1);
  return tableBlock({
    caption: "First token and output speed of streamed answers, before and after",
    rows,
    columns: [
      { title: "Strategy", cell: (row) => visibleText(row.label) },
      figureColumn("First token, median", (row) => row.ttft_p50, formatMilliseconds),
      figureColumn("First token, P95", (row) => row.ttft_p95, formatMilliseconds),
      figureColumn("Tokens/s, P5", (row) => row.speed_p05, speed),
      figureColumn("Tokens/s, median", (row) => row.speed_p50, speed),
      figureColumn("Tokens/s, P95", (row) => row.speed_p95, speed),
    ],
    notes: ["Tokens per second count from the first token on; P5 is the slow end."],
  });
}

function figureColumn(
  title: string,
  of: (row: LatencyRow) => Estimate | null,
  format: (value: number) => string,
): TableColumn<LatencyRow> {
  return { title, isNumber: true, cell: (row) => estimateCell(of(row), format) };
}

/** The numbers behind the chart of errors over time. */
export function timelineTable({ points, step_minutes }: ErrorTimeline): Table {
  return tableBlock({
    caption: `Failed attempts in steps of ${formatCountOf(step_minutes, "minute")}`,
    rows: points,
    limit: 90,
    columns: [
      { title: "From (UTC)", cell: ({ at }) => at.slice(0, 16).replace("T", " ") },
      { title: "Attempts", isNumber: true, cell: ({ attempts }) => formatCount(attempts) },
      { title: "Failed", isNumber: true, cell: ({ failures }) => formatCount(failures) },
      {
        title: "Share",
        isNumber: true,
        cell: ({ attempts, failures }) => formatShare(failures / attempts),
      },
    ],
  });
}
