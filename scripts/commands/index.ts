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

/** A line of the overview: one verb, or several that belong together. */
export interface OverviewLine {
  verbs: ReadonlyArray<CommandModule>;
  /** What several verbs are for, in their order; a single verb's own words say it. */
  about?: string;
}

/** Every verb, by what it is for, in the order of the journey. */
export const journey: ReadonlyArray<{ title: string; lines: readonly OverviewLine[] }> = [
  {
    title: "Ingest",
    lines: [line(demoCommand), line(sourcesCommand), line(ingestCommand), line(pricesCommand)],
  },
  {
    title: "Understand",
    lines: [
      line(auditCommand),
      lines("Hold bills against the log; infer what gateways add to prices", reconcileCommand, markupCommand),
      line(cacheCommand),
      line(driftCommand),
    ],
  },
  {
    title: "Train",
    lines: [line(outcomesCommand), line(labelCommand), line(embedCommand), line(trainCommand)],
  },
  {
    title: "Ship",
    lines: [
      line(exportCommand),
      line(artifactCommand),
      lines("Show and change a router's settings; try rules on logged requests", policyCommand, rulesCommand),
      line(decideCommand),
      line(serveCommand),
    ],
  },
  {
    title: "Prove",
    lines: [
      lines("Score a JSONL file; hold scores against known outcomes", scoreCommand, evaluateCommand),
      line(simulateCommand),
      lines("Plan, judge, analyse a shadow test; give the router more sessions", shadowCommand, rampCommand),
      line(opeCommand),
      lines("Other prices and break-evens; claims that don't add up", pricingCommand, claimsCommand),
    ],
  },
  { title: "Report", lines: [line(reportCommand), line(openCommand)] },
];

/** Every verb. */
export const commands: ReadonlyArray<CommandModule> = journey.flatMap((group) =>
  group.lines.flatMap(({ verbs }) => verbs),
);

function line(command: unknown): OverviewLine {
  return { verbs: [command as CommandModule] };
}

function lines(about: string, ...verbs: readonly unknown[]): OverviewLine {
  return { verbs: verbs as CommandModule[], about };
}
