import { openWorkspace } from "../../datasets/workspace.js";
import { type RampResult, rampArtifact } from "../../pipelines/shadow/ramp-artifact.js";
import { percent, printJson, printLine } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox ramp`: the next share of sessions for the router, if the shadow test allows it. */
export const rampCommand = defineCommand({
  command: "ramp",
  describe: "Give the router more sessions, when the shadow verdict allows it",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", sharedOptions.artifact)
      .option("steps", {
        type: "string",
        default: "1,5,10,25,50,100",
        describe: "Shares of sessions, in percent, ascending",
      })
      .option("max-age", { type: "number", default: 7, describe: "Days after which a verdict is too old" })
      .option("back", {
        type: "boolean",
        default: false,
        describe: "On a stop go back one step, instead of to no session at all",
      })
      .option("dry-run", {
        type: "boolean",
        default: false,
        describe: "Say what would be done, write nothing",
      })
      .option("json", sharedOptions.json)
      .example("$0 ramp --workspace ws --artifact ws/artifact --dry-run", "What would happen, and why?")
      .example("$0 ramp --workspace ws --artifact ws/artifact", "After each look of the shadow test"),
  handler: async ({ workspace, artifact, steps, maxAge, back, dryRun, json }) => {
    const result = await rampArtifact(openWorkspace(workspace), {
      artifact,
      steps: steps.split(",").map((step) => (step.trim() === "" ? Number.NaN : Number(step))),
      maxAgeDays: maxAge,
      back,
      dryRun,
    });
    if (json) printJson(result);
    else printRamp(result, dryRun);
  },
});

function printRamp({ move, from, to, why, revised, artifact_id }: RampResult, isDryRun: boolean): void {
  const before = from === null ? "not started" : percent(from);
  printLine(to === null ? `${move}: ${before}` : `${move}: ${before} -> ${percent(to)} of sessions`);
  printLine(why);
  if (revised) {
    printLine(`Artifact ${revised.id}: ${revised.path}`);
    if (revised.lost_signature)
      printLine(
        `The signature of ${artifact_id} isn't carried over: sign ${revised.id} before a runtime demands it.`,
      );
  } else if (isDryRun && to !== null) printLine("Nothing was written: --dry-run.");
}
