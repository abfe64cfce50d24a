import { openWorkspace } from "../../../datasets/workspace.js";
import { comparePlans, payerFields } from "../../../pipelines/pricing/compare-plans.js";
import { printJson } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { printPricing } from "./print-pricing.js";

/** `signalbox pricing compare`: the workspace's requests under other prices. */
export const pricingCompareCommand = defineCommand({
  command: "compare",
  describe: "Replay the workspace's requests under other prices",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("plans", {
          type: "string",
          demandOption: true,
          describe: "JSON file of plans, see docs/pricing.md",
        })
        .option("payer", {
          choices: payerFields,
          defaultDescription: "user where the log names users, else session",
          describe: "Who pays: the field that deciles and intervals go by",
        })
        .option("month-days", {
          type: "number",
          defaultDescription: "365.25 / 12",
          describe: "Days in a month",
        })
        .option("json", sharedOptions.json),
      { "month-days": { from: 1, to: 31 } },
    ).example(
      "$0 pricing compare --workspace ws --plans plans.json",
      "Cost, interval, who pays more, break-evens",
    ),
  handler: async ({ workspace, plans, payer, monthDays, json }) => {
    const result = await comparePlans(openWorkspace(workspace), plans, {
      ...(payer !== undefined && { payer }),
      ...(monthDays !== undefined && { monthDays }),
    });
    if (json) printJson(result);
    else printPricing(result);
  },
});
