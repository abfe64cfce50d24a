import type { ReliabilityResult } from "../../../datasets/reliability-result.js";
import type { Estimate } from "../../../datasets/results.js";
import { writeResult } from "../../../datasets/workspace.js";
import { reliability } from "../../../pipelines/reliability/reliability.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";

/** `signalbox simulate reliability`: errors, retries, fallbacks and latency. */
export const simulateReliabilityCommand = defineCommand({
  command: "reliability",
  describe: "Say what fails, what retries and fallbacks would recover and cost, and how latency changes",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .option("chain", {
          type: "string",
          array: true,
          default: [] as string[],
          describe: "Models in the order of attempts, with commas between them; repeat for several chains",
        })
        .option("slo-ms", {
          type: "number",
          default: 10_000,
          describe: "Time to the last token to count requests against, ms",
        })
        .option("pause-ms", {
          type: "number",
          defaultDescription: "the mean of the logged ones",
          describe: "Pause before each further attempt, ms",
        })
        .option("top", { type: "number", default: 10, describe: "Models to print" })
        .option("json", sharedOptions.json)
        .example(
          '$0 simulate reliability --workspace ws --chain "gpt-4o-mini,gpt-4o-mini,gpt-4o"',
          "What one retry and then the larger model would have recovered",
        ),
      {
        "slo-ms": { above: 0 },
        "pause-ms": { from: 0 },
        top: { from: 1, isWhole: true },
      },
    ),
  handler: async ({ workspace: path, artifact, chain, sloMs, pauseMs, top, json }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = reliability(replayed, { chains: chain, sloMs, pauseMs: pauseMs ?? null });
    writeResult(replayed.workspace, "reliability", result);
    if (json) {
      printJson(result);
      return;
    }
    printModels(result, top);
    printUser(result);
    printChains(result);
    printLatency(result);
    for (const note of result.notes) printLine(note);
  },
});

function printModels({ models }: ReliabilityResult, top: number): void {
  printTable(models.slice(0, top), [
    { title: "model", value: (row) => row.model },
    { title: "attempts", align: "right", value: (row) => String(row.attempts) },
    { title: "errors", align: "right", value: (row) => withInterval(row.error_rate, percent) },
    { title: "cost of failures", align: "right", value: (row) => usd(row.failed_usd) },
    {
      title: "classes",
      value: (row) =>
        row.by_class.map(({ error_class, failures }) => `${error_class} ${failures}`).join(", "),
    },
  ]);
  if (models.length > top) printLine(`${models.length - top} more models are in the JSON document.`);
  printLine();
}

function printUser({ user, slo_ms }: ReliabilityResult): void {
  if (user === null) return;
  printLine(
    `${user.requests} logical requests: ${withInterval(user.success, percent)} answered, ${withInterval(user.first_success, percent)} at first; ${user.attempts_per_request.value.toFixed(3)} attempts each.`,
  );
  printLine(
    `Of ${user.failed_first} that failed at first, ${user.recovered_by_retry} were answered by a retry, ${user.recovered_by_fallback} by another model, ${user.recovered_otherwise} by one or the other.`,
  );
  printLine(
    `Per attempt ${withInterval(user.usd_per_attempt, usd)}, per answered request ${withInterval(user.usd_per_success, usd)}; failed attempts cost ${withInterval(user.wasted_usd, usd)}.`,
  );
  printLine(
    `Answered in ${withInterval(user.latency_p50, ms)} at the median, ${withInterval(user.latency_p95, ms)} at the 95th percentile; ${withInterval(user.within_slo, percent)} within ${ms(slo_ms)}.`,
  );
  printLine();
}

function printChains({ chains }: ReliabilityResult): void {
  printTable(chains, [
    { title: "chain", value: (row) => row.label },
    { title: "availability", align: "right", value: (row) => withInterval(row.availability, precise) },
    { title: "if independent", align: "right", value: (row) => precise(row.availability_if_independent) },
    { title: "attempts", align: "right", value: (row) => row.attempts.value.toFixed(4) },
    {
      title: "per answer",
      align: "right",
      value: (row) => (row.usd_per_success ? usd(row.usd_per_success.value) : "unknown"),
    },
    { title: "recovery", align: "right", value: (row) => msOf(row.recovery_ms) },
    {
      title: "fails again",
      value: (row) =>
        row.steps.map(({ failure, evidence, n }) => `${percent(failure)} (${evidence}, n = ${n})`).join("; "),
    },
  ]);
  printLine();
}

function printLatency({ latency, slo_ms }: ReliabilityResult): void {
  if (latency.length === 0) {
    printLine("Nothing was replayed, so there is no latency before and after.");
    return;
  }
  printTable(latency, [
    { title: "strategy", value: (row) => row.label },
    { title: "p50", align: "right", value: (row) => withInterval(row.total_p50, ms) },
    { title: "p95", align: "right", value: (row) => withInterval(row.total_p95, ms) },
    { title: "first token p50", align: "right", value: (row) => msOf(row.ttft_p50) },
    { title: "p95", align: "right", value: (row) => msOf(row.ttft_p95) },
    {
      title: "tokens/s p50",
      align: "right",
      value: (row) => row.speed_p50?.value.toFixed(0) ?? "unknown",
    },
    {
      title: `within ${ms(slo_ms)}`,
      align: "right",
      value: (row) => withInterval(row.within_slo, percent),
    },
    { title: "unknown", align: "right", value: (row) => String(row.unknown) },
  ]);
  printLine();
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function msOf(estimate: Estimate | null): string {
  return estimate === null ? "unknown" : ms(estimate.value);
}

function precise(share: number): string {
  return percent(share, 3);
}
