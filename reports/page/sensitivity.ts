import type {
  MixDrift,
  SensitivityEnd,
  SensitivityLine,
  SensitivityResult,
} from "../../datasets/sensitivity-result.js";
import { tornadoChart } from "../charts/tornado.js";
import { type Block, type Cell, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatNumber, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageTable } from "./coverage-table.js";
import { estimateCell } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** How far the saving can be believed: what it covers, and what is left of it when an assumption is wrong. */
export function sensitivitySection({ sensitivity }: ReportDocuments): Section {
  const id = "sensitivity";
  const title = "Counterfactual honesty";
  if (!sensitivity)
    return {
      id,
      title,
      blocks: [missingStage("No assumption has been varied yet.", "signalbox simulate --workspace DIR")],
    };
  return {
    id,
    title,
    blocks: [
      { kind: "paragraph", text: visibleText(sensitivity.sentence, 2000) },
      coverageTable(sensitivity.coverage),
      ...(sensitivity.base
        ? [...tornados(sensitivity, sensitivity.base), ...mixBlocks(sensitivity.mix)]
        : []),
      ...sensitivity.notes.map((text) => note(visibleText(text, 400))),
    ],
  };
}

function tornados(
  { lines }: SensitivityResult,
  { saving, retention }: NonNullable<SensitivityResult["base"]>,
): Block[] {
  const of = (figure: SensitivityLine["figure"]) => lines.filter((line) => line.figure === figure);
  return [
    ...chartBlocks(
      {
        id: "chart-tornado-saving",
        title: "What moves the saving",
        description: `The saving when one assumption changes and all others stay, widest first. The line is the saving with nothing changed: ${formatShare(saving?.value)}.`,
        spec: tornadoChart(lines, "saving", saving?.value ?? null),
      },
      linesTable("Saving by assumption", of("saving")),
      "No end of any assumption is known.",
    ),
    ...chartBlocks(
      {
        id: "chart-tornado-quality",
        title: "What moves the quality",
        description: `The quality kept when one assumption changes. The line is the router's own estimate: ${formatShare(retention?.value)}.`,
        spec: tornadoChart(lines, "retention", retention?.value ?? null),
      },
      linesTable("Quality kept by assumption", of("retention")),
      "The quality's assumptions can't be varied: the router moves no call, or sufficiencies are unknown.",
    ),
  ];
}

function linesTable(caption: string, lines: readonly SensitivityLine[]): Table {
  return tableBlock({
    caption,
    rows: lines,
    isFolded: false,
    columns: [
      {
        title: "Assumption",
        cell: (line) => ({ text: visibleText(line.label), detail: visibleText(line.assumption, 200) }),
      },
      { title: "Low", isNumber: true, cell: ({ low, unknown: why }) => endCell(low, why) },
      { title: "at", cell: ({ low }) => (low === null ? "" : visibleText(low.at)) },
      { title: "High", isNumber: true, cell: ({ high }) => endCell(high, null) },
      { title: "at", cell: ({ high }) => (high === null ? "" : visibleText(high.at)) },
      {
        title: "Gone when",
        cell: ({ kind, break_even: even }) =>
          even ? visibleText(even.text, 200) : withoutBreakEven.has(kind) ? "" : "never",
      },
    ],
    notes: ["Small figures are 95 % intervals by session; worst cases and corrections have none."],
  });
}

/** Kinds whose ends are what was seen, not a scale to go on along. */
const withoutBreakEven: ReadonlySet<SensitivityLine["kind"]> = new Set(["halves", "without_app"]);

function endCell(end: SensitivityEnd | null, why: string | null): Cell {
  if (end === null) return why === null ? unknown : { text: unknown, detail: visibleText(why, 200) };
  const cell = estimateCell(end.figure, formatShare);
  if (end.remade_saving === null) return cell;
  const detail = `${formatShare(end.remade_saving)} if the router re-orders its models`;
  return typeof cell === "string" ? { text: cell, detail } : { ...cell, detail: `${cell.detail}; ${detail}` };
}

function mixBlocks(mix: MixDrift | null): Block[] {
  if (!mix) return [];
  return [
    { kind: "heading", text: "When the traffic changes" },
    {
      kind: "paragraph",
      text: `Between the first and the second half of the log's calls, ${formatShare(mix.observed_distance)} of the traffic changed its app or tier (${formatCount(mix.strata)} groups).`,
    },
    tableBlock({
      caption: "Worst mix of apps and tiers",
      rows: mix.worst,
      columns: [
        { title: "Traffic that changes", cell: ({ radius }) => formatShare(radius) },
        { title: "Saving at worst", isNumber: true, cell: ({ saving }) => formatShare(saving) },
        { title: "Quality kept at worst", isNumber: true, cell: ({ retention }) => formatShare(retention) },
        {
          title: "Towards",
          cell: ({ towards }) =>
            towards === null
              ? ""
              : {
                  text: visibleText(towards.app),
                  detail: towards.tier === null ? undefined : `tier ${formatNumber(towards.tier, 0)}`,
                },
        },
      ],
    }),
    tableBlock({
      caption: "Saving by week",
      rows: mix.weeks,
      limit: 26,
      columns: [
        { title: "From", cell: ({ from }) => from },
        { title: "Calls", isNumber: true, cell: ({ requests }) => formatCount(requests) },
        { title: "Billed", isNumber: true, cell: (week) => formatUsd(week.billed_usd) },
        { title: "Saving", isNumber: true, cell: ({ saving }) => estimateCell(saving, formatShare) },
      ],
    }),
    ...(mix.without_app.length > 1
      ? [
          tableBlock({
            caption: "Saving without one app",
            rows: mix.without_app,
            isFolded: true,
            columns: [
              { title: "Without", cell: ({ app }) => visibleText(app) },
              { title: "Its calls", isNumber: true, cell: ({ requests }) => formatCount(requests) },
              {
                title: "Saving of the others",
                isNumber: true,
                cell: ({ saving }) => estimateCell(saving, formatShare),
              },
            ],
          }),
        ]
      : []),
  ];
}
