import type { CommandModule } from "yargs";
import { checkNumber } from "../../datasets/check-number.js";
import { openWorkspace, writeResult } from "../../datasets/workspace.js";
import { analyzeShadow } from "../../pipelines/shadow/analyze-shadow.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { shadowJudgeCommand } from "./shadow/judge.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox shadow analyze`: what the decisions that the runtime logged would have changed. */
const shadowAnalyzeCommand = defineCommand({
  command: "analyze",
  describe: "Analyse the decisions that the runtime logged in a shadow test",
  builder: (yargs) =>
    yargs
      .option("log", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Decision log, a JSONL file; repeat for more",
      })
      .option("rate", {
        type: "number",
        default: 0.1,
        describe: "Share of sessions that the shadow sampler was to take",
      })
      .option("workspace", {
        type: "string",
        describe: "Workspace directory to keep the result in, for the report",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 shadow analyze --log decisions.jsonl",
        "Mix, agreement, cost delta, latency, sample check",
      ),
  handler: async ({ log, rate, workspace, json }) => {
    checkNumber("--rate", rate, { above: 0, below: 1 });
    const { progress, end } = stderrProgress();
    const result = await analyzeShadow({ logs: log, rate, onProgress: progress });
    end();
    if (workspace !== undefined) writeResult(openWorkspace(workspace), "shadow", result);
    if (json) {
      printJson(result);
      return;
    }
    printLine(
      `${result.decisions} decisions, ${result.unmatched} without an answer, ${result.malformed} records not understood`,
    );
    printTable(result.mix, [
      { title: "decided model", value: (row) => row.model },
      { title: "decisions", align: "right", value: (row) => String(row.decisions) },
      { title: "share", align: "right", value: (row) => percent(row.share) },
    ]);
    printLine(`agreement with what was served: ${withInterval(result.agreement, percent)}`);
    printLine(`cost if followed, minus as served: ${withInterval(result.cost_delta_usd, usd)}`);
    if (result.latency_us) {
      const { p50, p95, p99 } = result.latency_us;
      printLine(
        `decision time: p50 ${p50.toFixed(0)} us, p95 ${p95.toFixed(0)} us, p99 ${p99.toFixed(0)} us`,
      );
    }
    const { observed, expected, p_value: p, verdict } = result.sample;
    printLine(
      `sample: ${observed} units of ${expected.toFixed(1)} expected (p = ${p.toPrecision(2)}): ${verdict}`,
    );
    for (const note of result.notes) printLine(note);
  },
});

/** Verbs of `signalbox shadow`, in the order of the journey. */
export const shadowCommands = [
  shadowJudgeCommand,
  shadowAnalyzeCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox shadow`: what a router would do, and whether its answers are as good. */
export const shadowCommand = defineCommand({
  command: "shadow",
  describe: "Test a router beside real traffic: judge its answers, analyse its decisions",
  builder: (yargs) =>
    yargs
      .command(shadowCommands as CommandModule[])
      .demandCommand(1, "Name a verb of shadow; signalbox shadow --help lists them."),
  handler: async () => {},
});
