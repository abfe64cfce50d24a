import {
  type FrontierAnswer,
  FrontierKind,
  type FrontierPoint,
  type FrontierResult,
  type MatrixCell,
} from "../../datasets/frontier-result.js";
import { kindNames, trafficFrontierChart } from "../charts/traffic-frontier.js";
import { type Block, type Cell, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCount,
  formatCountOf,
  formatMilliseconds,
  formatShare,
  formatUsd,
  unknown,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageNote } from "./coverage-note.js";
import { coverageTable } from "./coverage-table.js";
import { estimateCell, methodNotes, sentence } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What each setting of the router would cost, keep and take on the user's own traffic, and the cheapest one under constraints. */
export function trafficFrontierSection({ frontier }: ReportDocuments): Section {
  const id = "frontier";
  const title = "Cost, quality and latency together";
  if (!frontier)
    return {
      id,
      title,
      blocks: [
        missingStage("No setting has been tried on the traffic yet.", "signalbox simulate --workspace DIR"),
      ],
    };
  if (frontier.points.length === 0)
    return {
      id,
      title,
      blocks: [
        { kind: "paragraph", text: "No logged call could be replayed, so settings can't be compared." },
        coverageTable(frontier.coverage),
      ],
    };
  return {
    id,
    title,
    blocks: [
      {
        kind: "paragraph",
        text: `Every setting of the router on ${formatCountOf(frontier.requests, "replayed call")} in ${formatCountOf(frontier.sessions, "session")}. A setting may move ${formatCount(frontier.free_requests)} of them; the others keep the router's choice, which stakes, rules, sessions or constraints made. Cost, quality and latency are modelled.`,
      },
      askedBlock(frontier),
      ...chartBlocks(
        {
          id: "chart-traffic-frontier",
          title: "Cost against quality on your traffic",
          description:
            "Each point is a setting: up and to the left is better. The line joins the settings with one threshold for all calls.",
          spec: trafficFrontierChart(frontier.points),
        },
        pointsTable(frontier.points),
        "No setting has a known quality on this traffic, so cost can't be drawn against it.",
      ),
      queriesTable(frontier),
      matrixTable(frontier.matrix),
      coverageNote(
        frontier.coverage.map(({ is_replayed: isReplayed, evidence, ...line }) => ({
          ...line,
          evidence: isReplayed ? "replayed" : evidence === "unknown" ? "unknown" : "measured",
        })),
      ),
      ...frontier.notes.map((text) => note(visibleText(text, 400))),
    ],
  };
}

function askedBlock({ queries, points }: FrontierResult): Block {
  const { min_retention: retention, max_p95_ms: limit, settable } = queries[0]!;
  const point = settable.point === null ? null : points[settable.point]!;
  const latency = limit === null ? "" : ` and a p95 latency of at most ${formatMilliseconds(limit)}`;
  const asked = `Least cost with at least ${formatShare(retention)} of quality${latency}`;
  if (!settable.is_feasible || point === null)
    return { kind: "notice", tone: "caution", title: asked, text: visibleText(settable.text, 300) };
  const { confirmed } = settable;
  const other = confirmed?.saving
    ? ` On the half of the sessions that didn't choose it, it saves ${formatShare(confirmed.saving.value)} and keeps ${formatShare(confirmed.retention?.value)}: ${verdictOf(settable)}.`
    : "";
  const text = `${visibleText(point.label)}: saves ${formatShare(point.saving?.value)} of the bill, keeps ${formatShare(point.retention?.value)}.${other} `;
  return {
    kind: "notice",
    tone: confirmed?.bounds_hold ? "good" : "caution",
    title: asked,
    text: [
      `${text}${sentence(point.how)}. `,
      ...(point.command === null ? [] : [{ code: visibleText(point.command, 200) }]),
    ],
  };
}

function verdictOf({ confirmed }: FrontierAnswer): string {
  if (confirmed === null) return "not confirmed";
  if (confirmed.bounds_hold) return "confirmed, bounds included";
  return confirmed.holds ? "confirmed by its estimates, not by their bounds" : "not confirmed";
}

