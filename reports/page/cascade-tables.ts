import type { CascadeFrontier, CascadeResult, CascadeRow } from "../../datasets/cascade-result.js";
import type { Block, Table } from "../content.js";
import { formatMilliseconds, formatNumber, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** Cost and quality of every cascade, race and baseline. */
export function strategiesTable({ strategies }: CascadeResult, people: string): Table {
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
      {
        title: "Quality kept",
        isNumber: true,
        cell: ({ retention }) => estimateCell(retention, formatShare),
      },
      {
        title: "Strong model's answers",
        isNumber: true,
        cell: ({ strong_share: share }) => estimateCell(share, formatShare),
      },
    ],
    isFolded: false,
    notes: [
      "Small figures are 95 % intervals.",
      ...methodNotes(methodRows(strategies).flatMap((row) => [row.usd, row.retention])),
    ],
  });
}

/** Times, what each costs more than its rival, and the price of a look at which it breaks even. */
export function timesTable({ strategies, abort }: CascadeResult): Table {
  return tableBlock({
    caption: "Times of cascades and races, and what a gate may cost",
    rows: strategies,
    columns: [
      { title: "Strategy", cell: ({ label }) => visibleText(label, 160) },
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
      "Times are to the last token. Below a break-even of 0 even a free gate would not pay.",
      ...(abort.billed_share === null
        ? []
        : [
            `A race's aborted calls are billed ${abort.billing === "full" ? "in full" : "for their input and what was streamed until then"}: ${formatShare(abort.billed_share)} of their cost on average. The bill stops at the abort for ${formatShare(abort.stopped_share)} of the calls; calls that don't stream are billed in full.`,
          ]),
      ...methodNotes(methodRows(strategies).flatMap((row) => [row.mean_ms, row.versus_router_usd])),
    ],
  });
}

/** Rows whose methods stand for all: those with a gate's doubt, where there are any. */
function methodRows(strategies: readonly CascadeRow[]): readonly CascadeRow[] {
  const gated = strategies.filter(isGated);
  return gated.length > 0 ? gated : strategies;
}

function isGated({ strategy }: CascadeRow): boolean {
  return strategy === "cascade" || strategy === "race";
}

/** The numbers behind the chart: every setting of every cascade. */
export function settingsTable(frontiers: readonly CascadeFrontier[]): Table {
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
      {
        title: "Strong model's answers",
        isNumber: true,
        cell: ({ point }) => formatShare(point.strong_share),
      },
    ],
    limit: 100,
    notes: [
      "Quality at least: with the gate's share of rejected bad answers at the lower end of its interval.",
    ],
  });
}

/** Others' claims about cascades, each marked so, beside the own figures. */
export function cascadeClaimsTable({ claims, strategies }: CascadeResult): Block[] {
  if (claims.length === 0) return [];
  const own = (strategy: CascadeRow["strategy"]) =>
    strategies.find((row) => row.strategy === strategy && row.takes === "all");
  const range = (values: [number, number] | null) =>
    values === null
      ? unknown
      : `${values[0] > 0 ? `${formatShare(values[0])} to` : "up to"} ${formatShare(values[1])}`;
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
          title: "Fewer here",
          isNumber: true,
          cell: ({ strategy }) => {
            const share = own(strategy)?.strong_share;
            return share ? formatShare(1 - share.value) : unknown;
          },
        },
        { title: "Saving", isNumber: true, cell: ({ saving }) => range(saving) },
        {
          title: "Saved here",
          isNumber: true,
          cell: ({ strategy }) => formatShare(own(strategy)?.saving_of_strong?.value),
        },
      ],
      notes: [
        "Here: a cascade or race on every call. Claims are about other people's traffic and enter no computation. In a race every strong call is started; fewer are answered to the end.",
      ],
    }),
  ];
}
