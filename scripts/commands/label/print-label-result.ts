import type { LabelDetails } from "../../../datasets/results.js";
import { percent, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { printExcluded } from "./print-plan.js";

/** Print what a run found.
 * @param path of the written result */
export function printLabelResult(result: LabelDetails, path: string): void {
  printLine(
    `${result.labelled} of ${result.items} sampled requests labelled; they speak for ${result.population}.`,
  );
  if (result.is_simulated) printLine("SIMULATED judge: nothing here is about a real model.");
  printExcluded(result.excluded);
  printLine(`Tiers: ${result.tiers.map(({ tier, items }) => `${tier}: ${items}`).join(", ")}`);
  if (result.pairs.length > 0) {
    printLine();
    printTable(result.pairs, [
      { title: "candidate", value: ({ candidate }) => candidate },
      { title: "sufficient", value: ({ sufficient }) => String(sufficient), align: "right" },
      { title: "insufficient", value: ({ insufficient }) => String(insufficient), align: "right" },
      { title: "tie", value: ({ tie }) => String(tie), align: "right" },
      { title: "can't tell", value: ({ cannot_tell }) => String(cannot_tell), align: "right" },
      {
        title: "sufficient for, of the traffic",
        value: (pair) => withInterval(pair.sufficient_share, percent),
      },
    ]);
    printLine();
    if (result.exact_checks.length > 0)
      printLine(
        `Decided without the judge: ${result.exact_checks.map(({ check, sufficient, insufficient }) => `${sufficient + insufficient} ${check}`).join(", ")}`,
      );
    printLine(`Verdicts that changed with the order: ${withInterval(result.position_flip_rate, percent)}`);
    printLine();
    printTable(result.canaries, [
      { title: "canary", value: ({ canary }) => canary },
      { title: "right verdict", value: ({ expected }) => expected },
      { title: "passed", value: ({ calls, passed }) => `${passed}/${calls}`, align: "right" },
      { title: "pass rate", value: (row) => withInterval(row.pass_rate, percent) },
    ]);
    printLine();
  }
  printLine(
    `Paid: ${usd(result.cost.judge_usd)} to the judge, ${usd(result.cost.answers_usd)} for answers; ${result.cost.unpriced_calls} calls without a known price.`,
  );
  for (const { kind, reason, calls } of result.failures)
    printLine(`Failed: ${calls} ${kind} calls (${reason})`);
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}
