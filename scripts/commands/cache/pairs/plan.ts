import { openWorkspace } from "../../../../datasets/workspace.js";
import type { ExpectedSegment } from "../../../../pipelines/cache/pairs/expect-pairs.js";
import { type PairPlan, planPairs } from "../../../../pipelines/cache/pairs/plan-pairs.js";
import { percent, printJson, printLine, printTable, usd } from "../../../terminal.js";
import { defineCommand } from "../../command.js";
import { printExcluded } from "../../label/print-plan.js";
import { checkPairNumbers, pairOptions, readPairOptions } from "./pair-options.js";

/** `signalbox cache pairs plan`: items, price and what the labels would prove, before anything is sent. */
export const cachePairsPlanCommand = defineCommand({
  command: "plan",
  describe: "Say how many pairs, what price, what they could prove; send nothing",
  builder: (yargs) =>
    checkPairNumbers(yargs.options(pairOptions)).example(
      "$0 cache pairs plan --workspace ws --judge-model gpt-4.1 --labels 2000 --max-usd 10",
      "What would it cost, how far do $10 go, and what would they certify?",
    ),
  handler: async (argv) => {
    const plan = await planPairs(openWorkspace(argv.workspace), readPairOptions(argv));
    if (argv.json) printJson(plan);
    else printPlan(plan);
  },
});

function printPlan(plan: PairPlan): void {
  const { alpha, delta, all, segments } = plan.expected;
  printLine(`Nothing was sent. Run ${plan.run_id}.`);
  printLine(
    `${plan.items} of ${plan.pairs} pairs with a ${plan.basis} of at least ${plan.floor} would be judged, ${plan.exact} of them by facts alone.`,
  );
  printLine(`Calls: ${plan.calls.pair} on pairs, ${plan.calls.canary} canaries.`);
  const unknown =
    plan.unpriced_models.length > 0 ? ` (no price known for ${plan.unpriced_models.join(", ")})` : "";
  printLine(
    `Expected cost at list price: ${usd(plan.estimated_usd)}; with --both-orders ${usd(plan.estimated_usd_both_orders)}${unknown}`,
  );
  if (plan.affordable_items !== null)
    printLine(`The cap pays for about ${plan.affordable_items} of the ${plan.items} pairs.`);
  printExcluded(plan.excluded);
  printLine();
  printLine(
    `To certify at most ${percent(alpha)} wrong hits in all requests, with ${percent(1 - delta)} confidence, takes at least ${all.least_labels} labels; ${errorsOf(all)}.`,
  );
  printTable(segments, [
    { title: "segment", value: ({ segment }) => segment },
    { title: "requests", value: ({ requests }) => String(requests), align: "right" },
    { title: "above floor", value: (row) => percent(row.share_above_floor), align: "right" },
    { title: "pairs", value: ({ pairs }) => String(pairs), align: "right" },
    { title: "labels", value: ({ labels }) => String(labels), align: "right" },
    { title: "worth", value: (row) => String(row.effective_labels), align: "right" },
    { title: "errors allowed", value: allowedOf, align: "right" },
    { title: "least labels", value: ({ least_labels }) => String(least_labels), align: "right" },
    { title: "in a run of", value: runOf, align: "right" },
    {
      title: "of all traffic",
      value: ({ least_labels_of_traffic }) => String(least_labels_of_traffic),
      align: "right",
    },
  ]);
  printLine("In a run of: --labels with which the segment gets its least, drawn uniformly.");
  printLine(
    "Of all traffic: about the least when requests below the floor count too, none of which is a hit.",
  );
}

function errorsOf({ labels, effective_labels, allowed_errors }: PairPlan["expected"]["all"]): string {
  const worth = labels === effective_labels ? "" : `, worth ${effective_labels} of equal weight,`;
  return allowed_errors === null
    ? `the ${labels} of this run${worth} certify nothing over all segments`
    : `over all segments, the ${labels} of this run${worth} allow ${allowed_errors} wrong ones`;
}

function runOf({ least_run }: ExpectedSegment): string {
  return least_run === null ? "too few pairs" : String(least_run);
}

function allowedOf({ allowed_errors }: ExpectedSegment): string {
  return allowed_errors === null ? "not certifiable" : String(allowed_errors);
}
