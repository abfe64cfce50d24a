import { openWorkspace } from "../../datasets/workspace.js";
import { printJson, printLine } from "../terminal.js";
import { writeReport } from "../write-report.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox report`: lay the workspace's results out as one page, and the same as Markdown and JSON. */
export const reportCommand = defineCommand({
  command: "report",
  describe: "Write the savings report as one HTML page, Markdown and JSON",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("out", { type: "string", demandOption: true, describe: "HTML file to write" })
      .option("markdown", {
        type: "string",
        defaultDescription: "beside the HTML",
        describe: "Markdown file to write",
      })
      .option("json-out", {
        type: "string",
        defaultDescription: "beside the HTML",
        describe: "JSON file to write, with every number",
      })
      .option("generated-at", {
        type: "string",
        defaultDescription: "SOURCE_DATE_EPOCH, else when the newest stage was completed",
        describe: "Time to print, ISO 8601",
      })
      .option("json", sharedOptions.json)
      .example("$0 report --workspace ws --out report.html", "report.html, report.md and report.json"),
  handler: async ({ workspace, out, markdown, jsonOut, generatedAt, json }) => {
    const files = await writeReport(openWorkspace(workspace), out, { markdown, json: jsonOut, generatedAt });
    if (json) {
      printJson(files);
      return;
    }
    printLine(`Report:   ${files.html}`);
    printLine(`Markdown: ${files.markdown}`);
    printLine(`JSON:     ${files.json}`);
  },
});
