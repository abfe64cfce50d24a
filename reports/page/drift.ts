import type { DriftResult } from "../../datasets/drift-result.js";
import { driftShiftChart } from "../charts/drift-shift.js";
import { type Block, type Notice, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCount,
  formatCountOf,
  formatDay,
  formatNumber,
  formatShare,
  formatUsd,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateCell } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** What changed since a day; null while nobody has asked. */
export function driftSection({ drift }: ReportDocuments): Section | null {
  return drift && { id: "drift", title: "Drift", blocks: blocksOf(drift) };
}

function blocksOf(drift: DriftResult): Block[] {
  const { requests, columns } = drift;
  return [
    {
      kind: "paragraph",
      text: `${formatCountOf(requests.since, "request")} since ${formatDay(drift.since)} beside ${formatCount(requests.before)} from before; ${formatCount(requests.compared_since)} were compared with ${formatCount(requests.compared_before)}. Measured: the shares of the log itself.`,
    },
    verdict(drift),
    ...chartBlocks(
      {
        id: "chart-drift-shift",
        title: "How far distributions have shifted",
        description: `Population stability index of each distribution, the most shifted first. From ${formatNumber(drift.thresholds.moved_psi, 2)} on it has moved, from ${formatNumber(drift.thresholds.shifted_psi, 2)} on shifted (dashed).`,
        spec: driftShiftChart(drift),
      },
      columnTable(columns),
      "No distribution could be compared.",
    ),
    ...(drift.outcomes.length > 0 ? [outcomeTable(drift.outcomes)] : []),
    ...(drift.alarms.length > 0 ? [alarmTable(drift.alarms)] : []),
    ...(drift.models.length > 0 ? [modelTable(drift.models)] : []),
    ...(drift.prices.length > 0 ? [priceTable(drift.prices)] : []),
    ...drift.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function verdict({ retrain_advised: isAdvised, reasons, alarms }: DriftResult): Notice {
  const raised = alarms.some(({ is_raised }) => is_raised);
  const text = reasons.map(({ evidence }) => visibleText(evidence, 300)).join(" ");
  if (isAdvised) return { kind: "notice", tone: "bad", title: "The router should be trained again", text };
  if (raised || reasons.length > 0)
    return { kind: "notice", tone: "caution", title: "Something changed; look into it", text };
  return {
    kind: "notice",
    tone: "good",
    title: "Nothing calls for another training",
    text: "No distribution, outcome, price or model changed by more than chance and the thresholds allow.",
  };
}

function columnTable(columns: DriftResult["columns"]): Table {
  return tableBlock({
    caption: "Distributions before and since",
    rows: columns,
    columns: [
      { title: "Distribution", cell: ({ column, kind }) => ({ text: visibleText(column), detail: kind }) },
      { title: "PSI", isNumber: true, cell: ({ psi }) => formatNumber(psi) },
      { title: "JS (bits)", isNumber: true, cell: ({ js }) => formatNumber(js) },
      { title: "Adjusted p", isNumber: true, cell: ({ p_adjusted }) => formatNumber(p_adjusted) },
      { title: "Verdict", cell: ({ verdict: word }) => word },
      {
        title: "Changed most",
        cell: ({ bins }) =>
          bins
            .map(
              (row) => `${visibleText(row.bin, 40)}: ${formatShare(row.before)} to ${formatShare(row.since)}`,
            )
            .join("; "),
      },
    ],
    notes: ["p-values by shuffling whole sessions, adjusted for the number of tests (Holm)."],
  });
}

function outcomeTable(outcomes: DriftResult["outcomes"]): Table {
  return tableBlock({
    caption: "Outcomes before and since",
    rows: outcomes,
    columns: [
      { title: "Outcome", cell: ({ outcome }) => visibleText(outcome) },
      { title: "Before", isNumber: true, cell: (row) => formatShare(row.before) },
      { title: "Since", isNumber: true, cell: (row) => formatShare(row.since) },
      { title: "Change", isNumber: true, cell: (row) => estimateCell(row.difference, formatShare) },
      { title: "Adjusted p", isNumber: true, cell: ({ p_adjusted }) => formatNumber(p_adjusted) },
    ],
  });
}

function alarmTable(alarms: DriftResult["alarms"]): Table {
  return tableBlock({
    caption: "Alarms that may be looked at daily",
    rows: alarms,
    columns: [
      { title: "Event", cell: ({ event }) => visibleText(event) },
      { title: "Allowed", isNumber: true, cell: ({ allowed }) => formatShare(allowed) },
      { title: "Sessions", isNumber: true, cell: ({ checked }) => formatCount(checked) },
      { title: "Evidence", isNumber: true, cell: ({ evidence }) => formatNumber(evidence, 2) },
      { title: "Alarm at", isNumber: true, cell: ({ alarm_at }) => formatNumber(alarm_at, 0) },
      {
        title: "State",
        cell: ({ is_raised: isRaised }) => ({
          text: "",
          badge: isRaised ? { text: "raised", tone: "bad" } : { text: "quiet", tone: "good" },
        }),
      },
    ],
  });
}

function modelTable(models: DriftResult["models"]): Table {
  return tableBlock({
    caption: "Models that are new, gone or moved",
    rows: models,
    columns: [
      { title: "Model", cell: ({ model }) => visibleText(model) },
      { title: "Change", cell: ({ change }) => change.replace("_", " ") },
      { title: "Calls before", isNumber: true, cell: (row) => formatCount(row.requests_before) },
      { title: "Calls since", isNumber: true, cell: (row) => formatCount(row.requests_since) },
      { title: "In the policy", cell: (row) => (row.is_in_policy ? "yes" : "no") },
    ],
  });
}

function priceTable(prices: DriftResult["prices"]): Table {
  return tableBlock({
    caption: "List prices that changed (per 1M tokens)",
    rows: prices,
    columns: [
      { title: "Model", cell: ({ model }) => visibleText(model) },
      { title: "Input before", isNumber: true, cell: (row) => formatUsd(row.input_usd_per_mtok.before) },
      { title: "Input now", isNumber: true, cell: (row) => formatUsd(row.input_usd_per_mtok.now) },
      { title: "Output before", isNumber: true, cell: (row) => formatUsd(row.output_usd_per_mtok.before) },
      { title: "Output now", isNumber: true, cell: (row) => formatUsd(row.output_usd_per_mtok.now) },
    ],
  });
}
