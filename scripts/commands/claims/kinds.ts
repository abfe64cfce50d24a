import { claimKinds } from "../../../models/claims/claim-kinds.js";
import { printJson, printTable } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox claims kinds`: the formulas that claim files can name. */
export const claimsKindsCommand = defineCommand({
  command: "kinds",
  describe: "List the kinds of claims that can be recomputed, with their formulas",
  builder: (yargs) =>
    yargs.option("json", sharedOptions.json).example("$0 claims kinds", "What can be recomputed?"),
  handler: async ({ json }) => {
    const rows = [...claimKinds].map(([kind, { about }]) => ({ kind, about }));
    if (json) printJson(rows);
    else
      printTable(rows, [
        { title: "kind", value: ({ kind }) => kind },
        { title: "computes", value: ({ about }) => about },
      ]);
  },
});
