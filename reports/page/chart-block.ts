import type { Chart, ChartSpec } from "../charts/chart.js";
import { type Block, note, type Table } from "../content.js";

/** A chart with the numbers behind it; a sentence where there is nothing to draw. */
export function chartBlock(
  chart: Omit<Chart, "spec"> & { spec: ChartSpec | null },
  table: Table,
  emptySentence: string,
): Block {
  const { spec } = chart;
  return spec === null ? note(emptySentence) : { kind: "chart", chart: { ...chart, spec }, table };
}
