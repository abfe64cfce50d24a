import type { ShadowJudgeResult } from "../../../datasets/shadow-judge-result.js";
import type { ShadowJudgePlan } from "../../../pipelines/shadow/judge/plan-shadow-judge.js";
import { percent, printLine, printTable, usd, withInterval } from "../../terminal.js";

/** Print what a run would ask and cost. */
export function printShadowJudgePlan(plan: ShadowJudgePlan): void {
  const unknown =
    plan.unpriced_models.length > 0 ? ` (no price known for ${plan.unpriced_models.join(", ")})` : "";
  printLine(`Nothing was sent. Run ${plan.run_id}.`);
  printLine(
    `${plan.items} of ${plan.pairs} pairs would be judged, ${plan.exact} of them by facts alone; ${plan.records} records read.`,
  );
  printExcludedRecords(plan.excluded);
  printLine(`Calls: ${plan.calls.pair} on pairs in both orders, ${plan.calls.canary} canaries.`);
  printLine(`Expected cost at list price: ${usd(plan.estimated_usd)}${unknown}`);
  if (plan.affordable_items !== null)
    printLine(`The cap pays for about ${plan.affordable_items} of the ${plan.items} pairs.`);
}

/** Print what a run found.
 * @param path of the written result */
export function printShadowJudge(result: ShadowJudgeResult, path: string): void {
  if (result.is_simulated) printLine("SIMULATED judge: nothing here is about a real model.");
  printLine(`${result.asked} of ${result.drawn} drawn pairs judged; ${result.records} records read.`);
  printExcludedRecords(result.excluded);
  for (const { check, pairs } of result.exact_checks)
    printLine(`Decided by facts: ${pairs} pairs (${check})`);
  printLine();
  printTable(result.verdicts, [
    { title: "verdict", value: ({ verdict }) => verdict },
    { title: "pairs", value: ({ pairs }) => String(pairs), align: "right" },
  ]);
  printLine();
  printLine(
    `baseline minus candidate: ${withInterval(result.difference, (value) => (value ?? 0).toFixed(3))}`,
  );
  printLine(`baseline serves the request: ${withInterval(result.baseline_success, percent)}`);
  printLine(`candidate serves the request: ${withInterval(result.candidate_success, percent)}`);
  printLine(`verdicts that changed with the order: ${withInterval(result.order_flip_rate, percent)}`);
  printLine(`Paid: ${usd(result.cost.usd)}; ${result.cost.unpriced_calls} calls without a known price.`);
  for (const { reason, calls } of result.failures) printLine(`Failed: ${calls} calls (${reason})`);
  printLine();
  printTable(result.canaries, [
    { title: "canary", value: ({ canary }) => canary },
    { title: "right verdict", value: ({ expected }) => expected },
    { title: "passed", value: ({ calls, passed }) => `${passed}/${calls}`, align: "right" },
  ]);
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}

function printExcludedRecords(excluded: ShadowJudgePlan["excluded"]): void {
  for (const { reason, records } of excluded) printLine(`Not judged: ${records} records (${reason})`);
}
