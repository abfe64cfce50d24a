import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { labelAnswersCommand } from "./label/answers.js";
import { labelCalibrateCommand } from "./label/calibrate.js";
import { labelCancelCommand } from "./label/cancel.js";
import { labelPlanCommand } from "./label/plan.js";
import { labelRunCommand } from "./label/run.js";
import { labelSheetCommand } from "./label/sheet.js";

/** Verbs of `signalbox label`, in the order of the journey; a bare `label` is `label run`. */
export const labelCommands = [
  labelPlanCommand,
  labelAnswersCommand,
  labelRunCommand,
  labelCancelCommand,
  labelSheetCommand,
  labelCalibrateCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox label`: have a judge label a sample of the traffic. */
export const labelCommand = defineCommand({
  command: "label",
  describe: "Have a model judge a sample: how hard, would a cheaper one do",
  builder: (yargs) => yargs.command(labelCommands as CommandModule[]),
  handler: async () => {},
});
