import type { CascadeFrontier, CascadeResult, CascadeRow } from "../../../datasets/cascade-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { simulateCascade } from "../../../pipelines/cascade/simulate-cascade.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { gateOptions, gateRules, readGateOptions } from "./gate-options.js";
import { openNewestReplay } from "./open-newest-replay.js";
import { printGate } from "./print-gate.js";

/** `signalbox simulate cascade`: a cheap model first, a gate, the strong model where it says no; one after the other, or in a race. */
export const simulateCascadeCommand = defineCommand({
  command: "cascade",
  describe: "Cascade and race: the cheap model first, a gate on its answer, the strong model behind it",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .options(gateOptions)
        .option("first", {
          type: "string",
          defaultDescription: "the cheapest",
          describe: "Model that answers first",
        })
        .option("ask-from", {
          type: "number",
          defaultDescription: "the cheapest setting that keeps the promise",
          describe: "Confidence from which the first model is asked; below it the strong one at once",
        })
        .option("abort-billing", {
          choices: ["streamed", "full"] as const,
          default: "streamed" as const,
          describe: "What an aborted call costs: its input and what was streamed, or everything",
        })
        .option("json", sharedOptions.json)
        .example(
          "$0 simulate cascade --workspace ws --gate-tpr 0.92 --gate-tnr 0.85 --gate-n 200 --gate-usd 0.0001 --gate-ms 120",
          "Whether a cascade beats the router at the same quality, with a gate measured on 400 answers",
        ),
      { ...gateRules, "ask-from": { from: 0, to: 1 } },
    ),
  handler: async (argv) => {
    const replayed = await openNewestReplay(argv);
    const result = simulateCascade(replayed, {
      gate: readGateOptions(argv),
      first: argv.first,
      askFrom: argv.askFrom,
      billing: argv.abortBilling,
    });
    writeResult(replayed.workspace, "cascade", result);
    if (argv.json) printJson(result);
    else printCascade(result);
  },
});

function printCascade(result: CascadeResult): void {
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind these figures comes from a simulated judge.");
  printLine(
    `${result.requests} attempts in ${result.sessions} sessions, billed ${usd(result.billed_usd)}; cost and quality modelled`,
  );
  printGate(result.gate, result.gate_missing);
  printLine();
  printTable(result.strategies, [
    { title: "strategy", value: (row) => row.label },
    { title: "usd", align: "right", value: (row) => withInterval(row.usd, usd) },
    {
      title: "saving of always-strong",
      align: "right",
      value: (row) =>
        row.strategy === "always_strong" ? "" : withInterval(row.saving_of_strong, (share) => percent(share)),
    },
    {
      title: "quality kept",
      align: "right",
      value: (row) => withInterval(row.retention, (share) => percent(share)),
    },
    { title: "strong answers", align: "right", value: (row) => percent(row.strong_share?.value ?? null) },
    { title: "mean", align: "right", value: (row) => milliseconds(row.mean_ms?.value) },
    { title: "p50", align: "right", value: (row) => milliseconds(row.p50_ms) },
    { title: "p95", align: "right", value: (row) => milliseconds(row.p95_ms) },
  ]);
  printLine();
  const gated = result.strategies.filter(({ strategy }) => strategy === "cascade" || strategy === "race");
  if (gated.length > 0) printAgainstRouter(gated);
  for (const frontier of result.frontiers) printFrontier(frontier);
  printAbort(result);
  printClaims(result);
  for (const text of result.notes) printLine(text);
}

function printAgainstRouter(rows: readonly CascadeRow[]): void {
  printTable(rows, [
    { title: "against a confidence threshold that keeps as much", value: (row) => row.label },
    { title: "usd more", align: "right", value: (row) => withInterval(row.versus_router_usd, usd) },
    {
      title: "escalated",
      align: "right",
      value: (row) => withInterval(row.escalated, (share) => percent(share)),
    },
    { title: "gate breaks even at", align: "right", value: (row) => usd(row.break_even_gate_usd) },
  ]);
  printLine();
}

function printFrontier({ takes, points, recommended, verdict }: CascadeFrontier): void {
  printLine(`${takes === "all" ? "Every call" : "Behind the router"}: ${verdict}`);
  const shown = points.filter((_, i) => i % 5 === 0 || i === points.length - 1);
  printTable(shown, [
    {
      title: "ask from",
      align: "right",
      value: ({ ask_from }) => (ask_from === null ? "never" : ask_from.toFixed(3)),
    },
    { title: "asked", align: "right", value: ({ asked_share }) => percent(asked_share) },
    { title: "usd", align: "right", value: (point) => usd(point.usd) },
    { title: "quality kept", align: "right", value: ({ retention }) => percent(retention) },
    { title: "strong answers", align: "right", value: ({ strong_share }) => percent(strong_share) },
  ]);
  if (recommended)
    printLine(`Recommended: ask from ${recommended.ask_from!.toFixed(3)} on, ${usd(recommended.usd)}.`);
  printLine();
}

function printAbort({ abort }: CascadeResult): void {
  if (abort.billed_share === null) return;
  printLine(
    `Aborted calls are billed ${abort.billing === "full" ? "in full" : "as far as they streamed"}: ${percent(abort.billed_share)} of their cost on average; the bill stops for ${percent(abort.stopped_share)} of them.`,
  );
}

function milliseconds(ms: number | null | undefined): string {
  return ms == null ? "unknown" : `${ms.toFixed(0)} ms`;
}

function printClaims({ claims }: CascadeResult): void {
  for (const { label, fewer_strong, saving } of claims) {
    const range = fewer_strong ?? saving;
    if (range === null) continue;
    const share = `${range[0] > 0 ? `${percent(range[0], 0)} to` : "up to"} ${percent(range[1], 0)}`;
    printLine(`Claimed elsewhere: ${label}: ${share} ${fewer_strong ? "fewer strong calls" : "saved"}.`);
  }
}
