import { emptyReplay } from "../../pipelines/replay/read-replay.js";
import type { ReplayData } from "../../pipelines/replay/replay-data.js";

/** One replayed attempt of a test: what is left out is a successful chat call of its own session, answered by the strong model. */
export interface ReplayedAttempt {
  session?: number;
  logical?: number;
  attemptNo?: number;
  createdAt?: number;
  isReplayed?: boolean;
  isUnknown?: boolean;
  served?: number;
  chosen?: number;
  tier?: number;
  stakes?: boolean;
  isSuccess?: boolean;
  isBatch?: boolean;
  isStream?: boolean;
  inputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  outputTokens?: number;
  userChars?: number;
  billed?: number;
  latency?: number;
  ttft?: number;
  prompt?: number;
  user?: number;
  app?: string;
  tenant?: string;
  errorClass?: string;
  finishReason?: string;
  /** USD on each model. */
  usd?: readonly number[];
  /** Sufficiency of each model. */
  sufficiency?: readonly number[];
}

/** A replay in memory from a literal table, second by second apart from 2026-01-05 12:00 UTC. */
export function replayData(models: readonly string[], attempts: readonly ReplayedAttempt[]): ReplayData {
  const replay = emptyReplay(attempts.length, models);
  const lists = {
    apps: [] as string[],
    tenants: [] as string[],
    errors: [] as string[],
    finish: [] as string[],
  };
  const placeOf = (list: string[], text: string | undefined): number => {
    if (text === undefined) return -1;
    const place = list.indexOf(text);
    return place < 0 ? list.push(text) - 1 : place;
  };
  attempts.forEach((attempt, row) => {
    const isReplayed = attempt.isReplayed ?? attempt.usd !== undefined;
    replay.session[row] = attempt.session ?? row;
    replay.logical[row] = attempt.logical ?? row;
    replay.attemptNo[row] = attempt.attemptNo ?? 1;
    replay.createdAt[row] = attempt.createdAt ?? (Date.UTC(2026, 0, 5, 12) + 1000 * row) * 1000;
    replay.isReplayed[row] = Number(isReplayed);
    replay.isUnknown[row] = Number(attempt.isUnknown ?? false);
    replay.served[row] = attempt.served ?? models.length - 1;
    replay.chosen[row] = attempt.chosen ?? (isReplayed ? models.length - 1 : -1);
    replay.tier[row] = attempt.tier ?? -1;
    replay.stakes[row] = isReplayed ? Number(attempt.stakes ?? false) : -1;
    replay.isSuccess[row] = Number(attempt.isSuccess ?? true);
    replay.isBatch[row] = Number(attempt.isBatch ?? false);
    replay.isStream[row] = Number(attempt.isStream ?? false);
    replay.inputTokens[row] = attempt.inputTokens ?? 100;
    replay.cacheReadTokens[row] = attempt.cacheReadTokens ?? 0;
    replay.cacheWriteTokens[row] = attempt.cacheWriteTokens ?? 0;
    replay.outputTokens[row] = attempt.outputTokens ?? 50;
    replay.userChars[row] = attempt.userChars ?? 40;
    replay.billed[row] = attempt.billed ?? attempt.usd?.[replay.served[row]!] ?? Number.NaN;
    replay.latency[row] = attempt.latency ?? Number.NaN;
    replay.ttft[row] = attempt.ttft ?? Number.NaN;
    replay.prompt[row] = attempt.prompt ?? row;
    replay.user[row] = attempt.user ?? -1;
    replay.app[row] = placeOf(lists.apps, attempt.app);
    replay.tenant[row] = placeOf(lists.tenants, attempt.tenant);
    replay.errorClass[row] = placeOf(lists.errors, attempt.errorClass);
    replay.finishReason[row] = placeOf(lists.finish, attempt.finishReason);
    attempt.usd?.forEach((usd, model) => {
      replay.usd[model * attempts.length + row] = usd;
    });
    attempt.sufficiency?.forEach((share, model) => {
      replay.sufficiency[model * attempts.length + row] = share;
    });
  });
  return {
    ...replay,
    sessions: replay.session.reduce((most, session) => Math.max(most, session + 1), 0),
    apps: lists.apps,
    tenants: lists.tenants,
    errorClasses: lists.errors,
    finishReasons: lists.finish,
  };
}
