import { openWorkspace } from "../../datasets/workspace.js";
import { audit } from "../../pipelines/audit/audit.js";
import { percent, printJson, printLine, printTable, usd } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox audit`: what was spent, on what, and what was wasted before any routing. */
export const auditCommand = defineCommand({
  command: "audit",
  describe: "Say what was spent, on what, and what was wasted",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("json", sharedOptions.json)
      .example("$0 audit --workspace ws", "Spend by model, provider and app, and waste"),
  handler: async ({ workspace, json }) => {
    const result = await audit(openWorkspace(workspace));
    if (json) {
      printJson(result);
      return;
    }
    const { billed } = result;
    if (result.requests === 0) {
      printLine(
        "No request was accepted; ingest logs, or look into the table quarantine for what was wrong.",
      );
      return;
    }
    printLine(
      `${result.requests} attempts of ${result.logical_requests} requests in ${result.sessions} sessions, ${result.from} to ${result.to}`,
    );
    printLine(
      billed.unpriced_requests === 0
        ? `Billed: ${usd(billed.usd)}`
        : `Billed: at least ${usd(billed.usd)}; ${billed.unpriced_requests} attempts have no known price and are not in it`,
    );
    for (const [title, rows] of [
      ["model", result.by_model],
      ["provider", result.by_provider],
      ["app", result.by_app],
    ] as const) {
      printLine();
      printTable(rows.slice(0, 20), [
        { title, value: (row) => row.key },
        { title: "attempts", align: "right", value: (row) => String(row.requests) },
        { title: "errors", align: "right", value: (row) => String(row.errors) },
        { title: "unpriced", align: "right", value: (row) => String(row.unpriced_requests) },
        { title: "usd", align: "right", value: (row) => usd(row.usd) },
        {
          title: "share",
          align: "right",
          value: (row) => percent(billed.usd > 0 ? row.usd / billed.usd : null),
        },
      ]);
    }
    if (result.waste.length > 0) {
      printLine();
      printTable(result.waste, [
        { title: "waste (kinds overlap)", value: (row) => row.kind },
        { title: "attempts", align: "right", value: (row) => String(row.requests) },
        { title: "usd", align: "right", value: (row) => usd(row.usd) },
      ]);
    }
  },
});
