import type { CacheCurveRow } from "../../datasets/cache-result.js";
import type { ChartSpec } from "./chart.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

/** Net saving by threshold of the semantic tier, with its interval.
 * @returns null when no cost is known, or the semantic tier was not replayed */
export function cacheNetChart(curve: readonly CacheCurveRow[]): ChartSpec | null {
  const values = curve.flatMap(({ min_cosine: cosine, net_usd: net }) =>
    cosine === null || net === null ? [] : [{ cosine, net: net.value, low: net.low, high: net.high }],
  );
  if (values.length === 0) return null;
  const x = {
    field: "cosine",
    type: "quantitative" as const,
    title: "Least cosine (stricter to the right)",
    scale: { zero: false, nice: true },
    axis: { format: "~f" },
  };
  const y = { field: "net", type: "quantitative" as const, title: "Net saving (USD)", axis: usdAxis };
  const tooltip = [
    { field: "cosine", type: "quantitative" as const, title: "Least cosine", format: tooltipFormat.number },
    { field: "net", type: "quantitative" as const, title: "Net saving", format: tooltipFormat.usd },
  ];
  const isBounded = values.every(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  return {
    data: { values },
    height: 180,
    layer: [
      ...(isBounded
        ? [
            {
              mark: { type: "rule" as const, color: palette.green, strokeWidth: 2, opacity: 0.5 },
              encoding: {
                x,
                y: { ...y, field: "low" },
                y2: { field: "high" },
              },
            },
          ]
        : []),
      { mark: { type: "line", color: palette.green, strokeWidth: 2 }, encoding: { x, y } },
      {
        mark: { type: "point", color: palette.green, filled: true, size: 40, opacity: 1 },
        encoding: { x, y, tooltip },
      },
    ],
  };
}
