import { DataError } from "../../../datasets/errors.js";
import { type ClaimsResult, checkClaims } from "../../../pipelines/claims/check-claims.js";
import { printJson, printLine, printTable } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox claims check`: inputs in, stated figures held against what they come to. */
export const claimsCheckCommand = defineCommand({
  command: "check <file>",
  describe: "Recompute the claims of a file; exit with 1 when one doesn't add up",
  builder: (yargs) =>
    yargs
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "JSON list of {id, statement, kind, inputs, stated}",
      })
      .option("fail-on", {
        choices: ["fails", "nothing"] as const,
        default: "fails" as const,
        describe: "Exit with 1 when a claim fails, or never for that",
      })
      .option("json", sharedOptions.json)
      .example("$0 claims check claims.json", "Which of them add up?")
      .example(
        "$0 claims check claims.json --fail-on nothing",
        "Print the findings alone, for a script that goes on",
      ),
  handler: async ({ file, failOn, json }) => {
    const result = checkClaims(file);
    if (json) printJson(result);
    else printClaims(result);
    if (failOn === "fails" && result.fails > 0)
      throw new DataError(
        `${file}: ${result.fails} of ${result.claims.length} claims ${result.fails === 1 ? "doesn't" : "don't"} add up; correct their inputs or figures, or go on with --fail-on nothing`,
      );
  },
});

function printClaims({ claims, holds, fails }: ClaimsResult): void {
  printTable(claims, [
    { title: "claim", value: ({ id }) => id },
    { title: "kind", value: ({ kind }) => kind },
    { title: "verdict", value: ({ verdict }) => verdict },
    { title: "says", value: ({ statement }) => statement },
  ]);
  for (const { id, verdict, findings, figures } of claims) {
    printLine();
    printLine(`${id}: ${verdict}`);
    const lines = verdict === "holds" ? figures.map(({ how }) => how) : findings;
    for (const line of lines) printLine(`  ${line}`);
  }
  printLine();
  printLine(`${holds} hold, ${fails} fail.`);
}
