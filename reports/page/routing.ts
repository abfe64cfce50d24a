import type { ModelResult, SimulateResult, StrategyRow } from "../../datasets/results.js";
import { certifiedPoint, frontierChart } from "../charts/frontier.js";
import { routedByAppChart } from "../charts/routed-by-app.js";
import { strategyCostsChart } from "../charts/strategy-costs.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatNumber, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { claimsTable } from "./claims-table.js";
import { estimateCell, evidenceBadge, methodNotes } from "./estimate-text.js";
import { baselineRow, isPublishedClaim } from "./known-strategies.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";
import { unitCostsTable } from "./unit-costs-table.js";

/** What a router would change: strategies against their baselines, the frontier, the apps, and how much of the traffic
 * the comparison covers. */
export function routingSection({ simulate, model }: ReportDocuments): Section {
  return {
    id: "routing",
    title: "What a router would change",
    blocks: [
      ...(simulate
        ? [
            intro,
            ...trafficBlocks(simulate.traffic),
            ...outcomeBlocks(simulate.outcomes),
            ...claimsTable(simulate.claims),
            ...simulate.notes.map((text) => note(visibleText(text, 400))),
          ]
        : [missingStage("No strategy has been simulated yet.", "signalbox simulate --workspace DIR")]),
      ...(model ? [{ kind: "heading", text: "Cost against quality" } as const, ...frontier(model)] : []),
    ],
  };
}

const intro: Block = {
  kind: "paragraph",
  text: "Each strategy is applied to the same calls. A router must beat not only the bill but the simple alternatives: one cheaper model for everything, and a random mix that costs the same.",
};

function trafficBlocks(traffic: SimulateResult["traffic"]): Block[] {
  const heading = { kind: "heading", text: "On your own traffic" } as const;
  if (!traffic) {
    return [
      heading,
      {
        kind: "paragraph",
        text: "No logged call could be simulated: the logs hold no prompt text, or no model that the router chooses from.",
      },
    ];
  }
  const people = `${formatCountOf(traffic.requests, "logged call")} in ${formatCountOf(traffic.sessions, "session")}`;
  return [
    heading,
    ...chartBlocks(
      {
        id: "chart-strategies-traffic",
        title: "Strategies on your traffic",
        description: `Cost and estimated quality of each strategy on ${people}. Up and to the left is better; bars are 95 % intervals.`,
        spec: strategyCostsChart(comparedRows(traffic.strategies)),
      },
      strategyTable(`Strategies on ${people}`, traffic.strategies),
      "No strategy has a known quality on this traffic, so cost can't be drawn against it.",
    ),
    ...unitCostsTable(traffic),
    coverageTable(traffic.coverage),
    ...chartBlocks(
      {
        id: "chart-routed-by-app",
        title: "Billed and routed cost by app",
        description: "What each app was billed for the simulated calls, and what the router would have cost.",
        spec: routedByAppChart(traffic.by_app),
      },
      appTable(traffic.by_app),
      "The logs name no app with any cost, so there is no chart by app.",
    ),
  ];
}

function outcomeBlocks(outcomes: SimulateResult["outcomes"]): Block[] {
  const heading = { kind: "heading", text: "On held-out items with known outcomes" } as const;
  if (!outcomes) {
    return [
      heading,
      {
        kind: "paragraph",
        text: [
          "There are no outcomes that training didn't see, so quality is not measured. Import evaluations with: ",
          { code: "signalbox outcomes import FILE --workspace DIR" },
        ],
      },
    ];
  }
  const people = `${formatCountOf(outcomes.n, "held-out item")} in ${formatCountOf(outcomes.sessions, "session")}`;
  return [
    heading,
    ...chartBlocks(
      {
        id: "chart-strategies-outcomes",
        title: "Strategies on held-out items",
        description: `Cost and quality of each strategy on ${people}, where every candidate's answer has a known quality. Up and to the left is better; bars are 95 % intervals.`,
        spec: strategyCostsChart(comparedRows(outcomes.strategies)),
      },
      strategyTable(`Strategies on ${people}`, outcomes.strategies),
      "No strategy has a known quality on these items, so cost can't be drawn against it.",
    ),
  ];
}

/** What a chart can show side by side: our own rows. */
function comparedRows(rows: readonly StrategyRow[]): StrategyRow[] {
  return rows.filter((row) => !isPublishedClaim(row));
}

