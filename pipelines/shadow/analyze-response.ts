import { ShadowStatus } from "@signalbox/runtime";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { ShadowPlanResult } from "../../datasets/shadow-plan-result.js";
import type { ResponseShadow } from "../../datasets/shadow-result.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { checkSample } from "./check-sample.js";
import { compareSlices } from "./compare-slices.js";
import { decideVerdict } from "./decide-verdict.js";
import { type JoinedPair, joinShadow } from "./join-shadow.js";
import { judgeError } from "./judge-error.js";
import { dayOf, dayUs, lookTimes, weekendDay } from "./look-times.js";
import { measureCosts } from "./measure-costs.js";
import { measureRates } from "./measure-guardrails.js";
import { latencyGuardrail, measureLatency } from "./measure-latency.js";
import {
  isDropped,
  isUnjudged,
  judgedRows,
  type QualityRow,
  rowsAtWorst,
  rowsWithFailures,
  sessionNumbers,
} from "./quality-observations.js";
import type { LoggedDecision } from "./read-decision.js";
import type { LoggedPair } from "./read-pair.js";
import type { PairVerdict } from "./read-shadow-verdict.js";
import { firstSessionSizes } from "./session-cap.js";
import { type ShadowDesignOptions, settleDesign, tunedSessions } from "./shadow-design.js";
import { type QualityTestOptions, testQuality } from "./test-quality.js";

/** What a response shadow is analysed from. */
export interface ResponseInputs {
  pairs: readonly LoggedPair[];
  verdicts: readonly PairVerdict[];
  /** null when no decision log was given. */
  decisions: readonly LoggedDecision[] | null;
  /** Designed share of sessions; null = as most pairs say. */
  rate: number | null;
  book: PriceBook;
  calibration: JudgeCalibration | null;
  plan: ShadowPlanResult | null;
  /** Lines that could not be read. */
  rejected: ResponseShadow["rejected"];
  /** Microseconds since 1970, UTC. */
  now: number;
}

/** Test whether the candidate's answers are not worse than the baseline's by the margin, on the same requests, and say what to do.
 * docs/shadow.md has the method. */
export function analyzeResponse(inputs: ResponseInputs, options: ShadowDesignOptions = {}): ResponseShadow {
  const logged = inputs.pairs.filter(({ at }) => at <= inputs.now + dayUs);
  const { pairs, joins } = joinShadow(logged, inputs.verdicts, inputs.decisions);
  const design = settleDesign(options, { plan: inputs.plan, firstSizes: firstSessionSizes(pairs) });
  const judged = judgedRows(pairs, design.population);
  const judges = namesOf(pairs.flatMap(({ verdict }) => verdict?.judge ?? []));
  const { factor, judge_error } = judgeError(judges, inputs.calibration);
  const gapUs = design.sessionGapH * 3.6e9;
  const looksAt = lookTimes(
    pairs.map(({ at }) => at),
    { gapUs, now: inputs.now },
  );
  const now = looksAt.at(-1) ?? inputs.now;
  const sessions = new Set(judged.map(({ session }) => session)).size;
  const test: QualityTestOptions = {
    margin: design.margin * (factor ?? 1),
    alpha: design.alpha,
    cap: design.sessionCap,
    gapUs,
    nStar: tunedSessions(design, judged.length / Math.max(1, sessions)),
    looksAt,
  };
  const quality = testQuality(judged, test);
  const sensitivity = [
    sensitivityRow("judged pairs", judged, test),
    sensitivityRow(
      "failed candidate calls as lost answers",
      rowsWithFailures(pairs, design.population),
      test,
    ),
    sensitivityRow(
      "every pair without a verdict as a lost answer",
      rowsAtWorst(pairs, design.population),
      test,
    ),
  ].flatMap((row) => row ?? []);
  const latency = measureLatency(pairs, design.alpha);
  const guardrails = [
    ...measureRates(pairs, design, { nStar: test.nStar, until: now }),
    latencyGuardrail(latency, design),
  ];
  const slices = compareSlices(judged, { alpha: design.alpha, nStar: test.nStar, margin: test.margin });
  const rate = inputs.rate ?? commonRate(logged);
  const sampleRatio = checkSample(inputs.decisions, pairs, rate ?? 1);
  const money = measureCosts(pairs, inputs.book);
  const days = calendar(judged, design.minDays);
  return {
    design: {
      margin: design.margin,
      judged_margin: test.margin,
      alpha: design.alpha,
      population: design.population,
      rate,
      session_cap: design.sessionCap,
      session_gap_h: design.sessionGapH,
      n_star: test.nStar,
      min_days: design.minDays,
      max_days: design.maxDays,
      is_planned: design.isPlanned,
    },
    from: isoOf(pairs[0]?.at),
    to: isoOf(pairs.at(-1)?.at),
    as_of: isoOf(now)!,
    days: days.count,
    has_weekend: days.hasWeekend,
    baselines: modelCounts(pairs, ({ baseline }) => baseline.model),
    candidates: modelCounts(pairs, ({ candidate }) => candidate?.model ?? null),
    artifacts: namesOf(pairs.flatMap(({ artifact }) => artifact ?? [])),
    judges,
    is_simulated: pairs.some(({ verdict }) => verdict?.isSimulated === true),
    statuses: Object.values(ShadowStatus).map((status) => ({
      status,
      pairs: pairs.filter((pair) => pair.status === status).length,
    })),
    joins,
    rejected: [...inputs.rejected, ...flawsOf(inputs.pairs, inputs.now)],
    verdict: decideVerdict({
      design,
      margin: test.margin,
      test: quality,
      guardrails,
      slices,
      sampleRatio,
      isJudgeUsable: factor !== null,
      isRobust: sensitivity[1]?.is_certified === true,
      judgedPairs: judged.length,
      droppedShare: shareOf(pairs.filter(isSampledCall), isDropped),
      unjudgedShare: shareOf(
        pairs.filter(({ status }) => status === ShadowStatus.paired),
        isUnjudged,
      ),
      spendUsd: money.spend.candidate_usd + money.spend.judge_usd,
      now,
      days: days.count,
      hasWeekend: days.hasWeekend,
      ripeAt: days.ripeAt,
    }),
    difference: meanDifference(judged),
    looks: quality.looks,
    certified_at: quality.certifiedAt === null ? null : isoOf(quality.certifiedAt),
    late_pairs: quality.latePairs,
    sensitivity,
    guardrails,
    ...money,
    latency,
    sample_ratio: sampleRatio,
    slices,
    judge_error,
  };
}

