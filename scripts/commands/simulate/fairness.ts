import type { FairnessResult, FairnessSlice } from "../../../datasets/fairness-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { fairness } from "../../../pipelines/fairness/fairness.js";
import { defaultLeastSessions, defaultMargin } from "../../../pipelines/fairness/measure-fairness.js";
import { percent, printJson, printLine, printTable, withInterval } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";

/** `signalbox simulate fairness`: who would carry the change. */
export const simulateFairnessCommand = defineCommand({
  command: "fairness",
  describe: "Say which users, tenants and kinds of calls would get weaker models, and keep how much quality",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", sharedOptions.newestArtifact)
      .option("margin", {
        type: "number",
        default: defaultMargin,
        describe: "Quality kept below everyone's by more than this is unfair",
      })
      .option("least-sessions", {
        type: "number",
        default: defaultLeastSessions,
        describe: "Fewest sessions of a slice that is judged",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 simulate fairness --workspace ws --margin 0.05",
        "Quality kept by slice, with intervals that hold for all slices at once",
      ),
  handler: async ({ workspace: path, artifact, margin, leastSessions, json }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = await fairness(replayed, { margin, leastSessions });
    writeResult(replayed.workspace, "fairness", result);
    if (json) printJson(result);
    else printFairness(result);
  },
});

function printFairness(result: FairnessResult): void {
  const { everyone, slices, margin, compared } = result;
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
  if (everyone === null) {
    printLine("Nothing could be compared: nothing was replayed, or no model has a sufficiency.");
    for (const line of result.coverage) printLine(`${line.requests} attempts: ${line.note}`);
    return;
  }
  const behind = slices.filter(({ status }) => status === "behind");
  printLine(
    `${behind.length} of ${compared} compared slices keep less than everyone by more than ${percent(margin)}, for sure.`,
  );
  const columns: Parameters<typeof printTable<FairnessSlice>>[1] = [
    { title: "slice", value: ({ dimension, slice }) => `${dimension}: ${slice}` },
    { title: "attempts", align: "right", value: ({ attempts }) => String(attempts) },
    { title: "weaker", align: "right", value: (row) => percent(row.weaker_share) },
    { title: "quality kept", align: "right", value: (row) => withInterval(row.retention, percent) },
    {
      title: "beside everyone",
      align: "right",
      value: ({ gap }) => (gap === null ? "too few sessions" : withInterval(gap, percent)),
    },
    { title: "saving", align: "right", value: ({ saving }) => percent(saving?.value ?? null) },
    {
      title: "latency",
      align: "right",
      value: (row) =>
        row.latency_change_ms === null ? "unknown" : `${row.latency_change_ms.value.toFixed(0)} ms`,
    },
    { title: "of loss", align: "right", value: (row) => percent(row.share_of_loss) },
    { title: "of saving", align: "right", value: (row) => percent(row.share_of_saving) },
    { title: "evidence", value: ({ evidence }) => evidence },
    { title: "status", value: ({ status }) => status.replace("_", " ") },
  ];
  const all: FairnessSlice = {
    ...everyone,
    dimension: "all",
    slice: "everyone",
    gap: { value: 0, low: 0, high: 0, method: "the reference", n: everyone.attempts },
    status: "ok",
    share_of_attempts: 1,
    share_of_loss: 1,
    share_of_saving: 1,
  };
  printTable([all, ...slices], columns);
  printLine(result.method);
  printLine(result.labels_note);
  for (const note of result.notes) printLine(note);
}
