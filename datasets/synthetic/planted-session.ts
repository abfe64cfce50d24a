import type { Random } from "../random.js";
import type { PlantedApp, PlantedModel, PlantedWorld } from "./planted-world.js";

/** What the requests of one planted session have in common. */
export interface PlantedSession {
  app: PlantedApp;
  tenant: string;
  user: number;
  /** Place of the model that serves it by habit, -1 = outside the router's pool. */
  served: number;
  isBatch: boolean;
  /** Microseconds since 1970 UTC. */
  startUs: number;
  requests: number;
  /** What its requests share, in standard deviations: of difficulty, of length, of latency, of the bill; and its luck, 1 or -1. */
  difficulty: number;
  length: number;
  speed: number;
  bill: number;
  luck: number;
}

/** One request of a planted session, before any model is asked. */
export interface PlantedRequest {
  difficulty: number;
  inputTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
  userChars: number;
  /** Score of hand-written rules: difficulty, seen through noise. */
  rules: number;
  stakes: number;
}

/** The first moment of a planted log, Monday 2026-01-05 00:00 UTC, microseconds since 1970. */
export const plantedStartUs = Date.UTC(2026, 0, 5) * 1000;
export const hourUs = 3_600_000_000;

/** Draw a session of the population. @param userOf draws a user, heavy ones more often */
export function plantSession(
  random: Random,
  world: PlantedWorld,
  userOf: (random: Random) => number,
): PlantedSession {
  const day = plantDay(random, world);
  const app = pickWeighted(random, world.apps, ({ weights: [first, last] }) => {
    return first + ((last - first) * day) / Math.max(1, world.days - 1);
  });
  const user = userOf(random);
  const served = pickWeighted(
    random,
    world.models.map((_, place) => place),
    (place) => app.habit[place]!,
  );
  return {
    app,
    tenant: world.tenants[user % world.tenants.length]!,
    user,
    served: random.uniform() < world.otherShare ? -1 : served,
    isBatch: random.uniform() < app.batchShare,
    startUs: plantedStartUs + Math.floor((24 * day + 7 + 13 * random.uniform()) * hourUs),
    requests: plantSize(random, world),
    difficulty: random.normal(),
    length: random.normal(),
    speed: random.normal(),
    bill: random.normal(),
    luck: random.uniform() < 0.5 ? -1 : 1,
  };
}

/** Draw the next request of a session. Harder requests are longer; later ones find a part of their input in the provider's cache. */
export function plantRequest(
  random: Random,
  { shared, own }: PlantedWorld,
  session: PlantedSession,
  place: number,
): PlantedRequest {
  const { app, served, isBatch } = session;
  const difficulty = app.difficulty + shared * session.difficulty + own * random.normal();
  const length = shared * session.length + 0.2 * (difficulty - app.difficulty);
  const inputTokens = 1 + Math.round(Math.exp(app.logInput + length + own * random.normal()));
  const isCached = place > 0 && !isBatch && served >= 0 && random.uniform() < 0.5;
  return {
    difficulty,
    inputTokens,
    cacheReadTokens: isCached ? Math.floor(0.6 * inputTokens) : 0,
    outputTokens: 1 + Math.round(Math.exp(app.logOutput + length + own * random.normal())),
    userChars: Math.round(4 * inputTokens * (0.3 + 0.4 * random.uniform())),
    rules: difficulty + random.normal(),
    stakes: Number(random.uniform() < 0.08),
  };
}

/** What a router knows of a request: the probability that each model's answer would do, calibrated but for the world's overconfidence. */
export function knownSufficiency({ models, overconfidence }: PlantedWorld, difficulty: number): number[] {
  return models.map(({ ability }) =>
    ability === Number.POSITIVE_INFINITY ? 1 : logistic(2 * (ability - difficulty) + overconfidence),
  );
}

/** The true probability: the calibrated one, moved by the luck that the session has, half of the time up and as far down. So its mean over
 * everything that a router may look at is what a calibrated router says. */
export function trueSufficiency({ models, luck }: PlantedWorld, difficulty: number, sign: number): number[] {
  return models.map(({ ability }) => {
    if (ability === Number.POSITIVE_INFINITY) return 1;
    const known = logistic(2 * (ability - difficulty));
    return known + sign * luck * Math.min(known, 1 - known);
  });
}

/** Place of the cheapest model that is known to be enough, else of the strong one. */
export function routedPlace(sufficiency: readonly number[], threshold: number): number {
  const found = sufficiency.findIndex((share) => share >= threshold);
  return found < 0 ? sufficiency.length - 1 : found;
}

/** List price of a call. @param cacheReadTokens of its input, read from the provider's cache */
export function listUsd(
  { inputUsd, cacheReadUsd, outputUsd }: PlantedModel,
  tokens: { input: number; cacheRead: number; output: number; isBatch: boolean },
): number {
  const { input, cacheRead, output, isBatch } = tokens;
  const full = (input - cacheRead) * inputUsd + cacheRead * cacheReadUsd + output * outputUsd;
  return (full * (isBatch ? 0.5 : 1)) / 1e6;
}

function plantDay(random: Random, { days, growth }: PlantedWorld): number {
  return pickWeighted(
    random,
    Array.from({ length: days }, (_, day) => day),
    (day) => 1 + growth * day,
  );
}

function plantSize(random: Random, { meanSession }: PlantedWorld): number {
  const stay = 1 - 1 / meanSession;
  let size = 1;
  while (size < 60 && random.uniform() < stay) size += 1;
  return size;
}

function pickWeighted<T>(random: Random, values: readonly T[], weightOf: (value: T) => number): T {
  let left = random.uniform() * values.reduce((sum, value) => sum + weightOf(value), 0);
  for (const value of values) {
    left -= weightOf(value);
    if (left < 0) return value;
  }
  return values.at(-1)!;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
