import type { Argv } from "yargs";
import type { OperatingChange } from "../../../pipelines/export/apply-operating.js";
import { readModelFacts } from "../../../pipelines/export/model-facts.js";
import { readOperatingFile, readRulesFile } from "../../../pipelines/export/read-operating.js";
import { checkNumbers } from "../check-numbers.js";
import { readModelNames } from "../shared-options.js";

/** Options that set a policy, for `export` and `policy set` alike. */
export function withOperatingOptions<T>(yargs: Argv<T>) {
  return checkNumbers(
    yargs
      .option("operating", {
        type: "string",
        describe: "JSON file of operating settings; the options below come on top",
      })
      .option("rules", { type: "string", describe: "JSON file with a list of rules, in order" })
      .option("retention", {
        type: "number",
        defaultDescription: "as it is",
        describe: "Point of the dial that is in force",
      })
      .option("max-cost-usd", {
        type: "number",
        describe: "Most that one call may be expected to cost, USD",
      })
      .option("min-confidence", {
        type: "number",
        describe: "Least sufficiency of a cheaper model, whatever its threshold",
      })
      .option("ramp", { type: "number", describe: "Share of sessions that follow the router" })
      .option("epsilon", {
        type: "number",
        describe: "Share of requests on which a model is drawn at random, for off-policy evaluation",
      })
      .option("switching", {
        choices: ["when_cheaper", "never"] as const,
        describe: "When a session may drop to a cheaper model",
      })
      .option("allow-model", {
        type: "string",
        array: true,
        alias: "allow-models",
        describe: "The only models that may be called; repeat, or separate by commas",
      })
      .option("deny-model", {
        type: "string",
        array: true,
        alias: "deny-models",
        describe: "Models that may not be called; repeat, or separate by commas",
      })
      .option("models-file", {
        type: "string",
        describe:
          "JSON file with what models support: tools, vision, JSON, context window, regions, provider, prices",
      }),
    {
      retention: { above: 0, to: 1 },
      "max-cost-usd": { above: 0 },
      "min-confidence": { from: 0, to: 1 },
      ramp: { from: 0, to: 1 },
      epsilon: { from: 0, to: 1 },
    },
  );
}

/** What these options ask for; files are read here.
 * @throws {InputError} naming the file and what is wrong with it */
export function operatingChange(options: {
  operating?: string;
  rules?: string;
  retention?: number;
  maxCostUsd?: number;
  minConfidence?: number;
  ramp?: number;
  epsilon?: number;
  switching?: OperatingChange["switching"];
  allowModel?: string[];
  denyModel?: string[];
  modelsFile?: string;
}): OperatingChange {
  const { operating, rules, retention, ramp, epsilon, switching, allowModel, denyModel, modelsFile } =
    options;
  return {
    operating: operating === undefined ? undefined : readOperatingFile(operating),
    rules: rules === undefined ? undefined : readRulesFile(rules),
    retention,
    max_cost_usd: options.maxCostUsd,
    min_confidence: options.minConfidence,
    ramp,
    epsilon,
    switching,
    allow_models: allowModel && readModelNames(allowModel),
    deny_models: denyModel && readModelNames(denyModel),
    models: modelsFile === undefined ? undefined : readModelFacts(modelsFile),
  };
}
