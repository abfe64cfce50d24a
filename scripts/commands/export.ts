import { openWorkspace } from "../../datasets/workspace.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { printJson, printLine } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox export`: the trained router as an artifact that the runtime loads. */
export const exportCommand = defineCommand({
  command: "export",
  describe: "Write the trained router as an artifact that the runtime loads",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("out", {
        type: "string",
        defaultDescription: "artifact/ of the workspace",
        describe: "Directory in which the artifact gets a directory of its own",
      })
      .option("rate", {
        type: "number",
        defaultDescription: "0.1",
        describe: "Share of sessions that the shadow sampler takes",
      })
      .option("json", sharedOptions.json)
      .example("$0 export --workspace ws", "Write ws/artifact/<yyyymmdd-hash8>/"),
  handler: async ({ workspace, out, rate, json }) => {
    const artifact = await exportArtifact(openWorkspace(workspace), { out, rate });
    if (json) return printJson(artifact);
    printLine(`Artifact ${artifact.id}: ${artifact.path}`);
    printLine(
      `TensorFlow.js, onnxruntime and the runtime's kernel differ by at most ${artifact.maxDiff.toExponential(1)}.`,
    );
    printLine(`Next: signalbox decide --artifact ${artifact.path} --prompt TEXT`);
  },
});
