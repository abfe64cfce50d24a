import { ShadowStatus } from "@signalbox/runtime";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import type { JoinedPair } from "./join-shadow.js";

/** One pair as the quality test sees it. */
export interface QualityRow {
  session: string;
  /** Microseconds since 1970, UTC. */
  at: number;
  /** Quality of the baseline minus that of the candidate, -1 to 1. */
  d: number;
  pair: JoinedPair;
}

/** Pairs with a verdict; with `all` also requests that the router would have left on the same model, where nothing is lost. */
export function judgedRows(pairs: readonly JoinedPair[], population: "called" | "all"): QualityRow[] {
  return pairs.flatMap((pair) => {
    const d = pair.verdict?.difference ?? null;
    if (d !== null) return [row(pair, d)];
    return population === "all" && pair.status === ShadowStatus.sameModel ? [row(pair, 0)] : [];
  });
}

/** Judged pairs, and failed or late candidate calls as lost answers where the baseline answered. */
export function rowsWithFailures(pairs: readonly JoinedPair[], population: "called" | "all"): QualityRow[] {
  const failed = pairs.filter((pair) => isCandidateFailure(pair) && !pair.baseline.isFailed);
  return inTime([...judgedRows(pairs, population), ...failed.map((pair) => row(pair, 1))]);
}

/** The worst that the pairs without a verdict could hide: each of them counts as a lost answer. */
export function rowsAtWorst(pairs: readonly JoinedPair[], population: "called" | "all"): QualityRow[] {
  const hidden = pairs.filter((pair) => isUnjudged(pair) || isDropped(pair));
  return inTime([...rowsWithFailures(pairs, population), ...hidden.map((pair) => row(pair, 1))]);
}

/** Whether the candidate was called and gave nothing that could be used. */
export function isCandidateFailure({ status }: JoinedPair): boolean {
  return status === ShadowStatus.candidateFailed || status === ShadowStatus.candidateTimeout;
}

/** Whether both answered and nobody has said which is better. */
export function isUnjudged({ status, verdict }: JoinedPair): boolean {
  return status === ShadowStatus.paired && (verdict?.difference ?? null) === null;
}

/** Whether the candidate should have been called and was not. */
export function isDropped({ status }: JoinedPair): boolean {
  return status === ShadowStatus.droppedBudget || status === ShadowStatus.droppedConcurrency;
}

/** Session numbers of rows. */
export function sessionNumbers(rows: ReadonlyArray<{ session: string }>): Int32Array {
  return numberClusters(rows.map(({ session }) => session));
}

function row(pair: JoinedPair, d: number): QualityRow {
  return { session: pair.session, at: pair.at, d, pair };
}

function inTime(rows: QualityRow[]): QualityRow[] {
  return rows.sort((a, b) => a.at - b.at || (a.pair.pairId < b.pair.pairId ? -1 : 1));
}
