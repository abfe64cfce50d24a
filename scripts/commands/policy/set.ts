import type { Policy } from "@signalbox/runtime";
import { InputError } from "../../../datasets/errors.js";
import {
  applyOperating,
  type OperatingField,
  operatingFields,
} from "../../../pipelines/export/apply-operating.js";
import { revisePolicy } from "../../../pipelines/export/revise-policy.js";
import { printJson, printLine } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { operatingChange, withOperatingOptions } from "./operating-options.js";

/** `signalbox policy set`: a new artifact with other operating settings and the same model. */
export const policySetCommand = defineCommand({
  command: "set",
  describe: "Write a new artifact with other settings and the same model, and point latest.json to it",
  builder: (yargs) =>
    withOperatingOptions(yargs.option("artifact", sharedOptions.artifact))
      .option("enabled", {
        type: "boolean",
        describe: "Whether the router decides; false sends everything to the default model",
      })
      .option("clear", {
        type: "string",
        array: true,
        choices: operatingFields.map((field) => field.replaceAll("_", "-")),
        describe: "Settings to take back; repeat for several",
      })
      .option("note", {
        type: "string",
        default: "",
        describe: "Why, for the artifact's README and manifest",
      })
      .option("key", {
        type: "string",
        describe: "Private key that signs the new artifact (signalbox artifact keygen)",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 policy set --artifact ws/artifact --ramp 0.25",
        "A quarter of the sessions follow the router",
      )
      .example("$0 policy set --artifact ws/artifact --retention 0.99", "Another point of the dial")
      .example(
        '$0 policy set --artifact ws/artifact --enabled false --note "incident 12"',
        "Switch it off for everyone",
      )
      .example("$0 policy set --artifact ws/artifact --clear ramp --clear rules", "Take settings back"),
  handler: async ({ artifact, enabled, clear, note, key, json, ...options }) => {
    const change = {
      ...operatingChange(options),
      enabled,
      clear: clear?.map((name) => name.replaceAll("-", "_") as OperatingField),
    };
    if (Object.values(change).every((value) => value === undefined)) {
      throw new InputError(
        "nothing to set; give a setting, such as --ramp 0.25 (signalbox policy set --help lists them)",
      );
    }
    const revised = await revisePolicy({
      artifact,
      change: (policy: Policy) => applyOperating(policy, change),
      note,
      signingKey: key,
    });
    if (json) return printJson(revised);
    if (revised.changed.length === 0) {
      return printLine(`Nothing to change: artifact ${revised.id} has these settings already.`);
    }
    for (const line of revised.changed) printLine(line);
    printLine();
    printLine(`Artifact ${revised.id}: ${revised.path}`);
    printLine(
      `${revised.golden_moved} of its golden rows go to another model than in ${revised.of}, which stays as it is; latest.json names the new one.`,
    );
    if (revised.lost_signature)
      printLine(
        `The signature of ${revised.of} isn't carried over: signalbox artifact sign, before a runtime demands it.`,
      );
  },
});
