import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../datasets/errors.js";
import { openWorkspace } from "../../../datasets/workspace.js";
import { checkRules, type RulesCheckOptions } from "../../../pipelines/rules/check-rules.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { printRulesCheck } from "./print-check.js";

/** `signalbox rules check`: a dry run of rules on logged requests. */
export const rulesCheckCommand = defineCommand({
  command: "check",
  describe: "Show which logged requests each rule would claim; nothing is changed",
  builder: (yargs) =>
    yargs
      .option("rules", {
        type: "string",
        demandOption: true,
        describe: "JSON file with a list of rules, in order",
      })
      .option("workspace", { type: "string", describe: "Workspace whose requests are tried" })
      .option("log", {
        type: "string",
        describe: "JSONL file of requests instead, one body a line, with their meta",
      })
      .option("artifact", {
        type: "string",
        defaultDescription: "the newest of the workspace, if there is one",
        describe: "Artifact whose models and constraints count",
      })
      .option("json", sharedOptions.json)
      .conflicts("workspace", "log")
      .example("$0 rules check --rules rules.json --workspace ws", "On the ingested log")
      .example(
        "$0 rules check --rules rules.json --log requests.jsonl --artifact ws/artifact",
        "On a file of requests",
      ),
  handler: async ({ rules, workspace, log, artifact, json }) => {
    const source = sourceOf(workspace, log);
    const { progress, end } = stderrProgress();
    const result = await checkRules({
      rules,
      source,
      artifact: artifact ?? ("workspace" in source ? newestArtifact(source.workspace.path) : undefined),
      onProgress: progress,
    });
    end();
    if (json) printJson(result);
    else printRulesCheck(result);
  },
});

function sourceOf(workspace: string | undefined, log: string | undefined): RulesCheckOptions["source"] {
  if (workspace !== undefined) return { workspace: openWorkspace(workspace) };
  if (log !== undefined) return { log };
  throw new InputError("no requests to try the rules on; give --workspace DIR or --log FILE.jsonl");
}

function newestArtifact(workspace: string): string | undefined {
  const folder = join(workspace, "artifact");
  return existsSync(join(folder, "latest.json")) ? folder : undefined;
}
