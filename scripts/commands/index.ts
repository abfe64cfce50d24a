import type { CommandModule } from "yargs";
import { auditCommand } from "./audit.js";
import { cacheCommand } from "./cache.js";
import { claimsCommand } from "./claims.js";
import { decideCommand } from "./decide.js";
import { demoCommand } from "./demo.js";
import { embedCommand } from "./embed.js";
import { evaluateCommand } from "./evaluate.js";
import { exportCommand } from "./export.js";
import { ingestCommand } from "./ingest.js";
import { labelCommand } from "./label.js";
import { markupCommand } from "./markup.js";
import { outcomesCommand } from "./outcomes.js";
import { pricesCommand } from "./prices.js";
import { pricingCommand } from "./pricing.js";
import { reconcileCommand } from "./reconcile.js";
import { reportCommand } from "./report.js";
import { scoreCommand } from "./score.js";
import { shadowCommand } from "./shadow.js";
import { simulateCommand } from "./simulate.js";
import { sourcesCommand } from "./sources.js";
import { trainCommand } from "./train.js";

/** Every verb, in the order of the journey. */
export const commands = [
  demoCommand,
  sourcesCommand,
  ingestCommand,
  pricesCommand,
  auditCommand,
  reconcileCommand,
  markupCommand,
  outcomesCommand,
  embedCommand,
  labelCommand,
  cacheCommand,
  trainCommand,
  exportCommand,
  decideCommand,
  scoreCommand,
  evaluateCommand,
  simulateCommand,
  shadowCommand,
  pricingCommand,
  claimsCommand,
  reportCommand,
] as unknown as ReadonlyArray<CommandModule>;
