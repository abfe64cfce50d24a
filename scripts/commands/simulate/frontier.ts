import {
  type FrontierAnswer,
  FrontierKind,
  type FrontierPoint,
  type FrontierResult,
} from "../../../datasets/frontier-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { answerFrontier } from "../../../pipelines/frontier/answer-frontier.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";
import { printCoverage } from "./print-coverage.js";

/** `signalbox simulate frontier`: every setting's cost, quality and latency, and the cheapest under constraints. */
export const simulateFrontierCommand = defineCommand({
  command: "frontier",
  describe: "Find the cheapest setting that keeps a quality and a latency",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .option("min-retention", {
          type: "number",
          defaultDescription: "what the artifact promises",
          describe: "Least share of always-strong's quality",
        })
        .option("max-p95-ms", {
          type: "number",
          defaultDescription: "no limit",
          describe: "Longest 95th percentile of latency, milliseconds",
        })
        .option("json", sharedOptions.json),
      { "min-retention": { above: 0, to: 1 }, "max-p95-ms": { above: 0 } },
    ).example(
      "$0 simulate frontier --workspace ws --min-retention 0.95 --max-p95-ms 2000",
      "Least cost with at least 95 % of quality and a p95 of at most 2 s",
    ),
  handler: async ({ workspace: path, artifact, json, minRetention, maxP95Ms }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = answerFrontier(replayed, { minRetention, maxP95Ms });
    writeResult(replayed.workspace, "frontier", result);
    if (json) printJson(result);
    else printFrontier(result);
  },
});

function printFrontier(result: FrontierResult): void {
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
  printLine(
    `${result.requests} replayed attempts in ${result.sessions} sessions; a setting may move ${result.free_requests} of them (cost, quality and latency modelled)`,
  );
  if (result.points.length === 0) return;
  const shown = result.points.filter(
    ({ kind, is_on_front, is_on_front_with_latency }) =>
      always.has(kind) || is_on_front || is_on_front_with_latency,
  );
  printTable(shown, [
    { title: "setting", value: ({ label }) => label },
    {
      title: "front",
      value: (point) => (point.is_on_front ? "cost" : point.is_on_front_with_latency ? "p95" : ""),
    },
    { title: "usd", align: "right", value: (point) => usd(point.usd.value) },
    {
      title: "saving",
      align: "right",
      value: ({ kind, saving }) => (kind === FrontierKind.billed ? "" : withInterval(saving, percent)),
    },
    { title: "quality kept", align: "right", value: ({ retention }) => withInterval(retention, percent) },
    { title: "p50", align: "right", value: (point) => milliseconds(point.p50_ms) },
    { title: "p95", align: "right", value: (point) => withInterval(point.p95_ms, milliseconds) },
    { title: "strong share", align: "right", value: (point) => percent(point.strong_share) },
  ]);
  printLine();
  const [asked] = result.queries;
  const limit = asked!.max_p95_ms === null ? "" : ` and p95 <= ${milliseconds(asked!.max_p95_ms)}`;
  printLine(`Least cost with quality >= ${percent(asked!.min_retention)}${limit}`);
  printAnswer("a command sets it, by 95 % bounds", asked!.settable, result.points);
  printAnswer("any setting, by 95 % bounds", asked!.by_bounds, result.points);
  printAnswer("any setting, by point estimates (optimistic)", asked!.by_estimates, result.points);
  printLine();
  printMatrix(result);
  printLine();
  printCoverage(result.coverage);
}

const always: ReadonlySet<FrontierKind> = new Set([
  FrontierKind.billed,
  FrontierKind.router,
  FrontierKind.dial,
  FrontierKind.single,
]);

function printAnswer(basis: string, answer: FrontierAnswer, points: readonly FrontierPoint[]): void {
  const point = answer.point === null ? null : points[answer.point]!;
  printLine(`  ${basis}: ${answer.text}`);
  if (point === null) return;
  printLine(
    `    saves ${withInterval(point.saving, percent)}, keeps ${withInterval(point.retention, percent)}, p95 ${withInterval(point.p95_ms, milliseconds)}`,
  );
  if (answer.confirmed) {
    const { saving, retention, p95_ms: p95, holds, bounds_hold: bounds } = answer.confirmed;
    const verdict = bounds ? "holds with its bounds" : holds ? "holds by its estimates" : "does not hold";
    printLine(
      `    on the other half of the sessions: saves ${withInterval(saving, percent)}, keeps ${withInterval(retention, percent)}, p95 ${withInterval(p95, milliseconds)}: ${verdict}`,
    );
  }
  if (point.command !== null) printLine(`    ${point.command}`);
  printLine(`    ${point.how}`);
}

function printMatrix({ matrix }: FrontierResult): void {
  printTable(matrix, [
    { title: "app", value: ({ app, cells }) => (cells > 1 ? `${cells} other cells` : app) },
    { title: "tier", value: ({ tier }) => (tier === null ? "-" : String(tier)) },
    { title: "model", value: ({ model }) => model },
    { title: "attempts", align: "right", value: ({ requests }) => String(requests) },
    { title: "usd", align: "right", value: (cell) => usd(cell.usd) },
    { title: "answered", align: "right", value: ({ success }) => withInterval(success, percent) },
    {
      title: "usd per answer",
      align: "right",
      value: (cell) => (cell.usd_per_success ? usd(cell.usd_per_success.value) : "unknown"),
    },
    {
      title: "sufficiency (modelled)",
      align: "right",
      value: ({ sufficiency }) => withInterval(sufficiency, percent),
    },
    { title: "p50", align: "right", value: ({ p50_ms: p50 }) => milliseconds(p50) },
    { title: "p95", align: "right", value: ({ p95_ms: p95 }) => milliseconds(p95) },
  ]);
}

function milliseconds(value: number | null): string {
  return value === null ? "unknown" : `${value.toFixed(0)} ms`;
}
