import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { simulateCascadeCommand } from "./simulate/cascade.js";
import { simulateFrontierCommand } from "./simulate/frontier.js";
import { simulateLeversCommand } from "./simulate/levers.js";
import { simulateReliabilityCommand } from "./simulate/reliability.js";
import { simulateForecastCommand } from "./simulate/forecast.js";
import { simulateMisroutesCommand } from "./simulate/misroutes.js";
import { simulateRunCommand } from "./simulate/run.js";
import { simulateSensitivityCommand } from "./simulate/sensitivity.js";
import { simulateVerificationCommand } from "./simulate/verification.js";

/** Verbs of `signalbox simulate`; a bare `simulate` is `run`. */
export const simulateCommands = [
  simulateRunCommand,
  simulateLeversCommand,
  simulateCascadeCommand,
  simulateVerificationCommand,
  simulateFrontierCommand,
  simulateSensitivityCommand,
  simulateReliabilityCommand,
  simulateForecastCommand,
  simulateMisroutesCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox simulate`: what would have been saved. */
export const simulateCommand = defineCommand({
  command: "simulate",
  describe: "Say what the router and its baselines would have cost on this traffic",
  builder: (yargs) => yargs.command(simulateCommands as CommandModule[]),
  handler: async () => {},
});
