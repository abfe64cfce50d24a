import type { MarkupGroup } from "../../datasets/markup-result.js";
import type { Estimate } from "../../datasets/results.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { inferMarkup } from "../../pipelines/markup/markup.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox markup`: what gateways add to list prices. */
export const markupCommand = defineCommand({
  command: "markup",
  describe: "Infer what gateways add to list prices",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("json", sharedOptions.json)
      .example(
        "$0 markup --workspace ws",
        "Mark-up, fee per call and errors of counting, by gateway and model",
      ),
  handler: async ({ workspace, json }) => {
    const { progress, end } = stderrProgress();
    const result = await inferMarkup(openWorkspace(workspace), { onProgress: progress });
    end();
    if (json) {
      printJson(result);
      return;
    }
    if (result.groups.length === 0) {
      printLine(
        "No request has a reported cost, so there is nothing to compare with list prices. Logs of gateways (LiteLLM, OpenRouter, Portkey, Helicone, ...) have one.",
      );
      return;
    }
    printLine(`${result.with_both} of ${result.calls} calls have a reported cost and a list price`);
    printTable(result.groups, [
      { title: "gateway", value: ({ gateway }) => gateway },
      { title: "provider", value: ({ provider }) => provider ?? "not logged" },
      { title: "model", value: ({ model }) => model },
      { title: "calls", align: "right", value: ({ usable }) => String(usable) },
      { title: "list", align: "right", value: (group) => usd(group.list_usd) },
      { title: "reported", align: "right", value: (group) => usd(group.reported_usd) },
      {
        title: "mark-up",
        align: "right",
        value: (group) => interval(group.markup, (value) => percent(value, 2)),
      },
      {
        title: "per call",
        align: "right",
        value: (group) => interval(group.fee_usd, (value) => `$${value.toPrecision(2)}`),
      },
      { title: "counting", value: ({ counting }) => counting.name.replaceAll("_", " ") },
      { title: "$0", align: "right", value: ({ zero }) => String(zero.calls) },
      { title: "residual", align: "right", value: (group) => percent(group.residual_share, 2) },
    ]);
    for (const group of result.groups) printLine(`${title(group)}: ${group.verdict}`);
    for (const note of result.notes) printLine(note);
    printLine("signalbox simulate, run after this, prices other models with what these gateways add.");
  },
});

function interval(estimate: Estimate | null, format: (value: number) => string): string {
  return estimate === null
    ? "-"
    : `${format(estimate.value)} [${format(estimate.low)}, ${format(estimate.high)}]`;
}

function title({ gateway, provider, model }: MarkupGroup): string {
  return `${gateway} / ${provider ?? "provider not logged"} / ${model}`;
}
