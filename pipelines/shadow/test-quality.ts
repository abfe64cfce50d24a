import type { ShadowLook } from "../../datasets/shadow-result.js";
import { openBetProcess } from "../../models/statistics/sequential/bet-process.js";
import { clusterSequence } from "../../models/statistics/sequential/cluster-sequence.js";
import { sessionBlocks } from "../../models/statistics/sequential/session-blocks.js";
import { type QualityRow, sessionNumbers } from "./quality-observations.js";

/** How the quality test is run. */
export interface QualityTestOptions {
  /** Margin on the scale of the judged difference. */
  margin: number;
  alpha: number;
  cap: number;
  gapUs: number;
  nStar: number;
  /** Moments to look, microseconds since 1970, ascending; the last is now. */
  looksAt: readonly number[];
}

/** What the quality test found. */
export interface QualityTest {
  looks: ShadowLook[];
  /** When the evidence that D < margin, or D > margin, first reached 1 / alpha. */
  certifiedAt: number | null;
  worseAt: number | null;
  latePairs: number;
  /** ln of the present e-value. */
  logEvidence: number;
  /** Mean of margin - D per pair, and of the squared session sum per pair: what more evidence is projected from. */
  growth: { gap: number; second: number; cap: number } | null;
  /** One-sided lower bound on D at the last look. */
  lower: number | null;
}

/** Least sessions from which an interval of the confidence sequence is shown. */
export const leastSessions = 30;

/** Test D < margin by betting on one session after the other, and its mirror D > margin; draw the confidence sequence at each look. */
export function testQuality(rows: readonly QualityRow[], options: QualityTestOptions): QualityTest {
  const { margin, alpha, cap, gapUs, nStar, looksAt } = options;
  const until = looksAt.at(-1) ?? 0;
  const { blocks, late } = sessionBlocks(rows, { cap, gapUs, until });
  const better = openBetProcess({ lowest: 1 - margin, drift: margin, sessionCap: cap });
  const worse = openBetProcess({ lowest: 1 + margin, drift: margin, sessionCap: cap });
  const limit = Math.log(1 / alpha);
  const looks: ShadowLook[] = [];
  let [next, bet] = [0, 0];
  let [certifiedAt, worseAt]: Array<number | null> = [null, null];
  let squares = 0;
  let lower: number | null = null;
  for (const at of looksAt) {
    for (; next < blocks.length && blocks[next]!.closedAt <= at; next++) {
      const { rows: block, closedAt } = blocks[next]!;
      const sum = block.reduce((total, { d }) => total + margin - d, 0);
      better.bet(sum, block.length);
      worse.bet(-sum, block.length);
      bet += block.length;
      squares += sum * sum;
      if (better.logEvidence >= limit) certifiedAt ??= closedAt;
      if (worse.logEvidence >= limit) worseAt ??= closedAt;
    }
    const seen = rows.filter((row) => row.at <= at);
    const sequence = clusterSequence(
      seen.map(({ d }) => d),
      sessionNumbers(seen),
      { alpha, nStar },
    );
    if (sequence === null) continue;
    const isReadable = sequence.sessions >= leastSessions;
    lower = isReadable ? sequence.lower : null;
    looks.push({
      at: new Date(at / 1_000).toISOString(),
      pairs: sequence.rows,
      sessions: sequence.sessions,
      open_pairs: sessionBlocks(seen, { cap, gapUs, until: at }).open.length,
      difference: sequence.value,
      low: isReadable ? sequence.low : null,
      high: isReadable ? sequence.high : null,
      upper: isReadable ? sequence.upper : null,
      e_value: Math.exp(Math.min(700, better.logEvidence)),
      e_value_worse: Math.exp(Math.min(700, worse.logEvidence)),
    });
  }
  const last = looks.at(-1);
  return {
    looks,
    certifiedAt: certifiedAt ?? null,
    worseAt: worseAt ?? null,
    latePairs: late.length,
    logEvidence: better.logEvidence,
    growth: bet > 0 && last ? { gap: margin - last.difference, second: squares / bet, cap } : null,
    lower,
  };
}

/** Pairs that it takes on average until the evidence reaches 1 / alpha, if the mean of margin - D is `gap`; null = never.
 * @see planPaired */
export function pairsToGo(
  { logEvidence, growth }: Pick<QualityTest, "logEvidence" | "growth">,
  { margin, alpha, gap }: { margin: number; alpha: number; gap: number },
): number | null {
  if (growth === null || !(gap > 0)) return null;
  const lambda = Math.min(Math.min(gap, margin) / growth.second, 0.5 / ((1 - margin) * growth.cap));
  const perPair = lambda * gap - (lambda ** 2 * growth.second) / 2;
  return perPair > 0 ? Math.max(0, Math.ceil((Math.log(1 / alpha) - logEvidence) / perPair)) : null;
}
