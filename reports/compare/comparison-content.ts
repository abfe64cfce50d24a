import { type Cell, type Content, note, type Table } from "../content.js";
import { formatCount, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { tableBlock } from "../page/table-block.js";
import { visibleText } from "../visible-text.js";
import { type ComparisonRow, type FigureValue, modelKey } from "./comparison-rows.js";

/** Two reports side by side as a report of its own.
 * @param names what the two are called, such as the paths they were read from */
export function comparisonContent(
  rows: readonly ComparisonRow[],
  names: { before: string; after: string },
  generatedAt: string,
): Content {
  const isModel = ({ key }: ComparisonRow) => key.startsWith(modelKey);
  return {
    title: "Before and after",
    subtitle: `${visibleText(names.before, 200)} against ${visibleText(names.after, 200)}`,
    generatedAt,
    sections: [
      {
        id: "figures",
        title: "What changed",
        blocks: [
          changeTable(
            "Figures before and after",
            "Figure",
            rows.filter((row) => !isModel(row)),
          ),
          note(
            "Small figures are 95 % intervals. That of a change takes the two reports for independent; a change whose interval includes zero is not shown to be one. Sums and counts have no interval. A change of a share is in percentage points.",
          ),
        ],
      },
      {
        id: "models",
        title: "Spend by model",
        blocks: [
          changeTable("Spend by model before and after", "Model", rows.filter(isModel)),
          note(
            "In the order of the size of the change. A model that one report doesn't have was billed nothing there.",
          ),
        ],
      },
    ],
  };
}

function changeTable(caption: string, title: string, rows: readonly ComparisonRow[]): Table {
  return tableBlock({
    caption,
    rows,
    columns: [
      { title, cell: (row) => visibleText(row.label) },
      { title: "Before", isNumber: true, cell: (row) => figureCell(row.before, row.unit) },
      { title: "After", isNumber: true, cell: (row) => figureCell(row.after, row.unit) },
      { title: "Change", isNumber: true, cell: (row) => changeCell(row) },
      { title: "Change, relative", isNumber: true, cell: (row) => formatShare(relative(row)) },
      { title: "What is shown", cell: shown },
    ],
    limit: 60,
  });
}

const formats = {
  usd: formatUsd,
  share: formatShare,
  count: formatCount,
} as const;

function figureCell({ value, low, high }: FigureValue, unit: ComparisonRow["unit"]): Cell {
  const format = formats[unit];
  const text = format(value);
  return low === null || high === null || low === high
    ? text
    : { text, detail: `${format(low)} to ${format(high)}` };
}

/** A change of a share is in points, which is what its own format says too. */
function changeCell({ change, unit }: ComparisonRow): Cell {
  return change === null ? unknown : figureCell(change, unit);
}

function relative({ before, change }: ComparisonRow): number | null {
  return change?.value == null || !before.value ? null : change.value / before.value;
}

function shown({ change }: ComparisonRow): Cell {
  if (change === null || change.value === null) return "not comparable";
  if (change.low === null || change.high === null)
    return change.value === 0 ? "no change" : direction(change.value);
  if (change.low <= 0 && change.high >= 0) return "no change is shown";
  return direction(change.value);
}

function direction(value: number): string {
  return value > 0 ? "higher" : "lower";
}
