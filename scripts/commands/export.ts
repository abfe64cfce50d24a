import { openWorkspace } from "../../datasets/workspace.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { printJson, printLine } from "../terminal.js";
import { defineCommand } from "./command.js";

/** `signalbox export`: the trained router as an artifact that the runtime loads. */
export const exportCommand = defineCommand({
  command: "export",
  describe: "Write the trained router as an artifact, checked by three engines",
  builder: (yargs) =>
    yargs
      .option("workspace", { type: "string", demandOption: true, describe: "Workspace directory" })
      .option("out", {
        type: "string",
        describe: "Folder for the artifact's own folder; artifact/ of the workspace when not given",
      })
      .option("rate", { type: "number", describe: "Share of sessions that the shadow sampler takes" })
      .option("json", { type: "boolean", default: false, describe: "Print {path, id, maxDiff}" })
      .example("$0 export --workspace ws", "Write ws/artifact/<id>/"),
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
