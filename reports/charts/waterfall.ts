import type { LeversResult } from "../../datasets/levers-result.js";
import { formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

/** Room to the right of the longest bar for its amount, as a share of it. */
const room = 1.5;

/** From the bill down to the projection: one bar per step from the spend before it to the spend after it, with its amount and sign.
 * @returns null without steps, or when nothing was billed */
export function waterfallChart({ billed_usd, projected_usd, waterfall }: LeversResult): ChartSpec | null {
  if (waterfall.length === 0 || !(billed_usd > 0)) return null;
  let before = billed_usd;
  const bars = waterfall.map(({ label, change, after_usd: after }) => {
    const bar = barOf(visibleText(label, 44), before, after, {
      kind: change.value > 0 ? "adds" : "saves",
      change: change.value,
      amount: `${change.value > 0 ? "+" : ""}${shortUsd(change.value)}`,
    });
    before = after;
    return bar;
  });
  const total = (name: string, usd: number) =>
    barOf(name, 0, usd, { kind: "spend", change: usd, amount: shortUsd(usd) });
  const values = [total("Billed", billed_usd), ...bars, total("Projected", projected_usd)];
  const most = Math.max(...values.map(({ right }) => right));
  const kinds = ["spend", "saves", "adds"];
  const y = {
    field: "step",
    type: "nominal" as const,
    sort: values.map(({ step }) => step),
    title: null,
    scale: { paddingInner: 0.25 },
  };
  const x = {
    field: "from",
    type: "quantitative" as const,
    title: "Spend (USD)",
    scale: { domain: [0, most * room], nice: false },
    axis: usdAxis,
  };
  return {
    data: { values },
    height: { step: 28 },
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          x,
          x2: { field: "to" },
          y,
          color: {
            field: "kind",
            type: "nominal",
            sort: kinds,
            scale: { domain: kinds, range: [palette.grey, palette.green, palette.red] },
            legend: { title: null },
          },
          tooltip: [
            { field: "step", type: "nominal", title: "Step" },
            { field: "change", type: "quantitative", title: "Change", format: tooltipFormat.usd },
            { field: "from", type: "quantitative", title: "Spend before", format: tooltipFormat.usd },
            { field: "to", type: "quantitative", title: "Spend after", format: tooltipFormat.usd },
          ],
        },
      },
      {
        mark: { type: "text", align: "left", baseline: "middle", dx: 5 },
        encoding: { x: { ...x, field: "right" }, y, text: { field: "amount" } },
      },
    ],
  };
}

function barOf<Rest extends object>(step: string, from: number, to: number, rest: Rest) {
  return { step, from, to, right: Math.max(from, to), ...rest };
}

/** An amount that fits beside a bar on a phone: cents below a thousand dollars, "$159.6K" from a hundred thousand. */
function shortUsd(usd: number): string {
  const size = Math.abs(usd);
  if (size < 1000) return formatUsd(usd);
  const text =
    size < 100_000
      ? Math.round(size).toLocaleString("en-US")
      : size.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 4 });
  return `${usd < 0 ? "\u2212" : ""}$${text}`;
}
