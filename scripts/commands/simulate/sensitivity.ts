import type {
  SensitivityEnd,
  SensitivityLine,
  SensitivityResult,
} from "../../../datasets/sensitivity-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { answerSensitivity } from "../../../pipelines/sensitivity/answer-sensitivity.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";
import { printCoverage } from "./print-coverage.js";

/** `signalbox simulate sensitivity`: what is left of the saving when an assumption is wrong. */
export const simulateSensitivityCommand = defineCommand({
  command: "sensitivity",
  describe: "Say how wrong prices, mix, lengths or the judge may be before the saving is gone",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", sharedOptions.newestArtifact)
      .option("json", sharedOptions.json)
      .example("$0 simulate sensitivity --workspace ws", "One assumption at a time, with its break-even"),
  handler: async ({ workspace: path, artifact, json }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = answerSensitivity(replayed);
    writeResult(replayed.workspace, "sensitivity", result);
    if (json) printJson(result);
    else printSensitivity(result);
  },
});

function printSensitivity(result: SensitivityResult): void {
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
  printLine(result.sentence);
  if (result.base) {
    const { billed_usd: billed, routed_usd: routed, saving, retention } = result.base;
    printLine(
      `${result.requests} replayed attempts in ${result.sessions} sessions: billed ${usd(billed)}, routed ${usd(routed)}, saving ${withInterval(saving, percent)}, quality kept ${withInterval(retention, percent)}`,
    );
    printLine();
    printLines(result);
    printMix(result);
  }
  printLine();
  printCoverage(result.coverage);
}

function printLines({ lines }: SensitivityResult): void {
  printTable(lines, [
    { title: "assumption", value: ({ label }) => label },
    { title: "of", value: ({ figure }) => (figure === "saving" ? "saving" : "quality kept") },
    { title: "low", align: "right", value: ({ low }) => endText(low) },
    { title: "at", value: ({ low }) => low?.at ?? "" },
    { title: "high", align: "right", value: ({ high }) => endText(high) },
    { title: "at", value: ({ high }) => high?.at ?? "" },
    {
      title: "break-even",
      value: ({ kind, break_even: even, unknown }) => unknown ?? breakEvenText(kind, even?.at ?? null),
    },
  ]);
}

function breakEvenText(kind: SensitivityLine["kind"], at: number | null): string {
  if (kind === "halves" || kind === "without_app") return "";
  if (at === null) return "never";
  return kind === "mix" ? percent(at, 0) : `x ${at.toPrecision(3)}`;
}

function endText(end: SensitivityEnd | null): string {
  if (end === null) return "unknown";
  const remade = end.remade_saving === null ? "" : `, ${percent(end.remade_saving)} in the new order`;
  return `${withInterval(end.figure, percent)}${remade}`;
}

function printMix({ mix }: SensitivityResult): void {
  if (!mix) return;
  printLine();
  printLine(
    `The mix of ${mix.strata} strata (app and tier) moved by ${percent(mix.observed_distance)} between the log's halves.`,
  );
  printTable(mix.worst, [
    { title: "mix may move by", align: "right", value: ({ radius }) => percent(radius, 0) },
    { title: "worst saving", align: "right", value: ({ saving }) => percent(saving) },
    { title: "worst quality kept", align: "right", value: ({ retention }) => percent(retention) },
    {
      title: "towards",
      value: ({ towards }) =>
        towards === null ? "" : `${towards.app}${towards.tier === null ? "" : `, tier ${towards.tier}`}`,
    },
  ]);
  printLine();
  printTable(mix.weeks, [
    { title: "week from", value: ({ from }) => from },
    { title: "attempts", align: "right", value: ({ requests }) => String(requests) },
    { title: "billed", align: "right", value: (week) => usd(week.billed_usd) },
    { title: "saving", align: "right", value: ({ saving }) => withInterval(saving, percent) },
  ]);
}
