import type { Policy, PolicyModel } from "@signalbox/runtime";
import { type OpenedArtifact, openArtifact } from "../../../pipelines/export/open-artifact.js";
import { percent, printJson, printLine, printTable, usd } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox policy show`: what an artifact's router is set to. */
export const policyShowCommand = defineCommand({
  command: "show",
  describe: "Print the settings of an artifact",
  builder: (yargs) =>
    yargs
      .option("artifact", sharedOptions.artifact)
      .option("json", sharedOptions.json)
      .example("$0 policy show --artifact ws/artifact", "Settings of the newest artifact"),
  handler: async ({ artifact, json }) => {
    const opened = await openArtifact(artifact);
    if (json) printJson(documentOf(opened));
    else printPolicy(opened);
  },
});

/** The policy without the tables that only the runtime reads. */
function documentOf({ manifest, path, policy }: OpenedArtifact) {
  const { in_distribution: _, dense_range: __, ...settings } = policy;
  return { artifact_id: manifest.artifact_id, path, revision: manifest.revision ?? null, policy: settings };
}

function printPolicy({ manifest, policy, isSigned }: OpenedArtifact): void {
  printLine(`artifact    ${manifest.artifact_id}${isSigned ? ", signed" : ""}`);
  if (manifest.revision)
    printLine(`revised     from ${manifest.revision.of}: ${manifest.revision.note || "no note"}`);
  for (const [name, value] of settings(policy)) printLine(`${name.padEnd(11)} ${value}`);
  printLine();
  printTable(policy.models, [
    { title: "model", value: ({ model }) => model },
    { title: "least sufficiency", value: ({ model }) => leastText(policy, model), align: "right" },
    { title: "in / cached / out, USD per MTok", value: priceText, align: "right" },
    { title: "mean cost", value: ({ mean_cost_usd }) => usd(mean_cost_usd), align: "right" },
    {
      title: "window",
      value: ({ context_window }) => context_window?.toLocaleString("en-US") ?? "?",
      align: "right",
    },
    { title: "can", value: abilities },
    { title: "regions", value: ({ regions }) => regions?.join(", ") ?? "?" },
  ]);
  if (policy.dial && policy.dial.length > 0) printDial(policy, policy.dial);
  if (policy.rules && policy.rules.length > 0) printRules(policy.rules);
}

function settings(policy: Policy): Array<[string, string]> {
  const { switching, exploration, ramp, max_cost_usd, min_confidence } = policy;
  return [
    ["enabled", policy.enabled ? "yes" : `no, everything goes to ${policy.default_model}`],
    ["retention", `${policy.retention_target} with ${policy.confidence} confidence`],
    ["cost cap", max_cost_usd == null ? "none" : `${usd(max_cost_usd)} a call`],
    ["confidence", min_confidence === undefined ? "by the thresholds alone" : `at least ${min_confidence}`],
    [
      "switching",
      switching?.drops === "when_cheaper"
        ? `a session drops when that is cheaper (prefixes from ${switching.min_prefix_tokens} tokens live ${switching.cache_ttl_s} s)`
        : "a session never drops to a cheaper model",
    ],
    ["ramp", ramp === undefined ? "all sessions" : `${percent(ramp.share)} of sessions`],
    ["exploration", exploration === undefined ? "off" : `${percent(exploration.epsilon)} of requests`],
    ["allowed", policy.allow_models?.join(", ") ?? "all"],
    ["denied", policy.deny_models?.join(", ") || "none"],
    ["fallbacks", policy.fallbacks === undefined ? "the runtime's own" : JSON.stringify(policy.fallbacks)],
    ["shadow", `${percent(policy.shadow.rate)} of sessions`],
  ];
}

function printDial(policy: Policy, dial: NonNullable<Policy["dial"]>): void {
  printLine();
  printTable(dial, [
    {
      title: "retention",
      value: ({ retention }) => `${retention}${retention === policy.retention_target ? " in force" : ""}`,
    },
    {
      title: "lower bound",
      value: ({ retention_low }) => (retention_low === null ? "not certified" : retention_low.toFixed(4)),
      align: "right",
    },
    ...policy.models.slice(0, -1).map(({ model }) => ({
      title: model,
      value: (point: (typeof dial)[number]) => point.min_sufficiency[model]?.toFixed(4) ?? "never",
      align: "right" as const,
    })),
  ]);
}

function printRules(rules: NonNullable<Policy["rules"]>): void {
  printLine();
  printTable(rules, [
    { title: "rule", value: ({ id }) => id },
    { title: "when", value: (rule) => JSON.stringify(rule.when) },
    { title: "then", value: (rule) => JSON.stringify(rule.then) },
  ]);
}

function leastText({ thresholds, strong_model }: Policy, model: string): string {
  return model === strong_model
    ? "answers the rest"
    : (thresholds[model]?.min_sufficiency?.toFixed(4) ?? "never");
}

function priceText({
  input_usd_per_mtok,
  cache_read_usd_per_mtok,
  output_usd_per_mtok,
}: PolicyModel): string {
  return [input_usd_per_mtok, cache_read_usd_per_mtok, output_usd_per_mtok]
    .map((price) => price ?? "?")
    .join(" / ");
}

/** Known abilities by name; a question mark for what isn't known, "no" for what is known to lack. */
function abilities({ supports_tools, supports_vision, supports_json }: PolicyModel): string {
  const named = { tools: supports_tools, vision: supports_vision, json: supports_json };
  return Object.entries(named)
    .map(([name, can]) => (can === null ? `${name}?` : can ? name : `no ${name}`))
    .join(", ");
}
