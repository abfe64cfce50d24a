import type { CascadePlan } from "../../models/cascade/cascade-plan.js";
import type { ReplayData } from "../replay/replay-data.js";
import { exactAnswers } from "./exact-answers.js";
import type { ModelRates } from "./model-rates.js";
import { supersededAttempts } from "./superseded-attempts.js";
import { trimmedLengths } from "./trimmed-lengths.js";

/** Attempts with a known bill, session by session, each in order of time: columns that every set of levers is priced from in one pass.
 * Place = position in this order; USD, tokens, microseconds. */
export interface LaidOutLog {
  size: number;
  sessions: number;
  /** First place of each session, and the size at the end. */
  starts: Int32Array;
  /** 1 = prompt caching can matter between the session's calls: two of them are long enough to be cached. */
  isLong: Uint8Array;
  /** Row of the replay at each place. */
  rows: Int32Array;
  isReplayed: Uint8Array;
  served: Int16Array;
  chosen: Int16Array;
  billed: Float64Array;
  /** On the router's model. */
  chosenUsd: Float64Array;
  /** On the cascade's models; empty without one. */
  firstUsd: Float64Array;
  thenUsd: Float64Array;
  gateUsd: Float64Array;
  /** NaN where the cascade doesn't take the attempt. */
  escalates: Float64Array;
  at: Float64Array;
  input: Int32Array;
  output: Int32Array;
  /** Logged cache reads, -1 = not logged. */
  reads: Int32Array;
  /** Part of the reads that an earlier call of the session had put into the cache. */
  sessionReads: Int32Array;
  trimTo: Int32Array;
  cacheOutcome: Uint8Array;
  isSuperseded: Uint8Array;
  isBatchable: Uint8Array;
  /** Whether a provider's batch price already applies. */
  isBatch: Uint8Array;
  /** Share of the bill that is a gateway's mark-up. */
  markup: Float64Array | null;
  cascade: { first: number; then: number } | null;
}

/** What is known beside the replay. */
export interface LogFacts {
  rates: readonly ModelRates[];
  /** 1 by row where nobody seems to wait for the answer; null = not known of any. */
  isBatchable: Uint8Array | null;
  /** Share of each row's bill that is a gateway's mark-up, 0 to 1; null = none is known. */
  markup: Float64Array | null;
  cascade: CascadePlan | null;
  /** Tokens that longer prompts are trimmed to; 0 = by the audit's rule. */
  trimTo: number;
  /** Life of a cached answer, microseconds. */
  answerTtlUs: number;
}

/** Lay a replay out for pricing. Attempts without a known bill are left out: they are in no total. */
export function layOutLog(replay: ReplayData, facts: LogFacts): LaidOutLog {
  const { rows, starts } = sessionOrder(replay);
  const size = rows.length;
  const { served, chosen, isReplayed } = replay;
  const usdOf = (placeOf: (row: number) => number) =>
    Float64Array.from(rows, (row) => {
      const place = placeOf(row);
      return place < 0 ? Number.NaN : replay.usd[place * replay.rows + row]!;
    });
  const { cascade, markup } = facts;
  const escalates = cascade === null ? new Float64Array(0) : cascadeShares(replay, rows, cascade);
  const int32 = (column: Int32Array) => Int32Array.from(rows, (row) => column[row]!);
  const flags = (column: Uint8Array) => Uint8Array.from(rows, (row) => column[row]!);
  const input = int32(replay.inputTokens);
  const chosenUsd = usdOf((row) => chosen[row]!);
  return {
    size,
    sessions: replay.sessions,
    starts,
    isLong: new Uint8Array(replay.sessions),
    rows,
    isReplayed: flags(isReplayed),
    served: Int16Array.from(rows, (row) => served[row]!),
    chosen: Int16Array.from(rows, (row, i) => (chosenUsd[i]! >= 0 ? chosen[row]! : served[row]!)),
    billed: Float64Array.from(rows, (row) => replay.billed[row]!),
    chosenUsd,
    firstUsd: cascade === null ? escalates : usdOf(() => cascade.first),
    thenUsd: cascade === null ? escalates : usdOf(() => cascade.then),
    gateUsd: cascade === null ? escalates : Float64Array.from(rows, (row) => cascade.gateUsd[row]!),
    escalates,
    at: Float64Array.from(rows, (row) => replay.createdAt[row]!),
    input,
    output: int32(replay.outputTokens),
    reads: Int32Array.from(rows, (row, i) => Math.min(replay.cacheReadTokens[row]!, input[i]!)),
    sessionReads: new Int32Array(size),
    trimTo: int32(trimmedLengths(replay, facts.trimTo)),
    cacheOutcome: flags(exactAnswers(replay, facts.answerTtlUs)),
    isSuperseded: flags(supersededAttempts(replay)),
    isBatchable: facts.isBatchable === null ? new Uint8Array(size) : flags(facts.isBatchable),
    isBatch: flags(replay.isBatch),
    markup: markup === null ? null : Float64Array.from(rows, (row) => markup[row]!),
    cascade,
  };
}

/** Places of the priced attempts by session, then time: a counting sort, for rows come in order of time. */
function sessionOrder({ rows: count, session, sessions, billed, isUnknown }: ReplayData): {
  rows: Int32Array;
  starts: Int32Array;
} {
  const isPriced = (row: number) => isUnknown[row] === 0 && !Number.isNaN(billed[row]!);
  const starts = new Int32Array(sessions + 1);
  for (let row = 0; row < count; row++) if (isPriced(row)) starts[session[row]! + 1]! += 1;
  for (let s = 0; s < sessions; s++) starts[s + 1]! += starts[s]!;
  const next = starts.slice();
  const rows = new Int32Array(starts[sessions]!);
  for (let row = 0; row < count; row++) if (isPriced(row)) rows[next[session[row]!]!++] = row;
  return { rows, starts };
}

/** Shares that escalate, NaN where the cascade leaves the attempt alone or a price is missing. */
function cascadeShares(replay: ReplayData, rows: Int32Array, cascade: CascadePlan): Float64Array {
  const { first, then, escalates, gateUsd } = cascade;
  return Float64Array.from(rows, (row) => {
    const usd =
      replay.usd[first * replay.rows + row]! + replay.usd[then * replay.rows + row]! + gateUsd[row]!;
    return replay.isReplayed[row] === 1 && usd >= 0 ? escalates[row]! : Number.NaN;
  });
}
