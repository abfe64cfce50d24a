import type { LeverRow, LeversResult } from "../../datasets/levers-result.js";
import { Evidence } from "../../datasets/results.js";
import type { ReplayData } from "../replay/replay-data.js";
import { changeEstimator, rounded } from "./change-estimator.js";
import { CacheOutcome } from "./exact-answers.js";
import { inertParts } from "./inert-parts.js";
import { type LaidOutLog, layOutLog } from "./laid-out-log.js";
import { leverNotes, noteOfLever } from "./lever-notes.js";
import { leverReach } from "./lever-reach.js";
import { type LeverOptions, settleLevers } from "./lever-settings.js";
import { type LeverName, leverNames, levers } from "./levers.js";
import { logCoverage } from "./log-coverage.js";
import { priceLog, rememberReads } from "./price-log.js";
import { waterfallSteps } from "./waterfall-steps.js";

/** Say what each lever saves alone and all of them together: every set of levers gives each attempt one cost, so each step of the waterfall
 * is the difference of two totals and nothing is counted twice. Costs two passes over the log for each lever and one for each pair. */
export function measureLevers(replay: ReplayData, options: LeverOptions = {}): LeversResult {
  const settings = settleLevers(replay.models.length, options);
  const { facts, prices } = settings;
  const log = layOutLog(replay, facts);
  rememberReads(log, prices);
  const available = leverNames.filter(
    (name) => (name !== "cascade" || facts.cascade !== null) && (name !== "markup" || facts.markup !== null),
  );
  const order = settings.order.filter((name) => available.includes(name));
  const inert = inertParts(log, prices);
  const estimate = changeEstimator(log);
  const bill = new Float64Array(log.sessions);
  const billed = priceLog(log, prices, 0, { bySession: bill }).usd;
  const bySession = new Float64Array(log.sessions);
  const aloneUsd = new Map<LeverName, number>();
  const rows = available.map((name): LeverRow => {
    const parts = levers[name].parts & ~inert;
    const { usd, changed } =
      parts === 0 ? { usd: billed, changed: 0 } : priceLog(log, prices, parts, { bySession });
    aloneUsd.set(name, usd);
    const how = name === "retries" ? Evidence.measured : Evidence.modelled;
    return {
      lever: name,
      label: levers[name].label,
      alone: estimate(billed - usd, parts === 0 ? null : { before: bySession, after: bill }, how),
      requests: name === "exact_cache" ? countHits(log) : changed,
      coverage: leverReach(replay, log, name, settings),
      is_combined: order.includes(name),
      is_upper_bound: levers[name].isUpperBound,
      evidence: how,
      note: noteOfLever(name, settings),
    };
  });
  const waterfall = waterfallSteps(log, prices, {
    order,
    estimate,
    billed: { usd: billed, bySession: bill },
    inert,
  });
  const working = rows.filter(({ requests }) => requests > 0).map(({ lever }) => lever as LeverName);
  return {
    schema_version: 1,
    billed_usd: billed,
    projected_usd: waterfall.usd,
    saving: estimate(billed - waterfall.usd, { before: waterfall.bySession, after: bill }, Evidence.modelled),
    days: daysOf(replay),
    attempts: replay.rows,
    unpriced_attempts: replay.isUnknown.reduce((sum, flag) => sum + flag, 0),
    levers: rows,
    waterfall: waterfall.steps,
    overlaps: pairsOf(working).map(([a, b]) => {
      const together = billed - priceLog(log, prices, (levers[a].parts | levers[b].parts) & ~inert).usd;
      const apart = 2 * billed - aloneUsd.get(a)! - aloneUsd.get(b)!;
      return { levers: [a, b], together_usd: together, overlap_usd: rounded(apart - together) };
    }),
    coverage: logCoverage(replay),
    is_simulated: options.isSimulated ?? false,
    notes: leverNotes(replay, log, settings),
  };
}

/** A miss pays for having asked; only a hit changes what is called. */
function countHits({ cacheOutcome }: LaidOutLog): number {
  return cacheOutcome.reduce((sum, outcome) => sum + Number(outcome === CacheOutcome.hit), 0);
}

function pairsOf(names: readonly LeverName[]): Array<[LeverName, LeverName]> {
  return names.flatMap((a, i) => names.slice(i + 1).map((b): [LeverName, LeverName] => [a, b]));
}

function daysOf({ rows, createdAt }: ReplayData): number {
  if (rows === 0) return 1;
  return Math.max(1, (createdAt[rows - 1]! - createdAt[0]!) / 86_400e6);
}
