import { InputError } from "../../../datasets/errors.js";
import type { LeversResult } from "../../../datasets/levers-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { answerLevers } from "../../../pipelines/levers/answer-levers.js";
import { defaultLookupUsd } from "../../../pipelines/levers/lever-settings.js";
import { defaultOrder, type LeverName, leverNames } from "../../../pipelines/levers/levers.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";

/** `signalbox simulate levers`: what cache, router, batch prices and others would have saved, alone and together. */
export const simulateLeversCommand = defineCommand({
  command: "levers",
  describe: "Say what each lever would have saved alone, and all together without counting anything twice",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .option("order", {
          type: "string",
          default: defaultOrder.join(","),
          describe: `Levers of the waterfall in the order in which they are pulled, of ${leverNames.join(", ")}`,
        })
        .option("without", { type: "string", describe: "Levers to leave out of the waterfall" })
        .option("ttl-h", { type: "number", default: 24, describe: "Life of an exactly cached answer, hours" })
        .option("lookup-usd", {
          type: "number",
          default: defaultLookupUsd,
          describe: "Cost of asking the exact cache and keeping an answer, USD a request",
        })
        .option("router-usd", { type: "number", default: 0, describe: "Cost of a routing decision, USD" })
        .option("trim-to-tokens", {
          type: "number",
          default: 0,
          describe: "Cut longer prompts to so many tokens; 0 = by the audit's rule of oversize prompts",
        })
        .option("json", sharedOptions.json),
      {
        "ttl-h": { from: 0 },
        "lookup-usd": { from: 0 },
        "router-usd": { from: 0 },
        "trim-to-tokens": { from: 0, isWhole: true },
      },
    ).example(
      "$0 simulate levers --workspace ws --without batch --ttl-h 1",
      "The waterfall without batch prices, answers cached for an hour",
    ),
  handler: async ({ workspace: path, artifact, json, ...options }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const without = readLeverNames(options.without ?? "");
    const result = await answerLevers(replayed, {
      order: readLeverNames(options.order).filter((name) => !without.includes(name)),
      ttlHours: options.ttlH,
      lookupUsd: options.lookupUsd,
      routerUsd: options.routerUsd,
      trimTo: options.trimToTokens,
    });
    writeResult(replayed.workspace, "levers", result);
    if (json) printJson(result);
    else printLevers(result);
  },
});

function readLeverNames(text: string): LeverName[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !leverNames.includes(name as LeverName));
  if (unknown !== undefined) {
    throw new InputError(`${unknown}: no such lever; there are ${leverNames.join(", ")}`);
  }
  return [...new Set(names)] as LeverName[];
}

function printLevers(result: LeversResult): void {
  const { billed_usd: billed, projected_usd: projected, levers, waterfall } = result;
  const share = (amount: number) => (billed > 0 ? percent(amount / billed) : "");
  printLine(
    `Billed ${usd(billed)} in ${result.days.toFixed(1)} days; with every lever of the waterfall ${usd(projected)} (${share(billed - projected)} saved, modelled)`,
  );
  printLine();
  printTable(waterfall, [
    { title: "step", value: ({ label }) => label },
    { title: "change", align: "right", value: ({ change }) => withInterval(change, usd) },
    { title: "of the bill", align: "right", value: ({ change }) => share(change.value) },
    { title: "spend after", align: "right", value: (step) => usd(step.after_usd) },
  ]);
  printLine();
  printLine("Each lever alone:");
  printTable(levers, [
    { title: "lever", value: ({ lever }) => lever },
    { title: "saving alone", align: "right", value: ({ alone }) => withInterval(alone, usd) },
    { title: "of the bill", align: "right", value: ({ alone }) => share(alone.value) },
    { title: "changes", align: "right", value: ({ requests }) => String(requests) },
    {
      title: "covered",
      align: "right",
      value: ({ coverage }) => `${coverage.requests} attempts, ${share(coverage.usd)} of the bill`,
    },
    { title: "evidence", value: (row) => `${row.evidence}${row.is_upper_bound ? ", upper bound" : ""}` },
    { title: "in waterfall", value: (row) => (row.is_combined ? "yes" : "no") },
  ]);
  printLine();
  if (result.overlaps.length > 0) {
    printLine("Both of a pair; the overlap is how much less than the sum of each alone:");
    printTable(result.overlaps, [
      { title: "levers", value: ({ levers: pair }) => pair.join(" + ") },
      { title: "together", align: "right", value: (row) => usd(row.together_usd) },
      { title: "overlap", align: "right", value: (row) => usd(row.overlap_usd) },
    ]);
    printLine();
  }
  const attempts = Math.max(1, result.attempts);
  printTable(
    result.coverage.filter(({ requests }) => requests > 0),
    [
      { title: "evidence", value: ({ evidence }) => evidence },
      { title: "attempts", align: "right", value: ({ requests }) => String(requests) },
      { title: "share", align: "right", value: ({ requests }) => percent(requests / attempts) },
      {
        title: "usd",
        align: "right",
        value: (row) => (row.evidence === "unknown" ? "unknown" : usd(row.usd)),
      },
    ],
  );
  for (const note of result.notes) printLine(note);
}
