import type { DriftColumn, DriftResult } from "../../datasets/drift-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette } from "./theme.js";

const mostColumns = 15;
const verdicts: ReadonlyArray<DriftColumn["verdict"]> = ["stable", "moved", "shifted"];

/** How far each compared distribution has shifted, the most first, beside the thresholds from which it counts as moved and shifted.
 * @returns null when nothing was compared */
export function driftShiftChart({
  columns,
  thresholds,
}: Pick<DriftResult, "columns" | "thresholds">): ChartSpec | null {
  if (columns.length === 0) return null;
  const values = columns.slice(0, mostColumns).map(({ column, psi, verdict }) => ({
    column: visibleText(column, 40),
    psi,
    verdict,
  }));
  const psi = { type: "quantitative" as const, title: "Population stability index" };
  return {
    data: { values },
    height: { step: 22 },
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          x: { field: "psi", ...psi, axis: { format: "~f" } },
          y: {
            field: "column",
            type: "nominal",
            sort: values.map(({ column }) => column),
            title: null,
            scale: { paddingInner: 0.3 },
          },
          color: {
            field: "verdict",
            type: "nominal",
            sort: null,
            scale: { domain: [...verdicts], range: [palette.grey, palette.yellow, palette.red] },
            legend: { title: null },
          },
          tooltip: [
            { field: "column", type: "nominal", title: "Distribution" },
            { field: "psi", type: "quantitative", title: "PSI", format: ".3f" },
            { field: "verdict", type: "nominal", title: "Verdict" },
          ],
        },
      },
      {
        data: { values: [thresholds.moved_psi, thresholds.shifted_psi].map((limit) => ({ limit })) },
        mark: { type: "rule", color: palette.purple, strokeDash: [6, 4], strokeWidth: 2 },
        encoding: { x: { field: "limit", ...psi } },
      },
    ],
  };
}
