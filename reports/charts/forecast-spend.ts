import type { ForecastResult } from "../../datasets/forecast-result.js";
import type { ChartRow, ChartSpec } from "./chart.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

const asIs = "as is";
const routed = "with router";
const bands = [
  [asIs, palette.blue],
  [routed, palette.green],
] as const;
/** Days of the log before the forecast: more would press the days to come against the edge. */
const mostHistory = 120;

/** Daily spend as it was, and as it is expected to go on, as is and with the router, each with the band of one day's 95 % interval.
 * @returns null when there are fewer than two days to draw */
export function forecastSpendChart({
  history,
  daily,
}: Pick<ForecastResult, "history" | "daily">): ChartSpec | null {
  const past: ChartRow[] = history
    .filter(({ is_partial }) => !is_partial)
    .slice(-mostHistory)
    .flatMap((row) => [
      { day: row.day, series: asIs, usd: row.billed_usd },
      ...(row.routed_usd === null ? [] : [{ day: row.day, series: routed, usd: row.routed_usd }]),
    ]);
  const coming: ChartRow[] = daily.flatMap(({ day, billed_usd: billed, routed_usd: then }) => [
    { day, series: asIs, usd: billed.value, low: billed.low, high: billed.high },
    ...(then === null ? [] : [{ day, series: routed, usd: then.value, low: then.low, high: then.high }]),
  ]);
  if (new Set([...past, ...coming].map(({ day }) => day)).size < 2) return null;
  const x = {
    field: "day",
    type: "temporal" as const,
    title: "Date (UTC)",
    scale: { type: "utc" as const },
    axis: { format: "%b %d", grid: false },
  };
  const y = { field: "usd", type: "quantitative" as const, title: "Spend per day (USD)", axis: usdAxis };
  const color = {
    field: "series",
    type: "nominal" as const,
    sort: null,
    scale: { domain: [asIs, routed], range: bands.map(([, ground]) => ground) },
    legend: { title: null },
  };
  const tooltip = [
    { field: "day", type: "temporal" as const, title: "Date", format: "%Y-%m-%d" },
    { field: "series", type: "nominal" as const, title: "Series" },
    { field: "usd", type: "quantitative" as const, title: "Spend", format: tooltipFormat.usd },
  ];
  const bounds = [
    { field: "low", type: "quantitative" as const, title: "From (95 %)", format: tooltipFormat.usd },
    { field: "high", type: "quantitative" as const, title: "To (95 %)", format: tooltipFormat.usd },
  ];
  return {
    data: { values: past },
    height: 250,
    layer: [
      // a colour of its own: coloured by the series, the bands would make the legend as pale as they are
      ...bands.map(([series, ground]) => ({
        data: { values: coming.filter((row) => row.series === series) },
        mark: { type: "area" as const, color: ground, opacity: 0.18 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
      })),
      { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y, color } },
      { mark: { type: "point", filled: true, size: 30, opacity: 1 }, encoding: { x, y, color, tooltip } },
      {
        data: { values: coming },
        mark: { type: "line", strokeWidth: 2, strokeDash: [5, 4] },
        encoding: { x, y, color },
      },
      {
        data: { values: coming },
        mark: { type: "point", filled: true, size: 18, opacity: 1 },
        encoding: { x, y, color, tooltip: [...tooltip, ...bounds] },
      },
    ],
  };
}
