import { checkNumber } from "../../datasets/check-number.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { ModelResult } from "../../datasets/results.js";
import type { PlannedTest, ShadowPlanResult } from "../../datasets/shadow-plan-result.js";
import {
  openTables,
  readResult,
  requireManifest,
  type Workspace,
  writeResult,
} from "../../datasets/workspace.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import {
  type PairedDesign,
  planPaired,
  reachableMargin,
} from "../../models/statistics/sequential/plan-paired.js";
import { sessionLikeness } from "../../models/statistics/session-likeness.js";
import { planAdvice } from "./plan-advice.js";
import { type LoggedTokens, priceJudging, priceShadowCalls } from "./price-plan.js";
import { bestSessionCap, effectOfCap, type SessionSize } from "./session-cap.js";
import { assumedDiscordance, assumedLikeness } from "./shadow-design.js";

/** What a plan is made for. */
export interface PlanShadowOptions {
  margin: number;
  power: number;
  alpha: number;
  /** Share of sessions that is sampled. */
  rate: number;
  /** Model to be tried and model that serves now; default the cheapest candidate and the strong model of the trained router. */
  candidate?: string;
  baseline?: string;
  /** Model that would judge; without it judging has no price. */
  judge?: string;
  /** Share of pairs that differ in quality; default measured on the workspace's outcomes, else 0.2. */
  discordance?: number;
  /** Correlation of D within a session; the same, else 0.3. */
  icc?: number;
  /** Lengths of test to state the reachable margin for. */
  days: readonly number[];
  /** Milliseconds since 1970. */
  now?: number;
}

/** Say what a response shadow would take before it starts: results/shadow_plan.json.
 * @throws {StageError} when nothing was ingested
 * @throws {DataError} when the log is empty
 * @throws {InputError} for a number outside its range */
export async function planShadow(
  workspace: Workspace,
  options: PlanShadowOptions,
): Promise<ShadowPlanResult> {
  checkOptions(options);
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const { margin, alpha, power, rate, now = Date.now() } = options;
  const { sizes, spanDays, tokens, known, candidate } = await readTraffic(workspace, options);
  const requests = sizes.reduce((sum, { size, sessions }) => sum + size * sessions, 0);
  const sessions = sizes.reduce((sum, row) => sum + row.sessions, 0);
  if (requests === 0) throw new DataError(`${workspace.path}: the log is empty; ingest requests first`);
  const likeness = sessionLikeness(
    known.map(({ difference }) => difference),
    numberClusters(known.map(({ session }) => session)),
  );
  const isMeasured = known.length >= leastKnown;
  const measuredFrom = `measured on ${known.length} items with outcomes of both models`;
  const measuredVariance =
    likeness?.variance ?? known.reduce((sum, { difference }) => sum + difference ** 2, 0) / known.length;
  const discordance =
    options.discordance ?? (isMeasured ? Math.max(0.01, measuredVariance) : assumedDiscordance);
  const icc = options.icc ?? (isMeasured && likeness ? likeness.icc : assumedLikeness);
  const base = { margin, alpha, power, discordance };
  const { cap, keptShare, designEffect } = bestSessionCap(sizes, { icc, base });
  const design: PairedDesign = { ...base, designEffect, sessionCap: cap };
  const pairsPerDay = (requests / spanDays) * rate * keptShare;
  const planned = planPaired(design);
  const tests = (
    [
      ["fixed", planned.fixed],
      ["e_process", planned.eProcess],
      ["sequence", planned.sequence],
    ] as const
  ).map(
    ([test, pairs]): PlannedTest => ({
      test,
      pairs: Number.isFinite(pairs) ? pairs : null,
      days: Number.isFinite(pairs) ? Math.ceil(pairs / pairsPerDay) : null,
    }),
  );
  const reachable = options.days.map((days) => {
    const pairs = Math.floor(pairsPerDay * days);
    // a wider margin wants larger stakes, and so a smaller cap
    const byCap = [1, 2, 4, 8, 16, cap].flatMap((sessionCap) => {
      const { keptShare: kept, designEffect: effect } = effectOfCap(sizes, sessionCap, icc);
      const counted = Math.floor((requests / spanDays) * rate * kept * days);
      const capped = { ...base, designEffect: effect, sessionCap };
      return reachableMargin(counted, "eProcess", capped) ?? [];
    });
    return {
      days,
      pairs,
      fixed: reachableMargin(pairs, "fixed", design),
      e_process: byCap.length === 0 ? null : Math.min(...byCap),
      sequence: reachableMargin(pairs, "sequence", design),
    };
  });
  const book = openPriceBook({ folder: priceFolder(workspace) });
  const calls = tests[1]!.pairs;
  const result: ShadowPlanResult = {
    schema_version: 1,
    margin,
    alpha,
    power,
    rate,
    discordance,
    discordance_source: sourceOf(options.discordance, isMeasured, measuredFrom),
    icc,
    icc_source: sourceOf(options.icc, isMeasured && likeness !== null, measuredFrom),
    design_effect: designEffect,
    session_cap: cap,
    kept_share: keptShare,
    traffic: {
      requests,
      sessions,
      days: spanDays,
      requests_per_day: requests / spanDays,
      pairs_per_day: pairsPerDay,
      mean_session: requests / sessions,
    },
    tests,
    reachable,
    shadow_calls: priceShadowCalls(candidate, calls, tokens, { book, at: now * 1_000 }),
    judging: priceJudging(options.judge ?? null, calls, tokens, { book, at: now * 1_000 }),
    advice: [],
    is_certifiable: tests[1]!.days !== null && tests[1]!.days <= Math.max(...options.days),
  };
  result.advice = planAdvice(result);
  writeResult(workspace, "shadow_plan", result);
  return result;
}

