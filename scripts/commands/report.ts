import { openWorkspace } from "../../datasets/workspace.js";
import { printJson, printLine } from "../terminal.js";
import { writeReport } from "../write-report.js";
import { defineCommand } from "./command.js";

/** `signalbox report`: lay the workspace's results out as one page, and the same as Markdown and JSON. */
export const reportCommand = defineCommand({
  command: "report",
  describe: "Write the savings report as one HTML page, Markdown and JSON",
  builder: (yargs) =>
    yargs
      .option("workspace", { type: "string", demandOption: true, describe: "Workspace directory" })
      .option("out", { type: "string", demandOption: true, describe: "HTML file to write" })
      .option("markdown", { type: "string", describe: "Markdown file; default beside the HTML" })
      .option("json-out", {
        type: "string",
        describe: "JSON file with every number; default beside the HTML",
      })
      .option("generated-at", {
        type: "string",
        describe: "Time to print, ISO 8601; default when the newest stage was completed",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the paths written as JSON" })
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
