import { ShadowStatus } from "@signalbox/runtime";
import type { ShadowGuardrail } from "../../datasets/shadow-result.js";
import { openBetProcess } from "../../models/statistics/sequential/bet-process.js";
import { clusterSequence } from "../../models/statistics/sequential/cluster-sequence.js";
import { sessionBlocks } from "../../models/statistics/sequential/session-blocks.js";
import type { JoinedPair } from "./join-shadow.js";
import { isCandidateFailure, sessionNumbers } from "./quality-observations.js";
import type { ShadowDesign } from "./shadow-design.js";
import { leastSessions } from "./test-quality.js";

/** A rate on both sides of the same pair. */
interface BothSides {
  session: string;
  at: number;
  baseline: boolean;
  candidate: boolean;
}

/** Rates of errors, refusals and answers that break the demanded schema: paired difference, candidate minus baseline, with an interval that
 * holds at every look, and an e-process for "the candidate's rate is higher by at most the limit", clustered by session.
 * The level is shared by the three. */
export function measureRates(
  pairs: readonly JoinedPair[],
  design: ShadowDesign,
  { nStar, until }: { nStar: number; until: number },
): ShadowGuardrail[] {
  const alpha = design.alpha / 3;
  return [
    { name: "errors", limit: design.maxErrorIncrease, sides: errorSides },
    { name: "refusals", limit: design.maxRefusalIncrease, sides: flagSides(({ isRefusal }) => isRefusal) },
    {
      name: "invalid_json",
      limit: design.maxInvalidIncrease,
      sides: flagSides(({ isValidJson }) => (isValidJson === null ? null : !isValidJson)),
    },
  ].map(({ name, limit, sides }) => {
    const rows = pairs.flatMap((pair) => sides(pair) ?? []);
    const sequence = clusterSequence(
      rows.map(({ candidate, baseline }) => Number(candidate) - Number(baseline)),
      sessionNumbers(rows),
      { alpha, nStar },
    );
    const peak = evidenceAbove(rows, limit, design, until);
    const isReadable = sequence !== null && sequence.sessions >= leastSessions;
    const rateOf = (side: "baseline" | "candidate") =>
      rows.length === 0 ? null : rows.filter((row) => row[side]).length / rows.length;
    return {
      name,
      pairs: rows.length,
      baseline: rateOf("baseline"),
      candidate: rateOf("candidate"),
      difference: isReadable
        ? {
            value: sequence.value,
            low: Math.max(-1, sequence.low),
            high: Math.min(1, sequence.high),
            method: `measured: candidate minus baseline; confidence sequence at ${percent(1 - alpha)}, clustered by session`,
            n: rows.length,
          }
        : null,
      limit,
      e_value: Math.exp(Math.min(700, peak)),
      status: peak >= Math.log(1 / alpha) ? "stop" : isReadable ? "ok" : "too_few",
    };
  });
}

/** Largest ln e-value of "the rate of the candidate is higher by more than the limit". */
function evidenceAbove(
  rows: readonly BothSides[],
  limit: number,
  { sessionGapH, ...design }: ShadowDesign,
  until: number,
): number {
  const sessionCap = Math.min(mostPerSession, design.sessionCap);
  const process = openBetProcess({ lowest: 1 + limit, drift: limit, sessionCap });
  const { blocks } = sessionBlocks(rows, { cap: sessionCap, gapUs: sessionGapH * 3.6e9, until });
  for (const { rows: block } of blocks) {
    const sum = block.reduce((total, row) => total + Number(row.candidate) - Number(row.baseline) - limit, 0);
    process.bet(sum, block.length);
  }
  return process.peak;
}

/** Rows of a session that the evidence counts. A small cap leaves room for the large stakes that a great excess deserves; further rows of
 * a session, which share its outage, say little more. */
const mostPerSession = 2;

/** The side that failed first keeps the other from being called; that one then counts as not failed, which it nearly always would not have. Left
 * out, the failures of the model that serves would be nowhere, and the other one would look worse for its own. */
function errorSides(pair: JoinedPair): BothSides | null {
  const { status, session, at, baseline, candidate } = pair;
  const isKnown =
    status === ShadowStatus.paired || status === ShadowStatus.baselineFailed || isCandidateFailure(pair);
  if (!isKnown) return null;
  return {
    session,
    at,
    baseline: baseline.isFailed,
    candidate: isCandidateFailure(pair) || candidate?.isFailed === true,
  };
}

function flagSides(flag: (side: NonNullable<JoinedPair["candidate"]>) => boolean | null) {
  return ({ status, session, at, baseline, candidate }: JoinedPair): BothSides | null => {
    if (status !== ShadowStatus.paired || candidate === null) return null;
    const [one, other] = [flag(baseline), flag(candidate)];
    return one === null || other === null ? null : { session, at, baseline: one, candidate: other };
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
