import type { CacheCurveRow } from "../../datasets/cache-result.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

const hits = "Hits / requests";
const wrong = "Wrong hits / requests (USR)";

/** Hits, and wrong hits where they are known, by threshold of the semantic tier.
 * @returns null when the semantic tier was not replayed */
export function cacheSharesChart(curve: readonly CacheCurveRow[]): ChartSpec | null {
  const rows = curve.filter((row) => row.min_cosine !== null);
  if (rows.length === 0) return null;
  const values = rows.flatMap((row) => [
    { line: hits, cosine: row.min_cosine, share: row.hit_rate.value },
    ...(row.usr === null ? [] : [{ line: wrong, cosine: row.min_cosine, share: row.usr.value }]),
  ]);
  const names = [...new Set(values.map(({ line }) => line))];
  const encoding = {
    x: {
      field: "cosine",
      type: "quantitative" as const,
      title: "Least cosine (stricter to the right)",
      scale: { zero: false, nice: true },
      axis: { format: "~f" },
    },
    y: { field: "share", type: "quantitative" as const, title: "Share of requests", axis: shareAxis },
    color: {
      field: "line",
      type: "nominal" as const,
      sort: null,
      scale: { domain: names, range: [palette.blue, palette.red].slice(0, names.length) },
      legend: { title: null },
    },
  };
  return {
    data: { values },
    height: 210,
    layer: [
      { mark: { type: "line", strokeWidth: 2 }, encoding },
      {
        mark: { type: "point", filled: true, size: 40, opacity: 1 },
        encoding: {
          ...encoding,
          tooltip: [
            { field: "line", type: "nominal", title: "What" },
            { field: "cosine", type: "quantitative", title: "Least cosine", format: tooltipFormat.number },
            { field: "share", type: "quantitative", title: "Share", format: tooltipFormat.share },
          ],
        },
      },
    ],
  };
}