function sensitivityRow(
  name: string,
  rows: readonly QualityRow[],
  options: QualityTestOptions,
): ResponseShadow["sensitivity"][number] | null {
  const { looks, certifiedAt } = testQuality(rows, { ...options, looksAt: options.looksAt.slice(-1) });
  const last = looks.at(-1);
  if (!last) return null;
  const { pairs, difference, upper, e_value } = last;
  return { case: name, pairs, difference, upper, e_value, is_certified: certifiedAt !== null };
}

function meanDifference(rows: readonly QualityRow[]): ResponseShadow["difference"] {
  if (rows.length === 0) return null;
  const d = rows.map((row) => row.d);
  const ratio = clusterRatio(d, new Float64Array(d.length).fill(1), sessionNumbers(rows));
  if (ratio.clusters < 2) return null;
  return {
    ...clusterRatioInterval(ratio),
    method:
      "measured: quality of the baseline minus the candidate's on the same requests; 95 % interval for one look, cluster-robust by session",
    n: d.length,
  };
}

/** Days with judged pairs, whether they hold a Saturday and a Sunday, and when they will do if pairs go on coming daily. */
function calendar(rows: readonly QualityRow[], minDays: number) {
  const days = new Set(rows.map(({ at }) => dayOf(at)));
  const isRipe = () =>
    days.size >= minDays && new Set([...days].flatMap((day) => weekendDay(day) ?? [])).size === 2;
  const { size: count } = days;
  const hasWeekend = new Set([...days].flatMap((day) => weekendDay(day) ?? [])).size === 2;
  let last = count > 0 ? Math.max(...days) : 0;
  while (!isRipe()) days.add(++last);
  return { count, hasWeekend, ripeAt: (last + 1) * dayUs };
}

function isSampledCall(pair: JoinedPair): boolean {
  return pair.candidate !== null || isDropped(pair);
}

function shareOf(pairs: readonly JoinedPair[], holds: (pair: JoinedPair) => boolean): number {
  return pairs.length === 0 ? 0 : pairs.filter(holds).length / pairs.length;
}

function commonRate(pairs: readonly LoggedPair[]): number | null {
  const counts = new Map<number, number>();
  for (const { rate } of pairs) if (rate !== null) counts.set(rate, (counts.get(rate) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function modelCounts(pairs: readonly JoinedPair[], modelOf: (pair: JoinedPair) => string | null) {
  const counts = new Map<string, number>();
  for (const pair of pairs) {
    const model = modelOf(pair);
    if (model !== null) counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, rows]) => ({ model, pairs: rows })).sort((a, b) => b.pairs - a.pairs);
}

/** Fields that held nonsense, and lines from the future. */
function flawsOf(pairs: readonly LoggedPair[], now: number): ResponseShadow["rejected"] {
  const flaws = new Map<string, ResponseShadow["rejected"][number]>();
  for (const pair of pairs) {
    for (const reason of [...pair.flaws, ...(pair.at > now + dayUs ? ["future_ts"] : [])]) {
      const known = flaws.get(reason);
      if (known) known.rows += 1;
      else flaws.set(reason, { file: "a shadow log", reason, rows: 1, example: pair.pairId });
    }
  }
  return [...flaws.values()];
}

function namesOf(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function isoOf(us: number | undefined): string | null {
  return us === undefined ? null : new Date(us / 1_000).toISOString();
}
