import { checkNumber } from "../../../datasets/check-number.js";
import { InputError } from "../../../datasets/errors.js";
import { openWorkspace, writeResult } from "../../../datasets/workspace.js";
import { analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { printDecisionShadow, printResponseShadow } from "./print-shadow.js";

/** `signalbox shadow analyze`: what logged decisions would have changed, and whether a candidate can be certified. */
export const shadowAnalyzeCommand = defineCommand({
  command: "analyze",
  describe: "Analyse logged decisions, and the pairs of a response shadow",
  builder: (yargs) =>
    yargs
      .option("log", { type: "string", array: true, describe: "Decision log, a JSONL file; repeat for more" })
      .option("pairs", { type: "string", array: true, describe: "Shadow log, a JSONL file; repeat for more" })
      .option("verdicts", {
        type: "string",
        array: true,
        describe: "Verdicts on pairs as JSONL, beside those in the workspace",
      })
      .option("workspace", {
        type: "string",
        describe: "Workspace with verdicts, prices and plan; the result is kept there, for the report",
      })
      .option("rate", {
        type: "number",
        defaultDescription: "as the pairs say, else 0.1",
        describe: "Share of sessions that the shadow sampler was to take",
      })
      .option("margin", {
        type: "number",
        defaultDescription: "the plan's, else 0.02",
        describe: "Loss of quality that is accepted",
      })
      .option("alpha", {
        type: "number",
        defaultDescription: "the plan's, else 0.05",
        describe: "Chance of certifying a candidate that is worse by the margin",
      })
      .option("population", {
        choices: ["called", "all"] as const,
        describe: "Requests that the margin is for: those that change model, or all of the sample",
      })
      .option("session-cap", {
        type: "number",
        defaultDescription: "the plan's, else what suits the first 100 sessions",
        describe: "Pairs of one session that count",
      })
      .option("session-gap", {
        type: "number",
        defaultDescription: "6",
        describe: "Hours without a pair after which a session is closed",
      })
      .option("min-days", { type: "number", defaultDescription: "7", describe: "Days before a certificate" })
      .option("max-days", { type: "number", defaultDescription: "28", describe: "Days after which to stop" })
      .option("max-usd", { type: "number", describe: "Cost of the test at which to stop" })
      .option("max-missing", {
        type: "number",
        defaultDescription: "0.2",
        describe: "Share of calls that may be dropped, and of pairs without a verdict",
      })
      .option("max-error-increase", {
        type: "number",
        defaultDescription: "0.02",
        describe: "Guardrail: how much higher the error rate may be",
      })
      .option("max-refusal-increase", {
        type: "number",
        defaultDescription: "0.02",
        describe: "The same of the refusal rate",
      })
      .option("max-invalid-increase", {
        type: "number",
        defaultDescription: "0.02",
        describe: "The same of answers that break the demanded JSON",
      })
      .option("max-latency-ratio", {
        type: "number",
        defaultDescription: "1.5",
        describe: "Guardrail: p95 latency as a multiple of the baseline's",
      })
      .option("fail-on", {
        choices: ["stop", "continue"] as const,
        describe: "Exit with 1 on this verdict or a worse one (continue: on anything but certify)",
      })
      .option("json", sharedOptions.json)
      .example("$0 shadow analyze --log decisions.jsonl", "Mix, agreement, cost delta, latency, sample check")
      .example(
        "$0 shadow analyze --log decisions.jsonl --pairs shadow.jsonl --workspace ws",
        "Certify, continue or stop, and why",
      )
      .example(
        "$0 shadow analyze --pairs shadow.jsonl --verdicts verdicts.jsonl --fail-on stop",
        "A nightly check that fails when the test must be stopped",
      ),
  handler: async (options) => {
    const { log = [], pairs = [], verdicts, rate, json, failOn } = options;
    if (rate !== undefined) checkNumber("--rate", rate, { above: 0, below: 1 });
    const workspace = options.workspace === undefined ? undefined : openWorkspace(options.workspace);
    const { progress, end } = stderrProgress(workspace && { workspace, stage: "shadow" });
    const result = await analyzeShadow({
      logs: log,
      pairs,
      verdicts,
      rate,
      workspace,
      design: { ...options, sessionGapH: options.sessionGap },
      onProgress: progress,
    });
    end();
    if (workspace) writeResult(workspace, "shadow", result);
    if (json) printJson(result);
    else {
      if (log.length > 0) printDecisionShadow(result);
      if (result.response) printResponseShadow(result.response);
    }
    const action = result.response?.verdict.action;
    if (failOn !== undefined && action !== undefined && fails(action, failOn))
      throw new InputError(
        `shadow test: ${action} (${result.response!.verdict.reason}); --fail-on ${failOn} was asked for`,
      );
  },
});

function fails(action: string, failOn: "stop" | "continue"): boolean {
  return action === "stop" || (failOn === "continue" && action !== "certify");
}
