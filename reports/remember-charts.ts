import type { Chart } from "./charts/chart.js";
import { type RenderedChart, renderChart } from "./render.js";

/** Draws a chart, as {@link renderChart} does. */
export type DrawChart = (chart: Chart) => Promise<RenderedChart>;

/** Draw charts and keep the last picture of each: a report that is built again and again draws only what has changed. */
export function rememberCharts(): DrawChart {
  const drawn = new Map<string, { content: string; picture: Promise<RenderedChart> }>();
  return (chart) => {
    const content = JSON.stringify(chart);
    const before = drawn.get(chart.id);
    if (before?.content === content) return before.picture;
    const picture = renderChart(chart);
    drawn.set(chart.id, { content, picture });
    return picture;
  };
}
