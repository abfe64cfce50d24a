import type { Chart, ChartSpec } from "../charts/chart.js";
import { type Block, note, type Table } from "../content.js";

/** A chart with the numbers behind it, folded unless the table says otherwise. Where there is nothing to draw, a sentence
 * and whatever numbers there are. */
export function chartBlocks(
  chart: Omit<Chart, "spec"> & { spec: ChartSpec | null },
  table: Table,
  emptySentence: string,
): Block[] {
  const { spec } = chart;
  if (spec !== null)
    return [
      { kind: "chart", chart: { ...chart, spec }, table: { ...table, isFolded: table.isFolded ?? true } },
    ];
  return table.rows.length > 0 ? [note(emptySentence), table] : [note(emptySentence)];
}
