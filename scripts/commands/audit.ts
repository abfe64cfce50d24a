import { openWorkspace } from "../../datasets/workspace.js";
import { audit } from "../../pipelines/audit/audit.js";
import { printJson, printLine } from "../terminal.js";
import { printAudit } from "./audit-tables.js";
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
      .example("$0 audit --workspace ws", "Spend by model, app, key and day, tokens, caches, retries, waste"),
  handler: async ({ workspace, json }) => {
    const result = await audit(openWorkspace(workspace));
    if (json) {
      printJson(result);
      return;
    }
    if (result.requests === 0) {
      printLine(
        "No request was accepted; ingest logs, or look into the table quarantine for what was wrong.",
      );
      return;
    }
    printAudit(result);
  },
});
