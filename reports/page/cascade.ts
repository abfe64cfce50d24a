import type { CascadeFrontier, CascadeResult, CascadeRow, GateFacts } from "../../datasets/cascade-result.js";
import { cascadeChart } from "../charts/cascade.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCountOf,
  formatInterval,
  formatMilliseconds,
  formatNumber,
  formatShare,
  formatUsd,
  unknown,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";
import { verificationBlocks } from "./verification.js";

/** A cheap model first and a gate on its answer: cascades and races; and a second look at answers with stakes. */
export function cascadeSection({ cascade, verification }: ReportDocuments): Section {
  return {
    id: "cascade",
    title: "Cascades and verification",
    blocks: [
      ...(cascade
        ? cascadeBlocks(cascade)
        : [missingStage("No cascade has been simulated yet.", "signalbox simulate --workspace DIR")]),
      ...(verification ? verificationBlocks(verification) : []),
    ],
  };
}

function cascadeBlocks(cascade: CascadeResult): Block[] {
  const people = `${formatCountOf(cascade.requests, "logged call")} in ${formatCountOf(cascade.sessions, "session")}`;
  return [
    {
      kind: "paragraph",
      text: "A cascade asks a cheap model first, lets a gate look at its answer, and asks the strong model where the gate says no. A race asks both at once and aborts the strong call when the gate says yes. Both are modelled on the logged calls: nobody ran them.",
    },
    gateBlock(cascade),
    ...cascade.frontiers.map(
      ({ takes, verdict }): Block => ({
        kind: "paragraph",
        text: [{ strong: takes === "all" ? "On every call: " : "Behind the router: " }, visibleText(verdict, 400)],
      }),
    ),
    ...chartBlocks(
      {
        id: "chart-cascade",
        title: "What each setting of a cascade costs and keeps",
        description: `Cost and estimated quality of cascades on ${people}, by the confidence from which the cheap model is asked, beside a confidence threshold without any gate. A cascade pays where its line is to the left of the threshold's.`,
        spec: cascadeChart(cascade),
      },
      settingsTable(cascade.frontiers),
      "Without a measured gate of a known price there are no settings to draw.",
    ),
    ...(cascade.strategies.length > 0 ? [strategiesTable(cascade, people)] : []),
    ...claimsBlock(cascade),
    ...cascade.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function gateBlock({ gate, gate_missing: missing }: CascadeResult): Block {
  if (gate === null)
    return {
      kind: "notice",
      tone: "caution",
      title: "No measured gate",
      text: visibleText(missing ?? unknown, 400),
    };
  return { kind: "paragraph", text: gateSentence(gate) };
}

/** What is known of a gate, in a sentence. */
export function gateSentence(gate: GateFacts): string {
  const rate = (estimate: GateFacts["tpr"]) => {
    const interval = formatInterval(estimate, formatShare);
    return `${formatShare(estimate.value)}${interval === null || estimate.low === estimate.high ? "" : ` (95 % interval ${interval})`}`;
  };
  const price = gate.usd === null ? "its price is unknown" : `a look costs ${formatUsd(gate.usd)}`;
  const time = gate.ms === null ? "its time is unknown" : `takes ${formatMilliseconds(gate.ms)}`;
  return `The gate accepts ${rate(gate.tpr)} of good answers and rejects ${rate(gate.tnr)} of bad ones; ${price}, ${time}. Source: ${visibleText(gate.source, 300)}.`;
}

function strategiesTable({ strategies, abort }: CascadeResult, people: string): Table {
  return tableBlock({
    caption: `Cascades and races on ${people}`,
    rows: strategies,
    columns: [
      {
        title: "Strategy",
        cell: ({ label, strategy }) => ({
          text: visibleText(label, 160),
          badge: strategy === "limit" ? { text: "upper limit", tone: "caution" } : undefined,
        }),
      },
      { title: "Cost", isNumber: true, cell: ({ usd }) => estimateCell(usd, formatUsd) },
      {
        title: "Saving of always-strong",
        isNumber: true,
        cell: ({ strategy, saving_of_strong: saving }) =>
          estimateCell(saving, formatShare, strategy === "always_strong" ? "baseline" : unknown),
      },
      { title: "Quality kept", isNumber: true, cell: ({ retention }) => estimateCell(retention, formatShare) },
      {
        title: "Strong model's answers",
        isNumber: true,
        cell: ({ strong_share: share }) => estimateCell(share, formatShare),
      },
      { title: "Mean time", isNumber: true, cell: ({ mean_ms: ms }) => estimateCell(ms, formatMilliseconds) },
      { title: "p50", isNumber: true, cell: ({ p50_ms: ms }) => formatMilliseconds(ms) },
      { title: "p95", isNumber: true, cell: ({ p95_ms: ms }) => formatMilliseconds(ms) },
      {
        title: "More than a threshold that keeps as much",
        isNumber: true,
        cell: (row) => estimateCell(row.versus_router_usd, formatUsd, isGated(row) ? unknown : "–"),
      },
      {
        title: "Gate breaks even at",
        isNumber: true,
        cell: (row) => (isGated(row) ? formatUsd(row.break_even_gate_usd) : "–"),
      },
    ],
    isFolded: false,
    notes: [
      "Small figures are 95 % intervals. Below a break-even of 0 even a free gate would not pay.",
      ...(abort.billed_share === null
        ? []
        : [
            `A race's aborted calls are billed ${abort.billing === "full" ? "in full" : "for their input and what was streamed until then"}: ${formatShare(abort.billed_share)} of their cost on average. The bill stops at the abort for ${formatShare(abort.stopped_share)} of the calls; calls that don't stream are billed in full.`,
          ]),
      ...methodNotes(strategies.flatMap((row) => [row.usd, row.retention, row.mean_ms, row.versus_router_usd])),
    ],
  });
}

function isGated({ strategy }: CascadeRow): boolean {
  return strategy === "cascade" || strategy === "race";
}

function settingsTable(frontiers: readonly CascadeFrontier[]): Table {
  return tableBlock({
    caption: "Settings of the cascades",
    rows: frontiers.flatMap(({ takes, points, recommended }) =>
      points.map((point) => ({ takes, point, isRecommended: point.ask_from === recommended?.ask_from })),
    ),
    columns: [
      {
        title: "Cascade",
        cell: ({ takes, isRecommended }) => ({
          text: takes === "all" ? "on every call" : "behind the router",
          badge: isRecommended ? { text: "recommended", tone: "good" } : undefined,
        }),
      },
      {
        title: "Asked from confidence",
        isNumber: true,
        cell: ({ point }) => (point.ask_from === null ? "never" : formatNumber(point.ask_from)),
      },
      { title: "Calls asked", isNumber: true, cell: ({ point }) => formatShare(point.asked_share) },
      { title: "Cost", isNumber: true, cell: ({ point }) => formatUsd(point.usd) },
      {
        title: "Quality kept",
        isNumber: true,
        cell: ({ point }) => ({
          text: formatShare(point.retention),
          detail: `at least ${formatShare(point.retention_low)}`,
        }),
      },
      { title: "Strong model's answers", isNumber: true, cell: ({ point }) => formatShare(point.strong_share) },
    ],
    limit: 100,
    notes: ["Quality at least: with the gate's share of rejected bad answers at the lower end of its interval."],
  });
}

function claimsBlock({ claims, strategies }: CascadeResult): Block[] {
  if (claims.length === 0) return [];
  const own = (strategy: CascadeRow["strategy"]) =>
    strategies.find((row) => row.strategy === strategy && row.takes === "all");
  const range = (values: [number, number] | null) =>
    values === null ? unknown : `${formatShare(values[0])} to ${formatShare(values[1])}`;
  return [
    tableBlock({
      caption: "What others claim for cascades",
      rows: claims,
      columns: [
        {
          title: "Claim",
          cell: ({ label, source }) => ({
            text: visibleText(label, 160),
            detail: visibleText(source, 200),
            badge: { text: "published claim", tone: "caution" },
          }),
        },
        { title: "Fewer strong calls", isNumber: true, cell: (row) => range(row.fewer_strong) },
        {
          title: "Here, on every call",
          isNumber: true,
          cell: ({ strategy }) => {
            const share = own(strategy)?.strong_share;
            return share ? formatShare(1 - share.value) : unknown;
          },
        },
        { title: "Saving", isNumber: true, cell: ({ saving }) => range(saving) },
        {
          title: "Here, on every call",
          isNumber: true,
          cell: ({ strategy }) => formatShare(own(strategy)?.saving_of_strong?.value),
        },
      ],
      notes: [
        "Claims are about other people's traffic and enter no computation. In a race every strong call is started; fewer are answered to the end.",
      ],
    }),
  ];
}
