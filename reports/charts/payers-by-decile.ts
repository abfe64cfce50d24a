import type { PricedPlan } from "../../datasets/pricing-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { categoryColors, shareAxis, tooltipFormat } from "./theme.js";

const mostPlans = 4;

/** By how much each group of payers pays more or less under a plan, from those who pay least now to those who pay most. Of many plans, those
 * whose totals are nearest to the bill: beside one of ten times the bill no other could be told apart.
 * @returns null when no plan knows its payers */
export function payersByDecileChart(plans: readonly PricedPlan[]): ChartSpec | null {
  const distance = ({ change }: PricedPlan) => Math.abs(change?.value ?? Number.POSITIVE_INFINITY);
  const drawn = plans
    .filter((plan) => plan.incidence !== null && distance(plan) > 0)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, mostPlans);
  const values = drawn.flatMap(({ plan, incidence }) =>
    incidence!.deciles.flatMap((group, i) =>
      group.change === null
        ? []
        : {
            group: i + 1,
            plan: visibleText(plan, 40),
            change: group.change,
            now: group.now_usd,
            planned: group.plan_usd,
          },
    ),
  );
  if (values.length === 0) return null;
  const names = [...new Set(values.map(({ plan }) => plan))];
  return {
    data: { values },
    height: { step: names.length > 2 ? 9 : 13 },
    mark: { type: "bar" },
    encoding: {
      x: {
        field: "change",
        type: "quantitative",
        title: "Change of what the group pays",
        axis: shareAxis,
      },
      y: {
        field: "group",
        type: "ordinal",
        title: "Payers, from least to most",
        scale: { paddingInner: 0.3 },
      },
      yOffset: { field: "plan", type: "nominal", sort: names },
      color: {
        field: "plan",
        type: "nominal",
        sort: null,
        scale: { domain: names, range: categoryColors.slice(0, names.length) },
        legend: { title: null },
      },
      tooltip: [
        { field: "plan", type: "nominal", title: "Plan" },
        { field: "group", type: "nominal", title: "Group" },
        { field: "change", type: "quantitative", title: "Change", format: tooltipFormat.share },
        { field: "now", type: "quantitative", title: "Now", format: tooltipFormat.usd },
        { field: "planned", type: "quantitative", title: "Under the plan", format: tooltipFormat.usd },
      ],
    },
  };
}
