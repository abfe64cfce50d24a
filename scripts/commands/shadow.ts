import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { shadowAnalyzeCommand } from "./shadow/analyze.js";
import { shadowJudgeCommand } from "./shadow/judge.js";
import { shadowPlanCommand } from "./shadow/plan.js";

/** Verbs of `signalbox shadow`, in the order of the journey. */
export const shadowCommands = [
  shadowPlanCommand,
  shadowJudgeCommand,
  shadowAnalyzeCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox shadow`: try the router on live traffic without serving its answers. */
export const shadowCommand = defineCommand({
  command: "shadow",
  describe: "Plan, judge and analyse a shadow test of the router",
  builder: (yargs) =>
    yargs
      .command(shadowCommands as CommandModule[])
      .demandCommand(1, "Name a verb of shadow; signalbox shadow --help lists them.")
      .example("$0 shadow plan --workspace ws --margin 0.02", "How many pairs, how many days, at what price?")
      .example("$0 shadow analyze --log decisions.jsonl", "Mix, agreement, cost delta, latency, sample check")
      .example("$0 shadow analyze --pairs shadow.jsonl --workspace ws", "Can the candidate be certified?"),
  handler: async () => {},
});
