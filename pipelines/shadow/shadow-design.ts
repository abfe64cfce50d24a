import { checkNumber } from "../../datasets/check-number.js";
import type { ShadowPlanResult } from "../../datasets/shadow-plan-result.js";
import { planPaired } from "../../models/statistics/sequential/plan-paired.js";
import { bestSessionCap, type SessionSize } from "./session-cap.js";

/** What a response shadow is analysed by; whatever is absent comes from the plan, else from the defaults. */
export interface ShadowDesignOptions {
  /** Loss of quality that is accepted, in (0, 1); default 0.02. */
  margin?: number;
  /** Chance of certifying a candidate that is worse by the margin or more; default 0.05. */
  alpha?: number;
  /** called: requests for which the candidate was called. all: also those for which the router named the same model, as D = 0. */
  population?: "called" | "all";
  /** Pairs of one session that count; default what suits the lengths of the first sessions best. */
  sessionCap?: number;
  /** Hours without a pair after which a session is closed; default 6. */
  sessionGapH?: number;
  /** Days before anything is certified, and after which the test ends; defaults 7 and 28. */
  minDays?: number;
  maxDays?: number;
  /** What the test may cost, candidate calls and judging; default no limit. */
  maxUsd?: number;
  /** Share of sampled calls that may be dropped, and of pairs that may lack a verdict; default 0.2. */
  maxMissing?: number;
  /** Limits of the guardrails: how much higher each rate of the candidate may be (default 0.02), and its p95 latency as a multiple of
   * the baseline's (default 1.5). */
  maxErrorIncrease?: number;
  maxRefusalIncrease?: number;
  maxInvalidIncrease?: number;
  maxLatencyRatio?: number;
}

/** The same with every choice made. */
export type ShadowDesign = Required<ShadowDesignOptions> & { isPlanned: boolean };

/** Settle the design: options over plan over defaults.
 * @param firstSizes lengths of the first sessions: they choose the session cap where nobody did. Never the quality of anything
 * @throws {InputError} for a value outside its range */
export function settleDesign(
  options: ShadowDesignOptions,
  { plan, firstSizes }: { plan: ShadowPlanResult | null; firstSizes: readonly SessionSize[] },
): ShadowDesign {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const design: ShadowDesign = {
    margin: plan?.margin ?? 0.02,
    alpha: plan?.alpha ?? 0.05,
    population: "called",
    sessionCap: plan?.session_cap ?? 1,
    sessionGapH: 6,
    minDays: 7,
    maxDays: 28,
    maxUsd: Number.POSITIVE_INFINITY,
    maxMissing: 0.2,
    maxErrorIncrease: 0.02,
    maxRefusalIncrease: 0.02,
    maxInvalidIncrease: 0.02,
    maxLatencyRatio: 1.5,
    ...given,
    isPlanned: plan !== null,
  };
  checkNumber("--margin", design.margin, { above: 0, below: 1 });
  checkNumber("--alpha", design.alpha, { above: 0, below: 0.5 });
  checkNumber("--session-cap", design.sessionCap, { from: 1, isWhole: true });
  checkNumber("--session-gap", design.sessionGapH, { above: 0 });
  checkNumber("--min-days", design.minDays, { from: 1 });
  checkNumber("--max-days", design.maxDays, { from: design.minDays });
  checkNumber("--max-missing", design.maxMissing, { from: 0, to: 1 });
  if (design.maxUsd !== Number.POSITIVE_INFINITY) checkNumber("--max-usd", design.maxUsd, { above: 0 });
  checkNumber("--max-error-increase", design.maxErrorIncrease, { above: 0, below: 1 });
  checkNumber("--max-refusal-increase", design.maxRefusalIncrease, { above: 0, below: 1 });
  checkNumber("--max-invalid-increase", design.maxInvalidIncrease, { above: 0, below: 1 });
  checkNumber("--max-latency-ratio", design.maxLatencyRatio, { above: 0 });
  if (given.sessionCap === undefined && plan === null && firstSizes.length > 0) {
    const { margin, alpha } = design;
    const base = { margin, alpha, discordance: assumedDiscordance, power: 0.8 };
    design.sessionCap = bestSessionCap(firstSizes, { icc: assumedLikeness, base }).cap;
  }
  return design;
}

/** What is assumed of pairs that nobody has judged yet. */
export const assumedDiscordance = 0.2;
export const assumedLikeness = 0.3;

/** Sessions at which the confidence sequence is tightest: those that a fixed design would take at a discordance of 0.2.
 * @param rowsPerSession mean */
export function tunedSessions({ margin, alpha }: ShadowDesign, rowsPerSession: number): number {
  const { fixed } = planPaired({ margin, alpha, discordance: assumedDiscordance, power: 0.8 });
  return Math.max(50, fixed / Math.max(1, rowsPerSession));
}
