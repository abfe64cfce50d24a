import type { ModelResult } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { categoryColors, palette, shareAxis, tooltipFormat } from "./theme.js";

/** Predicted against observed sufficiency per bin; on the dashed diagonal a probability means what it says.
 * @returns null when no bin has rows */
export function reliabilityChart(models: ModelResult["reliability"]): ChartSpec | null {
  const values = models.flatMap(({ model, bins }) =>
    bins
      .filter((bin) => bin.n > 0)
      .map((bin) => ({
        model: visibleText(model),
        predicted: bin.predicted,
        observed: bin.observed,
        n: bin.n,
      })),
  );
  if (values.length === 0) return null;
  const names = [...new Set(values.map(({ model }) => model))];
  const share = { domain: [0, 1], nice: false };
  const x = {
    field: "predicted",
    type: "quantitative" as const,
    title: "Predicted chance that the answer is good enough",
    scale: share,
    axis: shareAxis,
  };
  const y = {
    field: "observed",
    type: "quantitative" as const,
    title: "Observed share good enough",
    scale: share,
    axis: shareAxis,
  };
  const color = {
    field: "model",
    type: "nominal" as const,
    sort: null,
    scale: { domain: names, range: names.map((_, i) => categoryColors[i % categoryColors.length]!) },
    legend: { title: null },
  };
  return {
    data: { values },
    height: 250,
    layer: [
      {
        data: {
          values: [
            { predicted: 0, observed: 0 },
            { predicted: 1, observed: 1 },
          ],
        },
        mark: { type: "line", color: palette.grey, strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x, y },
      },
      { mark: { type: "line", strokeWidth: 1.5 }, encoding: { x, y, color } },
      {
        mark: { type: "point", filled: true, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          size: { field: "n", type: "quantitative", scale: { range: [30, 260] }, legend: null },
          tooltip: [
            { field: "model", type: "nominal", title: "Model" },
            { field: "predicted", type: "quantitative", title: "Predicted", format: tooltipFormat.share },
            { field: "observed", type: "quantitative", title: "Observed", format: tooltipFormat.share },
            { field: "n", type: "quantitative", title: "Rows", format: tooltipFormat.count },
          ],
        },
      },
    ],
  };
}
