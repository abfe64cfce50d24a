import { DataError, InputError } from "../../datasets/errors.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { prepareComparison } from "../../reports/compare/prepare-comparison.js";
import { checkThresholds, readThresholds } from "../../reports/figures/check-thresholds.js";
import { reportFigures } from "../../reports/figures/report-figures.js";
import { type PreparedReport, prepareReport } from "../../reports/prepare-report.js";
import { focusText } from "../focus-text.js";
import { printJson, printLine } from "../terminal.js";
import { type ReportFiles, type ReportFormat, reportFormats, writeReport } from "../write-report.js";
import { defineCommand } from "./command.js";
import { readModelNames, sharedOptions } from "./shared-options.js";

/** `signalbox report`: lay the workspace's results out as one page, and the same in other forms; or two workspaces side by side. */
export const reportCommand = defineCommand({
  command: "report",
  describe: "Write the savings report: HTML, Markdown, JSON, CSV, FOCUS, PDF",
  builder: (yargs) =>
    yargs
      .option("workspace", {
        type: "string",
        describe: "Workspace directory; needed unless --compare is given",
      })
      .option("out", {
        type: "string",
        demandOption: true,
        describe: "HTML file to write, the other forms beside it; or a folder",
      })
      .option("format", {
        type: "string",
        array: true,
        default: ["html", "md", "json"],
        defaultDescription: "html,md,json",
        describe: `Forms to write, between commas: ${reportFormats.join(", ")}`,
      })
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
      .option("compare", {
        type: "string",
        array: true,
        nargs: 2,
        describe: "Report on what changed between two workspaces or saved JSON reports: before, after",
      })
      .option("redact", {
        type: "boolean",
        default: false,
        describe: "Replace names of tenants, users, keys, apps and files, and leave examples out",
      })
      .option("fail-on", {
        type: "string",
        array: true,
        describe:
          "Exit with 1 when this holds, such as saving_low<0.1; may be repeated; docs/report.md has the keys",
      })
      .option("generated-at", {
        type: "string",
        defaultDescription: "SOURCE_DATE_EPOCH, else when the newest stage was completed",
        describe: "Time to print, ISO 8601",
      })
      .option("json", sharedOptions.json)
      .example("$0 report --workspace ws --out report.html", "report.html, report.md and report.json")
      .example(
        "$0 report --workspace ws --out out/ --format html,pdf,csv,focus",
        "out/report.html and others",
      )
      .example("$0 report --compare before after.json --out change.html", "What changed"),
  handler: async (options) => {
    const { workspace, out, markdown, jsonOut, json, redact } = options;
    const formats = readFormats(options.format);
    const report = prepare(options);
    const figures = reportFigures(report.documents);
    const thresholds = readThresholds(options.failOn ?? [], figures);
    const focus = workspace === undefined ? undefined : () => focusText(openWorkspace(workspace), redact);
    if (formats.includes("focus") && (focus === undefined || options.compare !== undefined)) {
      throw new InputError("--format focus is the spend of one workspace; leave --compare away");
    }
    const files = await writeReport(report, out, { formats, markdown, json: jsonOut, focus });
    if (json) printJson(files);
    else printFiles(files);
    failOn(checkThresholds(thresholds, figures));
  },
});

function prepare(options: {
  workspace: string | undefined;
  compare: string[] | undefined;
  generatedAt: string | undefined;
  redact: boolean;
}): PreparedReport {
  const { workspace, compare, generatedAt, redact: isRedacted } = options;
  if (compare !== undefined) {
    const [before, after] = compare;
    if (workspace !== undefined)
      throw new InputError("--compare names both workspaces; leave --workspace away");
    if (compare.length !== 2) throw new InputError("--compare takes two paths, once: before, after");
    return prepareComparison(before!, after!, { generatedAt, isRedacted });
  }
  if (workspace === undefined) {
    throw new InputError("nothing to report on; name a workspace with --workspace, or two with --compare");
  }
  return prepareReport(openWorkspace(workspace), { generatedAt, isRedacted });
}

function readFormats(given: readonly string[]): ReportFormat[] {
  const formats = readModelNames(given);
  const isFormat = (name: string): name is ReportFormat =>
    (reportFormats as readonly string[]).includes(name);
  const unknown = formats.find((name) => !isFormat(name));
  if (unknown !== undefined || formats.length === 0) {
    throw new InputError(`--format ${unknown ?? ""}: no such form; there are ${reportFormats.join(", ")}`);
  }
  return formats.filter(isFormat);
}

const names: Readonly<Record<keyof ReportFiles, string>> = {
  html: "Report:",
  markdown: "Markdown:",
  json: "JSON:",
  csv: "Tables:",
  focus: "FOCUS:",
  pdf: "PDF:",
};

function printFiles(files: ReportFiles): void {
  for (const [form, path] of Object.entries(files) as Array<[keyof ReportFiles, string]>) {
    printLine(`${names[form].padEnd(9)} ${path}`);
  }
}

function failOn(broken: readonly string[]): void {
  for (const line of broken) process.stderr.write(`${line}\n`);
  if (broken.length > 0)
    throw new DataError(`the report is written; it breaks ${broken.length} of --fail-on`);
}
