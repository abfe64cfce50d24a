import type { CascadePlan } from "../../models/cascade/cascade-plan.js";
import type { ReplayData } from "../replay/replay-data.js";
import { exactAnswers } from "./exact-answers.js";
import type { GatewayBill } from "./gateway-bill.js";
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
  /** What gateways add, groups by place; null = none is known. */
  gateway: GatewayBill | null;
  cascade: { first: number; second: number } | null;
}

/** What is known beside the replay. */
export interface LogFacts {
  rates: readonly ModelRates[];
  /** 1 by row where nobody seems to wait for the answer; null = not known of any. */
  isBatchable: Uint8Array | null;
  /** What gateways add, groups by row; null = none is known. */
  markup: GatewayBill | null;
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
  const { served, chosen, cacheReadTokens } = replay;
  const { cascade, markup } = facts;
  const take = <Column extends Taken>(column: Column, to: Column): Column => takeRows(column, rows, to);
  const ints = (column: Int32Array) => take(column, new Int32Array(size));
  const doubles = (column: Float64Array) => take(column, new Float64Array(size));
  const flags = (column: Uint8Array) => take(column, new Uint8Array(size));
  const usdOn = (model: number) =>
    doubles(replay.usd.subarray(model * replay.rows, (model + 1) * replay.rows));
  const none = new Float64Array(0);
  const log = {
    size,
    sessions: replay.sessions,
    starts,
    isLong: new Uint8Array(replay.sessions),
    rows,
    isReplayed: flags(replay.isReplayed),
    served: new Int16Array(size),
    chosen: new Int16Array(size),
    billed: doubles(replay.billed),
    chosenUsd: new Float64Array(size),
    firstUsd: cascade === null ? none : usdOn(cascade.first),
    thenUsd: cascade === null ? none : usdOn(cascade.second),
    gateUsd: cascade === null ? none : doubles(cascade.gateUsd),
    escalates: cascade === null ? none : cascadeShares(replay, rows, cascade),
    at: doubles(replay.createdAt),
    input: ints(replay.inputTokens),
    output: ints(replay.outputTokens),
    reads: new Int32Array(size),
    sessionReads: new Int32Array(size),
    trimTo: ints(trimmedLengths(replay, facts.trimTo)),
    cacheOutcome: flags(exactAnswers(replay, facts.answerTtlUs)),
    isSuperseded: flags(supersededAttempts(replay)),
    isBatchable: facts.isBatchable === null ? new Uint8Array(size) : flags(facts.isBatchable),
    isBatch: flags(replay.isBatch),
    gateway: markup === null ? null : { ...markup, groups: ints(markup.groups) },
    cascade,
  };
  for (let i = 0; i < size; i++) {
    const row = rows[i]!;
    const usd = chosen[row]! < 0 ? Number.NaN : replay.usd[chosen[row]! * replay.rows + row]!;
    log.served[i] = served[row]!;
    // a model without a known price is no choice: the attempt stays where it was
    log.chosen[i] = usd >= 0 ? chosen[row]! : served[row]!;
    log.chosenUsd[i] = usd;
    log.reads[i] = Math.min(cacheReadTokens[row]!, log.input[i]!);
  }
  return log;
}

type Taken = Int32Array | Float64Array | Uint8Array;

function takeRows<Column extends Taken>(column: Column, rows: Int32Array, to: Column): Column {
  for (let i = 0; i < rows.length; i++) to[i] = column[rows[i]!]!;
  return to;
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
  const { first, second, escalates, gateUsd } = cascade;
  const shares = new Float64Array(rows.length).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const usd =
      replay.usd[first * replay.rows + row]! + replay.usd[second * replay.rows + row]! + gateUsd[row]!;
    if (replay.isReplayed[row] === 1 && usd >= 0) shares[i] = escalates[row]!;
  }
  return shares;
}
