import type { CommandModule } from "yargs";
import { artifactCommand } from "./artifact.js";
import { auditCommand } from "./audit.js";
import { cacheCommand } from "./cache.js";
import { claimsCommand } from "./claims.js";
import { decideCommand } from "./decide.js";
import { demoCommand } from "./demo.js";
import { driftCommand } from "./drift.js";
import { embedCommand } from "./embed.js";
import { evaluateCommand } from "./evaluate.js";
import { exportCommand } from "./export.js";
import { ingestCommand } from "./ingest.js";
import { labelCommand } from "./label.js";
import { markupCommand } from "./markup.js";
import { opeCommand } from "./ope.js";
import { openCommand } from "./open.js";
import { outcomesCommand } from "./outcomes.js";
import { policyCommand } from "./policy.js";
import { pricesCommand } from "./prices.js";
import { pricingCommand } from "./pricing.js";
import { rampCommand } from "./ramp.js";
import { reconcileCommand } from "./reconcile.js";
import { reportCommand } from "./report.js";
import { rulesCommand } from "./rules.js";
import { scoreCommand } from "./score.js";
import { serveCommand } from "./serve.js";
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
  rulesCommand,
  artifactCommand,
  policyCommand,
  decideCommand,
  serveCommand,
  scoreCommand,
  evaluateCommand,
  simulateCommand,
  shadowCommand,
  rampCommand,
  opeCommand,
  driftCommand,
  pricingCommand,
  claimsCommand,
  reportCommand,
  openCommand,
] as unknown as ReadonlyArray<CommandModule>;
