import type { DialReport } from "../../datasets/model-evidence.js";
import type { Table } from "../content.js";
import { formatNumber, formatShare } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** The budget dial: what each setting promises, and what it would cost. */
export function dialTable({ points, confidence, in_force }: DialReport): Table {
  return tableBlock({
    caption: "The dial: quality promised and money saved",
    rows: points,
    columns: [
      {
        title: "Quality promised",
        isNumber: true,
        cell: ({ retention }) =>
          retention === in_force ? { text: promised(retention), detail: "in force" } : promised(retention),
      },
      {
        title: "Least sufficiency",
        isNumber: true,
        cell: ({ min_sufficiency }) => leastText(min_sufficiency),
      },
      {
        title: "Lower bound found",
        isNumber: true,
        cell: ({ retention_low }) => (retention_low === null ? "not certified" : formatShare(retention_low)),
      },
      {
        title: "To the strong model",
        isNumber: true,
        cell: (row) => estimateCell(row.strong_share, formatShare),
      },
      { title: "Saving", isNumber: true, cell: (row) => estimateCell(row.saving, formatShare) },
    ],
    notes: [
      `Each promise holds by itself with ${formatShare(confidence)} confidence; that all of them hold together is not promised.`,
      "Saving is against always asking the strong model. A setting that isn't certified sends everything there.",
      ...methodNotes(points.map(({ saving }) => saving)),
    ],
    limit: 40,
  });
}

function promised(retention: number): string {
  return `${Number((100 * retention).toFixed(4))} %`;
}

function leastText(thresholds: Readonly<Record<string, number | null>>): string {
  const text = (least: number | null) => (least === null ? "never" : formatNumber(least));
  const values = [...new Set(Object.values(thresholds))];
  if (values.length === 1) return text(values[0]!);
  return visibleText(
    Object.entries(thresholds)
      .map(([model, least]) => `${model} ${text(least)}`)
      .join(", "),
    240,
  );
}
