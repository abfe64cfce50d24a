import type { CommandModule } from "yargs";
import { auditCommand } from "./audit.js";
import { decideCommand } from "./decide.js";
import { ingestCommand } from "./ingest.js";
import { labelCommand } from "./label.js";
import { outcomesCommand } from "./outcomes.js";
import { reportCommand } from "./report.js";
import { shadowCommand } from "./shadow.js";
import { simulateCommand } from "./simulate.js";

/** Every verb, in the order of the journey. */
export const commands = [
  ingestCommand,
  outcomesCommand,
  auditCommand,
  labelCommand,
  decideCommand,
  simulateCommand,
  shadowCommand,
  reportCommand,
] as unknown as ReadonlyArray<CommandModule>;
