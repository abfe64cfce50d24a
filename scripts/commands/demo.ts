import { readdirSync } from "node:fs";
import { checkNumber } from "../../datasets/check-number.js";
import { InputError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { type DemoResult, runDemo } from "../demo/run-demo.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox demo`: the whole journey on synthetic traffic, with a simulated judge. */
export const demoCommand = defineCommand({
  command: "demo",
  describe: "Run the whole journey on synthetic traffic with a simulated judge",
  builder: (yargs) =>
    yargs
      .option("workspace", {
        type: "string",
        default: "demo-workspace",
        describe: "Directory for logs, workspace and report",
      })
      .option("overwrite", {
        type: "boolean",
        default: false,
        describe: "Replace the directory when it holds an earlier demo",
      })
      .option("requests", { type: "number", default: 3000, describe: "Synthetic requests" })
      .option("seed", {
        type: "number",
        default: 1,
        describe: "Seed of the traffic, the judge and the training",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 demo --requests 400",
        "A small one: ingest, audit, label, train, export, simulate, shadow, report",
      ),
  handler: async ({ workspace, overwrite, requests, seed, json }) => {
    checkNumber("--requests", requests, { from: 1, isWhole: true });
    checkNumber("--seed", seed, { isWhole: true });
    checkFolder(workspace, overwrite);
    const { progress, end } = stderrProgress();
    const announce = (step: string) => {
      end();
      process.stderr.write(`demo: ${step}\n`);
    };
    const result = await runDemo(workspace, { requests, seed, announce, progress }).finally(end);
    if (json) printJson(result);
    else printResult(result);
  },
});

/** Only an earlier demo may be replaced, never somebody's folder. */
function checkFolder(folder: string, overwrite: boolean): void {
  makeFolder(folder);
  if (readdirSync(folder).length === 0) return;
  const isDemo = readdirSync(folder).every((name) => demoEntries.has(name));
  if (!isDemo)
    throw new InputError(`${folder}: not empty and not a demo; name another folder with --workspace`);
  if (!overwrite)
    throw new InputError(
      `${folder}: holds an earlier demo; replace it with --overwrite, or name another folder with --workspace`,
    );
}

const demoEntries = new Set([
  "logs",
  "workspace",
  "decisions.jsonl",
  "report.html",
  "report.md",
  "report.json",
]);

function printResult(result: DemoResult): void {
  const { totals } = result.ingest;
  const { billed } = result.audit;
  printLine(
    "SYNTHETIC traffic, SIMULATED judge: these numbers show how Signalbox works and say nothing about real models.",
  );
  printLine();
  printLine(
    `Read ${totals.read} records: ${totals.accepted} accepted, ${totals.quarantined} quarantined, ${totals.duplicates} duplicates, ${totals.skipped} skipped.`,
  );
  printLine(
    `Billed ${usd(billed.usd)}${billed.unpriced_requests > 0 ? ` and ${billed.unpriced_requests} attempts without a known price` : ""}.`,
  );
  const traffic = result.simulate.traffic;
  if (traffic) {
    printLine();
    printTable(traffic.strategies, [
      { title: "strategy", value: (row) => row.label },
      { title: "usd", align: "right", value: (row) => usd(row.usd.value) },
      {
        title: "saving",
        align: "right",
        value: (row) => (row.saving ? withInterval(row.saving, percent) : ""),
      },
      {
        title: "quality kept (modelled)",
        align: "right",
        value: (row) => (row.retention ? percent(row.retention.value) : "unknown"),
      },
    ]);
    const router = traffic.strategies.find(({ strategy }) => strategy === "router");
    if (router?.saving) {
      printLine();
      printLine(
        `Saved on the ${traffic.requests} attempts that could be routed: ${withInterval(router.saving, percent)}, modelled.`,
      );
    }
  }
  const { prompt, model, score, reasons, took_us: took } = result.decision;
  printLine();
  printLine(
    `Decision: "${prompt}" -> ${model} (need of the strong model ${score?.toFixed(3) ?? "unknown"}; ${reasons.join(", ")}; ${took.toFixed(0)} us)`,
  );
  printLine(`Report:   ${result.report}`);
  printLine(`Artifact: ${result.artifact}`);
}
