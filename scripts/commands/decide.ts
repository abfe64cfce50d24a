import { readFileSync } from "node:fs";
import { ArtifactError, type Decision, decodeOnnx, loadRouter, type RouteRequest } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { type DecisionExplanation, explainDecision } from "../../models/explain/explain-decision.js";
import { openArtifact } from "../../pipelines/export/open-artifact.js";
import { percent, printJson, printLine, printTable } from "../terminal.js";
import { defineCommand } from "./command.js";
import { printExplanation } from "./print-explanation.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox decide`: what the router of an artifact says about one request. */
export const decideCommand = defineCommand({
  command: "decide",
  describe: "Decide which model answers one request",
  builder: (yargs) =>
    yargs
      .option("artifact", sharedOptions.artifact)
      .option("prompt", { type: "string", describe: "User turn" })
      .option("system", { type: "string", describe: "System prompt" })
      .option("input", {
        type: "string",
        nargs: 1, // else a lone "-" would be taken for a positional word
        describe: "JSON file with one request, in any provider's shape; - reads standard input",
      })
      .option("explain", {
        type: "boolean",
        default: false,
        describe: "Show what in the request mattered, and why each model was or wasn't chosen",
      })
      .option("json", sharedOptions.json)
      .conflicts("prompt", "input")
      .conflicts("system", "input")
      .example('$0 decide --artifact ws/artifact --prompt "What is a monad?"', "Decide one prompt")
      .example("$0 decide --artifact ws/artifact --input request.json --json", "Decide a whole request")
      .example('$0 decide --artifact ws/artifact --prompt "Prove it." --explain', "Say why"),
  handler: async ({ artifact, prompt, system, input, explain, json }) => {
    const request = input === undefined ? requestOf(prompt, system) : readRequestFile(input);
    if (explain) {
      const explanation = await explainOnce(artifact, request);
      return json ? printJson(explanation) : printExplanation(explanation);
    }
    const decision = await decideOnce(artifact, request);
    if (json) printJson(decision);
    else printDecision(decision);
  },
});

function requestOf(prompt: string | undefined, system: string | undefined): RouteRequest {
  if (prompt === undefined) throw new InputError("nothing to decide; give --prompt TEXT or --input FILE");
  return { prompt, ...(system === undefined ? {} : { system }) };
}

function readRequestFile(path: string): RouteRequest {
  const name = path === "-" ? "standard input" : path;
  let request: unknown;
  try {
    request = JSON.parse(readFileSync(path === "-" ? 0 : path, "utf8"));
  } catch (error) {
    const problem = error instanceof SyntaxError ? "not one JSON document" : "can't be read";
    throw new InputError(`${name}: ${problem}; give a file with one request body`, { cause: error });
  }
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw new InputError(`${name}: not a JSON object; give one request body, such as {"messages": [...]}`);
  }
  return request as RouteRequest;
}

async function decideOnce(artifact: string, request: RouteRequest): Promise<Decision> {
  try {
    return (await loadRouter(artifact)).decide(request);
  } catch (error) {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  }
}

async function explainOnce(artifact: string, request: RouteRequest): Promise<DecisionExplanation> {
  const { router, manifest, policy, contents } = await openArtifact(artifact);
  return explainDecision({
    model: decodeOnnx(contents["model.onnx"]!),
    heads: manifest.heads,
    lengthQuantiles: manifest.length_quantiles,
    policy,
    request,
    decision: router.decide(request),
  });
}

function printDecision(decision: Decision): void {
  const unknown = "unknown";
  printLine(`model       ${decision.model}`);
  printLine(`reasons     ${decision.reasons.join(", ")}`);
  printLine(`fallbacks   ${decision.fallbacks.join(", ") || "none"}`);
  printLine(
    `tier        ${decision.tier ?? unknown}${decision.stakes === true ? ", errors are expensive" : ""}`,
  );
  printLine(
    `score       ${decision.score === null ? unknown : decision.score.toFixed(4)} (need of the strong model)`,
  );
  printLine(
    `shadow      ${decision.shadow.sampled ? "sampled" : "not sampled"} (bucket ${decision.shadow.bucket.toFixed(4)})`,
  );
  printLine(`artifact    ${decision.artifact}`);
  printLine(`took        ${decision.tookUs.toFixed(0)} microseconds`);
  const sufficiency = Object.entries(decision.sufficiency);
  if (sufficiency.length === 0) return;
  printLine();
  printTable(sufficiency, [
    { title: "model", value: ([model]) => model },
    { title: "P(not worse than the strong model)", value: ([, value]) => percent(value), align: "right" },
  ]);
}
