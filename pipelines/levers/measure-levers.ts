import type { LeverRow, LeversResult } from "../../datasets/levers-result.js";
import { type Estimate, Evidence } from "../../datasets/results.js";
import type { CascadePlan } from "../../models/cascade/cascade-plan.js";
import { totalOfSums } from "../../models/statistics/session-sums.js";
import type { ReplayData } from "../replay/replay-data.js";
import { CacheOutcome } from "./exact-answers.js";
import { type LaidOutLog, layOutLog } from "./laid-out-log.js";
import { leverNotes, noteOfLever } from "./lever-notes.js";
import { leverReach } from "./lever-reach.js";
import { defaultOrder, type LeverName, leverNames, levers } from "./levers.js";
import { logCoverage } from "./log-coverage.js";
import type { ModelRates } from "./model-rates.js";
import { type LeverPrices, priceLog, rememberReads } from "./price-log.js";
import { waterfallSteps } from "./waterfall-steps.js";

/** Settings of {@link measureLevers}; what is left out takes its default. */
export interface LeverOptions {
  /** Prices of the replay's models, in their order; without them nothing is known of prompt caches, batch prices and trimming. */
  rates?: readonly ModelRates[];
  /** Levers of the waterfall in the order in which they are pulled. */
  order?: readonly LeverName[];
  /** Life of an exactly cached answer, hours. */
  ttlHours?: number;
  /** USD of asking the exact cache and keeping an answer, for each request that it is asked for. */
  lookupUsd?: number;
  /** USD of one decision of the router. */
  routerUsd?: number;
  /** Life of a prompt in a provider's prompt cache, seconds, and the shortest that it keeps, tokens. */
  prefixTtlSeconds?: number;
  minPrefixTokens?: number;
  /** Tokens to trim longer prompts to; 0 = to where the audit begins to call them oversize. */
  trimTo?: number;
  isBatchable?: Uint8Array | null;
  markup?: Float64Array | null;
  cascade?: CascadePlan | null;
  isSimulated?: boolean;
}

/** A read and a write at $0.20 per 100,000 commands, the pay-as-you-go list price of Upstash Redis. */
export const defaultLookupUsd = 4e-6;

/** Say what each lever saves alone and all of them together: every set of levers gives each attempt one cost, so each step of the waterfall
 * is the difference of two totals and nothing is counted twice. Costs two passes over the log for each lever and one for each pair. */
export function measureLevers(replay: ReplayData, options: LeverOptions = {}): LeversResult {
  const settings = settle(replay, options);
  const { facts, prices } = settings;
  const log = layOutLog(replay, facts);
  rememberReads(log, prices);
  const available = leverNames.filter(
    (name) => (name !== "cascade" || facts.cascade !== null) && (name !== "markup" || facts.markup !== null),
  );
  const order = settings.order.filter((name) => available.includes(name));
  const estimate = estimatorOf(log);
  const billedBySession = new Float64Array(log.sessions);
  const billed = priceLog(log, prices, 0, { bySession: billedBySession }).usd;
  const bySession = new Float64Array(log.sessions);
  const aloneUsd = new Map<LeverName, number>();
  const rows = available.map((name): LeverRow => {
    const { usd, changed } = priceLog(log, prices, levers[name].parts, { bySession });
    aloneUsd.set(name, usd);
    const how = name === "retries" ? Evidence.measured : Evidence.modelled;
    return {
      lever: name,
      label: levers[name].label,
      alone: estimate(billed - usd, (session) => billedBySession[session]! - bySession[session]!, how),
      requests: name === "exact_cache" ? countHits(log) : changed,
      coverage: leverReach(replay, log, name, settings),
      is_combined: order.includes(name),
      is_upper_bound: levers[name].isUpperBound,
      evidence: how,
      note: noteOfLever(name, settings),
    };
  });
  const {
    steps,
    usd: projected,
    bySession: projectedBySession,
  } = waterfallSteps(log, prices, order, estimate);
  const working = rows.filter(({ requests }) => requests > 0).map(({ lever }) => lever as LeverName);
  return {
    schema_version: 1,
    billed_usd: billed,
    projected_usd: projected,
    saving: estimate(
      billed - projected,
      (session) => billedBySession[session]! - projectedBySession[session]!,
      Evidence.modelled,
    ),
    days: daysOf(replay),
    attempts: replay.rows,
    unpriced_attempts: replay.isUnknown.reduce((sum, flag) => sum + flag, 0),
    levers: rows,
    waterfall: steps,
    overlaps: pairsOf(working).map(([a, b]) => {
      const together = billed - priceLog(log, prices, levers[a].parts | levers[b].parts).usd;
      const apart = 2 * billed - aloneUsd.get(a)! - aloneUsd.get(b)!;
      return { levers: [a, b], together_usd: together, overlap_usd: apart - together };
    }),
    coverage: logCoverage(replay),
    is_simulated: options.isSimulated ?? false,
    notes: leverNotes(replay, log, settings),
  };
}

/** Settled options. */
export interface LeverSettings {
  facts: Parameters<typeof layOutLog>[1];
  prices: LeverPrices;
  order: readonly LeverName[];
  ttlHours: number;
}

function settle(replay: ReplayData, options: LeverOptions): LeverSettings {
  const { ttlHours = 24, lookupUsd = defaultLookupUsd, routerUsd = 0, trimTo = 0 } = options;
  const { prefixTtlSeconds = 300, minPrefixTokens = 1024 } = options;
  const unknown = { windows: [], batchRatio: Number.NaN };
  const rates = options.rates ?? replay.models.map(() => unknown);
  return {
    order: options.order ?? defaultOrder,
    ttlHours,
    facts: {
      rates,
      isBatchable: options.isBatchable ?? null,
      markup: options.markup ?? null,
      cascade: options.cascade ?? null,
      trimTo,
      answerTtlUs: ttlHours * 3600e6,
    },
    prices: { rates, lookupUsd, routerUsd, prefixTtlUs: prefixTtlSeconds * 1e6, minPrefixTokens },
  };
}

/** How a change of the spend becomes an estimate: its interval is that of the total of as many sessions, each drawn anew. */
export type ChangeEstimator = (
  value: number,
  changeOf: (session: number) => number,
  how: Evidence,
) => Estimate;

function estimatorOf(log: LaidOutLog): ChangeEstimator {
  const changes = new Float64Array(log.sessions);
  return (value, changeOf, how) => {
    for (let s = 0; s < log.sessions; s++) changes[s] = changeOf(s);
    const total = totalOfSums(changes);
    const half = total === null ? 0 : total.high - total.value;
    return {
      value,
      low: value - half,
      high: value + half,
      method: `${how}; 95 % interval for as many sessions, each drawn anew (Student t)`,
      n: log.size,
    };
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
