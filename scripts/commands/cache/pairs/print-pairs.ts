import type {
  CachePairsResult,
  ImportedCachePairs,
  JudgeAcceptance,
  JudgedCachePairs,
} from "../../../../datasets/cache-pairs-result.js";
import { percent, printLine, printTable, usd, withInterval } from "../../../terminal.js";
import { printExcluded } from "../../label/print-plan.js";

/** Print what is known of a workspace's pairs.
 * @param path of the written result */
export function printPairs(
  { segments, judged, imports, judge_error, is_simulated, notes }: CachePairsResult,
  path: string,
): void {
  if (is_simulated) printLine("SIMULATED judge: nothing here is about a real model.");
  if (judged !== null) printJudged(judged);
  imports.forEach(printImport);
  if (judge_error !== null) printError(judge_error);
  printLine();
  printTable(segments, [
    { title: "segment", value: ({ segment }) => segment },
    { title: "requests", value: ({ requests }) => String(requests), align: "right" },
    { title: "above floor", value: (row) => percent(row.share_above_floor), align: "right" },
    { title: "same", value: ({ same }) => String(same), align: "right" },
    { title: "different", value: ({ different }) => String(different), align: "right" },
    { title: "can't tell", value: ({ cannot_tell }) => String(cannot_tell), align: "right" },
    { title: "not served, above floor", value: (row) => withInterval(row.wrong_share, percent) },
  ]);
  printLine();
  for (const note of notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}

function printJudged(judged: JudgedCachePairs): void {
  printLine(
    `${judged.asked} of ${judged.drawn} drawn pairs judged, ${judged.exact} of them by facts; ${judged.population} have a ${judged.basis} of at least ${judged.floor}.`,
  );
  printExcluded(judged.excluded);
  if (judged.order_flip_rate !== null)
    printLine(`Verdicts that changed with the order: ${withInterval(judged.order_flip_rate, percent)}`);
  const { usd: paid, unpriced_calls } = judged.cost;
  printLine(`Paid: ${usd(paid)}; ${unpriced_calls} calls without a known price.`);
  for (const { reason, calls } of judged.failures) printLine(`Failed: ${calls} calls (${reason})`);
  printLine();
  printTable(judged.canaries, [
    { title: "canary", value: ({ canary }) => canary },
    { title: "right verdict", value: ({ expected }) => expected },
    { title: "passed", value: ({ calls, passed }) => `${passed}/${calls}`, align: "right" },
    { title: "pass rate", value: (row) => withInterval(row.pass_rate, percent) },
  ]);
}

function printImport({ path, rows, used, same, different, cannot_tell, unused }: ImportedCachePairs): void {
  printLine(
    `${path}: ${used} of ${rows} rows used: ${same} same, ${different} different, ${cannot_tell} can't tell.`,
  );
  for (const { reason, rows: count, lines } of unused)
    printLine(`Not used: ${count} rows: ${reason} (lines ${lines.join(", ")})`);
}

function printError(error: JudgeAcceptance): void {
  printLine(
    `Judge against humans on ${error.doubles} pairs: it accepted ${error.false_accepts} of ${error.different_by_human} that are different (${percent(error.phi)}, at most ${percent(error.phi_high_95)} with 95 % confidence) and refused ${error.false_rejects} of ${error.same_by_human} that are the same.`,
  );
}