function strategyTable(caption: string, rows: readonly StrategyRow[]): Table {
  const baseline = baselineRow(rows);
  return tableBlock({
    caption,
    rows,
    columns: [
      {
        title: "Strategy",
        cell: (row) => ({
          text: visibleText(row.label),
          badge: isPublishedClaim(row)
            ? { text: "published claim", tone: "caution" }
            : row.strategy === "router"
              ? { text: "this router", tone: "good" }
              : undefined,
        }),
      },
      { title: "Cost", isNumber: true, cell: (row) => estimateCell(row.usd, formatUsd) },
      {
        title: "Saving",
        isNumber: true,
        cell: (row) => estimateCell(row.saving, formatShare, row === baseline ? "baseline" : "unknown"),
      },
      { title: "Quality kept", isNumber: true, cell: (row) => estimateCell(row.retention, formatShare) },
      { title: "Strong model's share", isNumber: true, cell: (row) => formatShare(row.strong_share) },
    ],
    isFolded: false,
    notes: [
      ...(baseline
        ? [`Saving is against: ${visibleText(baseline.label)}. Small figures are 95 % intervals.`]
        : []),
      ...(rows.some(isPublishedClaim)
        ? ["Published claims come from other people's traffic and are printed for comparison only."]
        : []),
      ...methodNotes(rows.flatMap((row) => [row.usd, row.saving, row.retention])),
    ],
  });
}

function coverageTable(rows: NonNullable<SimulateResult["traffic"]>["coverage"]): Table {
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  return tableBlock({
    caption: "How much of the traffic the comparison covers",
    rows,
    columns: [
      { title: "Group of calls", cell: (row) => visibleText(row.note, 160) },
      { title: "Evidence", cell: (row) => ({ text: "", badge: evidenceBadge(row.evidence) }) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      {
        title: "Share of calls",
        isNumber: true,
        cell: (row) => formatShare(requests > 0 ? row.requests / requests : null),
      },
      {
        title: "Billed",
        isNumber: true,
        cell: (row) => (row.evidence === "unknown" && row.usd === 0 ? "unknown" : formatUsd(row.usd)),
      },
    ],
    notes: [
      "Nobody saw what another model would have answered to a logged call, so its quality there is modelled, never measured.",
    ],
    isFolded: true,
  });
}

function appTable(rows: NonNullable<SimulateResult["traffic"]>["by_app"]): Table {
  return tableBlock({
    caption: "Billed and routed cost by app",
    rows,
    columns: [
      { title: "App", cell: (row) => visibleText(row.app) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      { title: "Billed", isNumber: true, cell: (row) => formatUsd(row.billed_usd) },
      { title: "Routed", isNumber: true, cell: (row) => formatUsd(row.routed_usd) },
      { title: "Strong model's share", isNumber: true, cell: (row) => formatShare(row.strong_share) },
    ],
  });
}

function frontier(model: ModelResult): Block[] {
  const certified = certifiedPoint(model.frontier, model.retention_target);
  const promise = `the promise of keeping ${formatShare(model.retention_target)} of the strong model's quality`;
  return chartBlocks(
    {
      id: "chart-frontier",
      title: "What each threshold costs and keeps",
      description: `Moving the threshold trades cost for quality. ${
        certified === null
          ? `No threshold could certify ${promise}.`
          : `The marked point is the loosest drawn setting up to which every lower bound keeps ${promise}: threshold ${formatNumber(certified.threshold)}, ${formatShare(certified.strong_share)} of calls to the strong model.`
      }`,
      spec: frontierChart(model.frontier, model.retention_target),
    },
    tableBlock({
      caption: "Thresholds",
      rows: model.frontier,
      columns: [
        { title: "Threshold", isNumber: true, cell: (row) => formatNumber(row.threshold) },
        { title: "Strong model's share", isNumber: true, cell: (row) => formatShare(row.strong_share) },
        { title: "Mean cost per request", isNumber: true, cell: (row) => formatUsd(row.usd) },
        { title: "Quality", isNumber: true, cell: (row) => formatNumber(row.quality) },
        { title: "Quality kept, lower bound", isNumber: true, cell: (row) => formatShare(row.retention_low) },
      ],
    }),
    "Training left no thresholds to draw.",
  );
}
