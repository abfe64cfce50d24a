import type { MisrouteClaim, MisrouteFigures, MisroutesResult } from "../../../datasets/misroutes-result.js";
import type { Estimate } from "../../../datasets/results.js";
import { writeResult } from "../../../datasets/workspace.js";
import { defaultGoodEnough } from "../../../pipelines/misroutes/audit-misroutes.js";
import { misroutes } from "../../../pipelines/misroutes/misroutes.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";

/** `signalbox simulate misroutes`: which calls went to another model than the cheapest that would have done. */
export const simulateMisroutesCommand = defineCommand({
  command: "misroutes",
  describe: "Find calls on a dearer model than needed, or on one too weak, and what they cost",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", sharedOptions.newestArtifact)
      .option("good-enough", {
        type: "number",
        default: defaultGoodEnough,
        describe: "Quality from which an answer with an absolute grade is good enough, 0 to 1",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 simulate misroutes --workspace ws",
        "Overkill, right-sized and underpowered: shares, dollars, and where they are",
      ),
  handler: async ({ workspace: path, artifact, goodEnough, json }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = await misroutes(replayed, { goodEnough });
    writeResult(replayed.workspace, "misroutes", result);
    if (json) printJson(result);
    else printMisroutes(result);
  },
});

function printMisroutes(result: MisroutesResult): void {
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
  if (result.quoted === null) {
    printLine("No attempt could be judged: nothing was replayed, or no model has a sufficiency.");
    for (const line of result.coverage) printLine(`${line.requests} attempts: ${line.note}`);
    return;
  }
  const views = [result.quoted, result.measured, result.modelled].filter(
    (view, place, all): view is MisrouteFigures => view !== null && all.indexOf(view) === place,
  );
  printFigures(views);
  printLine(result.labels.note);
  printLine();
  printGroups("Where", result.by, (row) => `${row.dimension} ${row.slice}`);
  printLine();
  printGroups("Most overkill", result.worst, ({ app, model }) => `${app}: ${model}`);
  printLine();
  printClaim(result.claim, result.quoted);
  for (const note of result.notes) printLine(note);
}

function printFigures(views: readonly MisrouteFigures[]): void {
  const rows: ReadonlyArray<
    [label: string, read: (view: MisrouteFigures) => Estimate | null, format: (value: number) => string]
  > = [
    ["overkill", (view) => view.overkill, percent],
    ["right-sized", (view) => view.right_sized, percent],
    ["underpowered", (view) => view.underpowered, percent],
    ["no model sufficient", (view) => view.none_sufficient, percent],
    ["overpaid", (view) => view.overpaid_usd, usd],
    ["billed for insufficient answers", (view) => view.at_risk_usd, usd],
    ["cost to repair them", (view) => view.repair_usd, usd],
  ];
  printTable(rows, [
    { title: "attempts", value: ([label]) => label },
    ...views.map((view) => ({
      title: `${view.evidence}, ${view.attempts} attempts${view.labelled > 0 ? `, ${view.labelled} labels` : ""}`,
      align: "right" as const,
      value: ([, read, format]: (typeof rows)[number]) => {
        const estimate = read(view);
        return estimate === null ? "not measured" : withInterval(estimate, format);
      },
    })),
  ]);
}

type Group = MisroutesResult["worst"][number] | MisroutesResult["by"][number];

function printGroups<Row extends Group>(
  title: string,
  rows: readonly Row[],
  name: (row: Row) => string,
): void {
  printTable(rows, [
    { title, value: name },
    { title: "attempts", align: "right", value: ({ attempts }) => String(attempts) },
    { title: "billed", align: "right", value: (row) => usd(row.billed_usd) },
    { title: "overkill", align: "right", value: (row) => withInterval(row.overkill, percent) },
    { title: "underpowered", align: "right", value: (row) => withInterval(row.underpowered, percent) },
    { title: "overpaid", align: "right", value: (row) => withInterval(row.overpaid_usd, usd) },
    { title: "at risk", align: "right", value: (row) => usd(row.at_risk_usd.value) },
    { title: "evidence", value: ({ evidence }) => evidence },
  ]);
}

function printClaim(
  { label, note, source }: MisrouteClaim,
  { wrong, overkill_of_wrong }: MisrouteFigures,
): void {
  const split = overkill_of_wrong === null ? "" : `; ${percent(overkill_of_wrong.value)} of these overkill`;
  printLine(`Here: ${percent(wrong.value)} of calls on the wrong model${split}.`);
  printLine(`Published claim, for comparison only (${source}): "${label}". ${note}`);
}
