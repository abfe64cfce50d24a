import type { OpeEstimate, OpeRefusal, OpeResult } from "../../datasets/ope-result.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatNumber, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, estimateDetails, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** What another policy would have been worth on traffic that explored, or why that can't be known; null while nobody has asked. */
export function opeSection({ ope }: ReportDocuments): Section | null {
  return (
    ope && {
      id: "ope",
      title: "Another policy on explored traffic",
      blocks: "refusal" in ope ? refusalBlocks(ope) : blocksOf(ope),
    }
  );
}

function refusalBlocks({ target, refusal }: OpeRefusal): Block[] {
  return [
    {
      kind: "notice",
      tone: "caution",
      title: "What the other policy is worth can't be known from this log",
      text: `${visibleText(target)}: ${visibleText(refusal, 600)}.`,
    },
  ];
}

function blocksOf(ope: OpeResult): Block[] {
  const { overlap } = ope;
  return [
    {
      kind: "paragraph",
      text: `${formatCount(ope.used)} of ${formatCountOf(ope.records, "logged decision")} say what ${visibleText(ope.target)} would have been worth. Measured where chance chose the model: decisions are weighted by how much likelier the other policy takes them.`,
    },
    {
      kind: "figures",
      items: [
        {
          label: "Value as logged",
          value: formatNumber(ope.logged.value),
          details: estimateDetails(ope.logged, formatNumber),
        },
        {
          label: "The log is worth",
          value: formatCountOf(Math.round(overlap.ess), "row"),
          details: [
            `${formatShare(overlap.random_share)} of rows chosen by chance`,
            `largest weight ${formatNumber(overlap.largest_weight, 1)}`,
          ],
        },
        {
          label: "Mean weight",
          value: formatNumber(overlap.mean_weight.value),
          details: [...estimateDetails(overlap.mean_weight, formatNumber), "1 where propensities are right"],
        },
      ],
    },
    estimateTable("Value of the other policy", ope.value, formatNumber),
    ...(ope.cost_usd.length > 0
      ? [estimateTable("Cost per request of the other policy", ope.cost_usd, formatUsd)]
      : []),
    tableBlock({
      caption: "Share of requests by model",
      rows: ope.models,
      columns: [
        { title: "Model", cell: ({ model }) => visibleText(model) },
        { title: "In the log", isNumber: true, cell: (row) => formatShare(row.logged_share) },
        { title: "Of the other policy", isNumber: true, cell: (row) => formatShare(row.target_share) },
      ],
    }),
    tableBlock({
      caption: "With weights clipped",
      rows: ope.clipping,
      columns: [
        {
          title: "Clipped at",
          isNumber: true,
          cell: ({ clip }) => (clip === null ? "none" : formatNumber(clip, 0)),
        },
        { title: "Rows clipped", isNumber: true, cell: (row) => formatCount(row.clipped_rows) },
        { title: "Worth rows", isNumber: true, cell: ({ ess }) => formatCount(Math.round(ess)) },
        { title: "SNIPS", isNumber: true, cell: (row) => estimateCell(row.snips, formatNumber) },
        { title: "Doubly robust", isNumber: true, cell: (row) => estimateCell(row.dr, formatNumber) },
      ],
      isFolded: true,
    }),
    ...ope.excluded.map(({ reason, records }) =>
      note(`Not evaluated: ${formatCountOf(records, "record")} (${visibleText(reason)}).`),
    ),
    ...ope.notes.map((text) => note(visibleText(text, 400))),
  ];
}

const names: Readonly<Record<OpeEstimate["estimator"], string>> = {
  ips: "Inverse propensity (IPS)",
  snips: "Self-normalised (SNIPS)",
  dr: "Doubly robust (DR)",
  switch_dr: "Switch DR",
  dm: "Direct method",
};

function estimateTable(
  caption: string,
  rows: readonly OpeEstimate[],
  format: (value: number) => string,
): Table {
  return tableBlock({
    caption,
    rows,
    columns: [
      {
        title: "Estimator",
        cell: (row) => ({
          text: names[row.estimator],
          ...(!row.is_valid && { badge: { text: "to compare only", tone: "caution" } }),
        }),
      },
      { title: "Value", isNumber: true, cell: (row) => estimateCell(row.value, format) },
      { title: "Minus the log", isNumber: true, cell: (row) => estimateCell(row.difference, format) },
    ],
    notes: methodNotes(rows.map(({ value }) => value)),
  });
}
