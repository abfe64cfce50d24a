import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { pricingBreakEvenCommand } from "./pricing/break-even.js";
import { pricingCompareCommand } from "./pricing/compare.js";

/** Verbs of `signalbox pricing`. */
export const pricingCommands = [
  pricingCompareCommand,
  pricingBreakEvenCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox pricing`: what traffic would cost under other prices. */
export const pricingCommand = defineCommand({
  command: "pricing",
  describe: "Say what other prices would cost, and where prices break even",
  builder: (yargs) =>
    yargs
      .command(pricingCommands as CommandModule[])
      .demandCommand(1, "Name a verb of pricing; signalbox pricing --help lists them.")
      .example(
        "$0 pricing compare --workspace ws --plans plans.json",
        "This traffic, other prices: who pays more?",
      )
      .example(
        "$0 pricing break-even --per-call 0.05 --input-usd 2.5 --output-usd 10",
        "How large must calls be for a fee to pay?",
      ),
  handler: async () => {},
});
