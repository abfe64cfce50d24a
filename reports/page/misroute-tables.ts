import type {
  MisrouteGroup,
  MisrouteGroupFigures,
  MisroutesResult,
} from "../../datasets/misroutes-result.js";
import { groupName } from "../charts/misroute-shares.js";
import type { Table } from "../content.js";
import { formatCount, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell } from "./estimate-text.js";
import { type TableColumn, tableBlock } from "./table-block.js";

const figureColumns: ReadonlyArray<TableColumn<MisrouteGroupFigures>> = [
  { title: "Calls", isNumber: true, cell: ({ attempts }) => formatCount(attempts) },
  { title: "Billed", isNumber: true, cell: ({ billed_usd }) => formatUsd(billed_usd) },
  { title: "Overkill", isNumber: true, cell: ({ overkill }) => estimateCell(overkill, formatShare) },
  {
    title: "Underpowered",
    isNumber: true,
    cell: ({ underpowered }) => estimateCell(underpowered, formatShare),
  },
  { title: "Overpaid", isNumber: true, cell: (row) => estimateCell(row.overpaid_usd, formatUsd) },
  { title: "Not good enough", isNumber: true, cell: (row) => estimateCell(row.at_risk_usd, formatUsd) },
  {
    title: "Evidence",
    cell: ({ evidence, labelled }) => ({
      text: evidence,
      ...(labelled > 0 ? { detail: `${formatCount(labelled)} labels` } : {}),
    }),
  },
];

/** Misroutes by served model, app and difficulty. */
export function misrouteGroupTable(rows: readonly MisrouteGroup[]): Table {
  return tableBlock<MisrouteGroup>({
    caption: "Calls by whether their model was right",
    rows,
    columns: [{ title: "Group", cell: groupName }, ...figureColumns],
    notes: rows.slice(0, 1).map(({ overkill }) => sentenceOf(overkill.method)),
  });
}

/** Where overkill costs most. */
export function worstMisroutesTable(rows: MisroutesResult["worst"]): Table {
  return tableBlock<MisroutesResult["worst"][number]>({
    caption: "Where overkill costs most",
    rows,
    columns: [
      {
        title: "App and model",
        cell: ({ app, model }) => ({ text: visibleText(app), detail: visibleText(model) }),
      },
      ...figureColumns,
    ],
    limit: 10,
  });
}

/** The part of a method behind the word for its evidence. */
function sentenceOf(method: string): string {
  const text = method.slice(method.indexOf(";") + 1).trim();
  return `Intervals: ${text}.`;
}