function pointsTable(points: readonly FrontierPoint[]): Table {
  const rows = [...points].sort((a, b) => a.usd.value - b.usd.value);
  return tableBlock({
    caption: "Settings on your traffic, cheapest first",
    rows,
    limit: 60,
    columns: [
      {
        title: "Setting",
        cell: (row): Cell => ({
          text: visibleText(row.label),
          detail: visibleText(row.command ?? row.how, 200),
          badge: row.is_on_front
            ? { text: "on the front", tone: "good" }
            : row.is_on_front_with_latency
              ? { text: "on the front with latency", tone: "neutral" }
              : undefined,
        }),
      },
      { title: "Kind", cell: (row) => kindNames[row.kind] },
      { title: "Cost", isNumber: true, cell: (row) => estimateCell(row.usd, formatUsd) },
      {
        title: "Saving",
        isNumber: true,
        cell: (row) =>
          estimateCell(row.saving, formatShare, row.kind === FrontierKind.billed ? "baseline" : unknown),
      },
      { title: "Quality kept", isNumber: true, cell: (row) => estimateCell(row.retention, formatShare) },
      { title: "p50 latency", isNumber: true, cell: (row) => formatMilliseconds(row.p50_ms) },
      { title: "p95 latency", isNumber: true, cell: (row) => estimateCell(row.p95_ms, formatMilliseconds) },
      { title: "Strong model's share", isNumber: true, cell: (row) => formatShare(row.strong_share) },
    ],
    notes: methodNotes(points.flatMap((row) => [row.usd, row.retention, row.p95_ms])),
  });
}

function queriesTable({ queries, points }: FrontierResult): Table {
  const answer = (found: FrontierAnswer): Cell => {
    const point = found.point === null ? null : points[found.point]!;
    if (!found.is_feasible || point === null)
      return { text: visibleText(found.text, 200), badge: { text: "infeasible", tone: "caution" } };
    const detail = `saves ${formatShare(point.saving?.value)}, keeps ${formatShare(point.retention?.value)}, p95 ${formatMilliseconds(point.p95_ms?.value)}`;
    return {
      text: visibleText(point.label),
      detail: found.confirmed ? `${detail}; ${verdictOf(found)}` : detail,
    };
  };
  return tableBlock({
    caption: "Least cost under constraints",
    rows: queries,
    columns: [
      { title: "Quality kept, at least", cell: (row) => formatShare(row.min_retention) },
      {
        title: "p95 latency, at most",
        cell: (row) => (row.max_p95_ms === null ? "any" : formatMilliseconds(row.max_p95_ms)),
      },
      { title: "A command sets it (by bounds)", cell: (row) => answer(row.settable) },
      { title: "Any setting (by bounds)", cell: (row) => answer(row.by_bounds) },
      { title: "Any setting (by estimates)", cell: (row) => answer(row.by_estimates) },
    ],
    notes: [
      "By bounds: the 95 % bounds keep both limits on one half of the sessions, which chooses; the other half confirms. By estimates: the best of many on the rows that chose it, which is optimistic.",
    ],
  });
}

function matrixTable(cells: readonly MatrixCell[]): Table {
  return tableBlock({
    caption: "Cost-performance matrix: app, tier and the model that answered",
    rows: cells,
    limit: 31,
    isFolded: true,
    columns: [
      {
        title: "App",
        cell: (cell) => (cell.cells > 1 ? formatCountOf(cell.cells, "other cell") : visibleText(cell.app)),
      },
      { title: "Tier", cell: (cell) => (cell.tier === null ? "not decided" : String(cell.tier)) },
      { title: "Model", cell: (cell) => visibleText(cell.model) },
      { title: "Calls", isNumber: true, cell: (cell) => formatCount(cell.requests) },
      {
        title: "Cost",
        isNumber: true,
        cell: (cell) =>
          cell.unpriced_requests === 0
            ? formatUsd(cell.usd)
            : {
                text: formatUsd(cell.usd),
                detail: `${formatCountOf(cell.unpriced_requests, "call")} of unknown price`,
              },
      },
      { title: "Answered", isNumber: true, cell: (cell) => estimateCell(cell.success, formatShare) },
      {
        title: "Cost per answer",
        isNumber: true,
        cell: (cell) => estimateCell(cell.usd_per_success, formatUsd),
      },
      { title: "Sufficiency", isNumber: true, cell: (cell) => estimateCell(cell.sufficiency, formatShare) },
      { title: "p50", isNumber: true, cell: (cell) => formatMilliseconds(cell.p50_ms) },
      { title: "p95", isNumber: true, cell: (cell) => formatMilliseconds(cell.p95_ms) },
    ],
    notes: [
      "Measured: calls, cost, answered, latency of answered calls, batch calls left out. Modelled: sufficiency, the router's estimate that this model's answer is not worse than the strong one's.",
      ...methodNotes(cells.slice(0, 1).flatMap((cell) => [cell.success, cell.usd_per_success])),
    ],
  });
}
