import type { SimulateResult, SimulateTiming, StrategyRow } from "../../../datasets/results.js";
import { openWorkspace, readResult } from "../../../datasets/workspace.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import {
  percent,
  printJson,
  printLine,
  printTable,
  stderrProgress,
  usd,
  withInterval,
} from "../../terminal.js";
import { defineCommand } from "../command.js";
import { latestArtifact } from "../latest-artifact.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox simulate run`: replay the log, compare all strategies, and work every counterfactual out. */
export const simulateRunCommand = defineCommand({
  command: ["run", "$0"],
  describe: "Replay the log through the router; every other verb reads that replay",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", sharedOptions.newestArtifact)
      .option("json", sharedOptions.json)
      .example(
        "$0 simulate --workspace ws",
        "Billed, always-strong, hand rules, bandit, router and others on the same calls",
      ),
  handler: async ({ workspace: path, artifact, json }) => {
    const workspace = openWorkspace(path);
    const { progress, end } = stderrProgress({ workspace, stage: "simulate" });
    const result = await simulate(workspace, {
      artifact: artifact ?? latestArtifact(workspace),
      onProgress: progress,
    });
    end();
    if (json) {
      printJson(result);
      return;
    }
    if (result.is_simulated)
      printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
    if (result.outcomes) {
      printLine(`Held-out outcomes (${result.outcomes.n} items; cost and quality measured)`);
      printStrategies(result.outcomes.strategies);
      printLine();
    }
    if (result.traffic) {
      const attempts = result.traffic.coverage.reduce((sum, line) => sum + line.requests, 0);
      printLine(
        `Logged traffic (${result.traffic.requests} attempts in ${result.traffic.sessions} sessions; cost and quality modelled)`,
      );
      printStrategies(result.traffic.strategies);
      printLine();
      printUnitCosts(result.traffic.strategies);
      printLine();
      for (const { label, why } of result.traffic.unknown ?? []) printLine(`${label}: unknown; ${why}`);
      printClaims(result.claims ?? []);
      printLine();
      printTiming(readResult<SimulateTiming>(workspace, "simulate-timing"));
      printLine();
      printTable(result.traffic.coverage, [
        { title: "evidence", value: (row) => row.evidence },
        { title: "attempts", align: "right", value: (row) => String(row.requests) },
        { title: "share", align: "right", value: (row) => percent(row.requests / attempts) },
        { title: "usd", align: "right", value: (row) => usd(row.usd) },
        { title: "what", value: (row) => row.note },
      ]);
    } else {
      printLine("No logged request could be routed: the log has no prompts, or none of the router's models.");
    }
    printLine();
    for (const note of result.notes) printLine(note);
  },
});

function printStrategies(rows: readonly StrategyRow[]): void {
  printTable(rows, [
    { title: "strategy", value: (row) => row.label },
    { title: "usd", align: "right", value: (row) => withInterval(row.usd, usd) },
    {
      title: "saving",
      align: "right",
      value: (row) => (row.saving ? withInterval(row.saving, percent) : ""),
    },
    {
      title: "quality kept",
      align: "right",
      value: (row) => (row.retention ? withInterval(row.retention, percent) : "unknown"),
    },
    { title: "strong share", align: "right", value: (row) => percent(row.strong_share) },
  ]);
}

function printUnitCosts(rows: readonly StrategyRow[]): void {
  const cell = (estimate: StrategyRow["saving"] | undefined, format: (value: number) => string) =>
    estimate ? format(estimate.value) : "";
  printTable(rows, [
    { title: "strategy", value: (row) => row.strategy },
    { title: "usd per request", align: "right", value: (row) => cell(row.usd_per_request, usd) },
    { title: "per 1M tokens", align: "right", value: (row) => cell(row.usd_per_mtok, usd) },
    { title: "per answered request", align: "right", value: (row) => cell(row.usd_per_success, usd) },
    {
      title: "saving of always-strong",
      align: "right",
      value: (row) => cell(row.saving_of_strong, (share) => percent(share)),
    },
    {
      title: "quality kept, measured",
      align: "right",
      value: (row) =>
        row.measured_retention ? withInterval(row.measured_retention, percent) : "not measured",
    },
    {
      title: "latency",
      align: "right",
      value: (row) => cell(row.latency_change_ms, (ms) => `${ms.toFixed(0)} ms`),
    },
  ]);
}

function printClaims(claims: NonNullable<SimulateResult["claims"]>): void {
  printLine("Published claims about other people's traffic, for comparison only:");
  const range = (values: [number, number] | null) =>
    values === null ? "" : [...new Set(values.map((value) => percent(value)))].join(" to ");
  printTable(claims, [
    { title: "claim", value: ({ label }) => label },
    {
      title: "usd per 1M tokens",
      align: "right",
      value: (row) => (row.usd_per_mtok === null ? "" : usd(row.usd_per_mtok)),
    },
    { title: "saving", align: "right", value: ({ saving }) => range(saving) },
    { title: "quality kept", align: "right", value: ({ retention }) => range(retention) },
    {
      title: "overhead",
      align: "right",
      value: (row) => (row.overhead_ms === null ? "" : `${row.overhead_ms} ms`),
    },
  ]);
}

function printTiming(timing: SimulateTiming | null): void {
  if (!timing?.decide_us) return;
  const { p50, p99 } = timing.decide_us;
  printLine(
    `Deciding added ${p50} us to a request at the median, ${p99} us at the 99th percentile (measured here).`,
  );
}
