import type { VerificationResult } from "../../../datasets/verification-result.js";
import { writeResult } from "../../../datasets/workspace.js";
import { simulateVerification } from "../../../pipelines/verification/simulate-verification.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { gateOptions, gateRules, readGateOptions } from "./gate-options.js";
import { openNewestReplay } from "./open-newest-replay.js";
import { printGate } from "./print-gate.js";

/** `signalbox simulate verification`: a second look at answers whose errors are expensive. */
export const simulateVerificationCommand = defineCommand({
  command: "verification",
  describe: "Verification pass for requests with stakes: what it costs, catches, and when it pays",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .options(gateOptions)
        .option("by", {
          choices: ["gate", "strong"] as const,
          defaultDescription: "the gate where its price is known, else the strong model",
          describe: "Who verifies: the gate at --gate-usd, or the strong model at --pass-share",
        })
        .option("pass-share", {
          type: "number",
          defaultDescription: "0.5",
          describe: "Cost of the strong model's pass as a share of its answer's; 0.5 is the published x 1.5",
        })
        .option("strong-error", {
          type: "number",
          describe: "Share of the strong model's own answers that are wrong; without it they count as right",
        })
        .option("error-usd", { type: "number", describe: "What an uncaught error costs, USD" })
        .option("json", sharedOptions.json)
        .example(
          "$0 simulate verification --workspace ws --gate-tpr 0.95 --gate-tnr 0.9 --error-usd 20",
          "Whether a pass of the strong model pays where an uncaught error costs $20",
        ),
      {
        ...gateRules,
        "pass-share": { from: 0 },
        "strong-error": { from: 0, to: 1 },
        "error-usd": { from: 0 },
      },
    ),
  handler: async (argv) => {
    const replayed = await openNewestReplay(argv);
    const result = simulateVerification(replayed, {
      gate: readGateOptions(argv),
      by: argv.by,
      passShare: argv.passShare,
      strongError: argv.strongError,
      errorUsd: argv.errorUsd,
    });
    writeResult(replayed.workspace, "verification", result);
    if (argv.json) printJson(result);
    else printVerification(result);
  },
});

function printVerification(result: VerificationResult): void {
  const { verifier, cheap_and_verified: cheap } = result;
  if (result.is_simulated)
    printLine("SIMULATED: the evidence behind these figures comes from a simulated judge.");
  printLine(
    `${result.stakes_requests} of ${result.requests} attempts have stakes (${withInterval(result.stakes_share, percent)}); cost and quality modelled`,
  );
  printLine(`Verified by ${verifier.by === "gate" ? "the gate" : result.strong_model}.`);
  printGate(verifier.gate, verifier.gate_missing);
  printLine();
  const money = (estimate: VerificationResult["usd"]) => withInterval(estimate, usd);
  const count = (estimate: VerificationResult["usd"]) =>
    withInterval(estimate, (value) => value.toLocaleString("en-US", { maximumFractionDigits: 1 }));
  printTable(
    [
      ["cost of the pass", money(result.pass_usd)],
      ["asking again after alarms", money(result.repair_usd)],
      ["both", money(result.usd)],
      ["per request with stakes", money(result.usd_per_stakes_request)],
      ["of the routed bill", withInterval(result.share_of_bill, percent)],
      ["expected errors", count(result.errors)],
      ["caught", count(result.caught)],
      ["missed", count(result.missed)],
      ["false alarms", count(result.false_alarms)],
      ["pays from, per uncaught error", money(result.break_even_error_usd)],
      ...(result.error_usd === null
        ? []
        : [[`net at ${usd(result.error_usd)} an error`, money(result.net_usd)]]),
      ["strong model at once instead", money(result.strong_instead.usd)],
      ["  per error prevented", money(result.strong_instead.usd_per_prevented)],
      [`${cheap.model ?? "a cheaper model"} and the pass instead of the router's model`, money(cheap.usd)],
      ["  errors more", count(cheap.more_errors)],
      ["  pays up to, per error more", money(cheap.pays_up_to_error_usd)],
    ],
    [
      { title: "figure", value: ([name]) => name! },
      { title: "value", align: "right", value: ([, value]) => value! },
    ],
  );
  printLine();
  printTable(result.by_model, [
    { title: "answered by", value: ({ model }) => model },
    { title: "with stakes", align: "right", value: ({ requests }) => String(requests) },
    { title: "pass", align: "right", value: (row) => usd(row.pass_usd) },
    { title: "errors", align: "right", value: ({ errors }) => errors.toFixed(1) },
    {
      title: "caught",
      align: "right",
      value: ({ caught }) => (caught === null ? "unknown" : caught.toFixed(1)),
    },
    { title: "pays from", align: "right", value: (row) => usd(row.break_even_error_usd) },
  ]);
  printLine();
  printLine(result.verdict);
  for (const text of result.notes) printLine(text);
}
