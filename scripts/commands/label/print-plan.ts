import type { ExpectedWidth } from "../../../pipelines/label/expected-width.js";
import type { LabelPlan } from "../../../pipelines/label/plan-labels.js";
import { printLine, printTable, usd } from "../../terminal.js";

/** Print what a run would ask and cost. */
export function printPlan(plan: LabelPlan): void {
  const { tier, answer, sufficiency, canary } = plan.calls;
  printLine(`Nothing was sent. Run ${plan.run_id}.`);
  printLine(`${plan.items} of ${plan.population} requests would be judged.`);
  printLine(
    `Calls: ${tier} tier, ${answer} candidate answers, ${sufficiency} comparisons, ${canary} canaries.`,
  );
  const unknown =
    plan.unpriced_models.length > 0 ? ` (no price known for ${plan.unpriced_models.join(", ")})` : "";
  printLine(`Expected cost at list price: ${usd(plan.estimated_usd)}${unknown}`);
  if (plan.expected_width !== null) printWidth(plan.expected_width);
  if (plan.affordable_items !== null)
    printLine(`The cap pays for about ${plan.affordable_items} of the ${plan.items} items.`);
  printExcluded(plan.excluded);
  printLine();
  printTable(plan.strata, [
    { title: "stratum", value: ({ stratum }) => stratum || "(all)" },
    { title: "requests", value: ({ population }) => String(population), align: "right" },
    { title: "sampled", value: ({ sampled }) => String(sampled), align: "right" },
  ]);
}

function printWidth({ items, sufficient_share, retention, note }: ExpectedWidth): void {
  const half = (width: number | null) => (width === null ? "unknown" : `± ${(50 * width).toFixed(1)} points`);
  printLine(
    `Expected 95 % intervals at ${items} judged requests: sufficient share ${half(sufficient_share)}, retention ${half(retention)}.`,
  );
  printLine(`(${note}.)`);
}

/** Print what was left out of the sample, by reason. */
export function printExcluded(excluded: LabelPlan["excluded"]): void {
  if (excluded.length > 0)
    printLine(`Not judged: ${excluded.map(({ reason, requests }) => `${requests} ${reason}`).join(", ")}`);
}
