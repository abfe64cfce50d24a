import { InputError } from "../../datasets/errors.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { gatewayFormats } from "../../pipelines/export/gateways/export-gateway-policy.js";
import { defaultBudgets } from "../../pipelines/export/measure-confounders.js";
import { printJson, printLine } from "../terminal.js";
import { defineCommand } from "./command.js";
import { exportForGateway } from "./export-gateway.js";
import { operatingChange, withOperatingOptions } from "./policy/operating-options.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox export`: the trained router as an artifact that the runtime loads. */
export const exportCommand = defineCommand({
  command: "export",
  describe: "Write the trained router as an artifact that the runtime loads",
  builder: (yargs) =>
    withOperatingOptions(yargs.option("workspace", { ...sharedOptions.workspace, demandOption: false }))
      .option("keep-operating", {
        type: "boolean",
        default: false,
        describe: "Start from the settings of the artifact that latest.json names",
      })
      .option("out", {
        type: "string",
        defaultDescription: "artifact/ of the workspace",
        describe:
          "Directory in which the artifact gets a directory of its own; with --format the file to write",
      })
      .option("format", {
        choices: gatewayFormats,
        describe: "Write the static part of an artifact's policy in this gateway's shape instead",
      })
      .option("artifact", {
        type: "string",
        implies: "format",
        describe: "With --format: the artifact; the newest of the workspace when absent",
      })
      .option("rate", {
        type: "number",
        defaultDescription: "0.1",
        describe: "Share of sessions that the shadow sampler takes",
      })
      .option("max-flip-rate", {
        type: "number",
        default: defaultBudgets.maxFlipRate,
        describe: "Largest share of requests that a change of wording may move to a cheaper model",
      })
      .option("max-searched-flip-rate", {
        type: "number",
        default: defaultBudgets.maxSearchedFlipRate,
        describe: "The same for a prefix that is searched with full sight of the router; 1 only reports it",
      })
      .option("min-slice-retention", {
        type: "number",
        defaultDescription: "not checked",
        describe: "Least quality to keep in every slice of the held-out rows that is large enough to judge",
      })
      .option("json", sharedOptions.json)
      .example("$0 export --workspace ws", "Write ws/artifact/<yyyymmdd-hash8>/")
      .example(
        "$0 export --workspace ws --rules rules.json --ramp 0.05 --max-cost-usd 0.2",
        "With rules, a cost cap and a twentieth of the sessions",
      )
      .example("$0 export --format litellm --artifact ws/artifact --out config.yaml", "For a LiteLLM proxy"),
  handler: async ({
    workspace,
    artifact: given,
    format,
    out,
    rate,
    maxFlipRate,
    maxSearchedFlipRate,
    minSliceRetention,
    json,
    ...options
  }) => {
    if (format !== undefined) return exportForGateway({ format, workspace, artifact: given, out, json });
    if (workspace === undefined)
      throw new InputError("--workspace is missing; name the workspace to export from");
    const artifact = await exportArtifact(openWorkspace(workspace), {
      out,
      rate,
      maxFlipRate,
      maxSearchedFlipRate,
      minSliceRetention,
      operating: operatingChange(options),
      keepOperating: options.keepOperating,
    });
    if (json) return printJson(artifact);
    printLine(`Artifact ${artifact.id}: ${artifact.path}`);
    printLine(
      `TensorFlow.js, onnxruntime and the runtime's kernel differ by at most ${artifact.maxDiff.toExponential(1)}.`,
    );
    for (const { segment, why } of artifact.unsafeCache)
      printLine(
        `Cache segment ${segment} is off, its threshold was taken out: ${why}; examples in results/cache_export.json.`,
      );
    if (artifact.dropped.length > 0)
      printLine(
        `The artifact before had settings that this one lacks: ${artifact.dropped.join(", ")}; --keep-operating carries them over.`,
      );
    printLine(`Next: signalbox decide --artifact ${artifact.path} --prompt TEXT`);
  },
});