/** Fewest items with known outcomes of both models for their variance to be used. */
const leastKnown = 100;

function sourceOf(given: number | undefined, isMeasured: boolean, measuredFrom: string): string {
  return given !== undefined ? "as given" : isMeasured ? measuredFrom : "assumed: nothing is measured yet";
}

function checkOptions({ margin, power, alpha, rate, discordance, icc, days }: PlanShadowOptions): void {
  checkNumber("--margin", margin, { above: 0, below: 1 });
  checkNumber("--power", power, { from: 0.5, below: 1 });
  checkNumber("--alpha", alpha, { above: 0, below: 0.5 });
  checkNumber("--rate", rate, { above: 0, to: 1 });
  if (discordance !== undefined) checkNumber("--discordance", discordance, { above: 0, to: 1 });
  if (icc !== undefined) checkNumber("--icc", icc, { from: 0, to: 1 });
  for (const day of days) checkNumber("--days", day, { above: 0 });
}

interface Traffic {
  sizes: SessionSize[];
  spanDays: number;
  tokens: LoggedTokens[];
  known: Array<{ session: string; difference: number }>;
  candidate: string | null;
}

async function readTraffic(workspace: Workspace, options: PlanShadowOptions): Promise<Traffic> {
  const model = readResult<ModelResult>(workspace, "model");
  const baseline = options.baseline ?? model?.strong_model ?? null;
  const candidate =
    options.candidate ??
    model?.candidates.find(({ model: name, status }) => name !== baseline && status !== "dominated")?.model ??
    null;
  const engine = await openTables(workspace);
  try {
    const [span] = await engine.rows<{ seconds: number | null }>(readSql("pipelines/shadow/logged-span.sql"));
    return {
      sizes: await engine.rows<SessionSize>(readSql("pipelines/shadow/session-sizes.sql")),
      spanDays: Math.max(1, (span?.seconds ?? 0) / 86_400),
      tokens: await engine.rows<LoggedTokens>(readSql("pipelines/shadow/logged-tokens.sql")),
      known:
        baseline === null || candidate === null
          ? []
          : await engine.rows(readSql("pipelines/shadow/known-differences.sql"), { baseline, candidate }),
      candidate,
    };
  } finally {
    engine.close();
  }
}
