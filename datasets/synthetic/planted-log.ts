import { createRandom, type Random } from "../random.js";
import {
  hourUs,
  knownSufficiency,
  listUsd,
  type PlantedRequest,
  type PlantedSession,
  plantedStartUs,
  plantRequest,
  plantSession,
  routedPlace,
  trueSufficiency,
} from "./planted-session.js";
import type { PlantedWorld } from "./planted-world.js";
import { createZipf } from "./zipf.js";

/** One attempt of a planted log: what a log shows, what a router knows, and the truth. NaN and -1 are unknown. */
export interface PlantedAttempt {
  session: number;
  logical: number;
  attemptNo: number;
  /** Microseconds since 1970 UTC. */
  createdAt: number;
  app: string;
  tenant: string;
  user: number;
  prompt: number;
  served: number;
  isSuccess: boolean;
  isBatch: boolean;
  errorClass: string | null;
  inputTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
  userChars: number;
  /** What the gateway charges; and the list price behind it. */
  billedUsd: number;
  listUsd: number;
  latencyMs: number;
  ttftMs: number;
  /** Place of the router's model, -1 where it can't decide. */
  chosen: number;
  tier: number;
  stakes: number;
  confidence: number;
  rules: number;
  /** By model, as a replay has them: as billed where it answered, else list price without cached input. Empty when not replayed. */
  usd: readonly number[];
  sufficiency: readonly number[];
  /** The truth by model: probability that the answer would do, and the mean latency for this length. */
  trueSufficiency: readonly number[];
  meanMs: readonly number[];
}

/** Draw a log from a planted world: so many sessions of its population, each with its requests and what came of them, in the order of
 * time. Sessions are independent of each other, except that they ask prompts of one catalogue. */
export function plantLog(world: PlantedWorld, sessions: number, seed: number): PlantedAttempt[] {
  const random = createRandom(seed);
  const userOf = createZipf(world.users, 0.7);
  const promptOf = createZipf(world.repeats.prompts, world.repeats.exponent);
  const attempts: PlantedAttempt[] = [];
  let logical = 0;
  for (let number = 0; number < sessions; number++) {
    const session = plantSession(random, world, userOf);
    let at = session.startUs;
    for (let place = 0; place < session.requests; place++) {
      const request = plantRequest(random, world, session, place);
      const isRepeat = random.uniform() < world.repeats.share;
      const prompt = isRepeat ? promptOf(random) : world.repeats.prompts + logical;
      at = plantAttempts({ random, world, session, request, number, logical, prompt, at, attempts });
      at += Math.round(-40e6 * Math.log(1 - random.uniform()));
      logical += 1;
    }
  }
  return attempts.sort((a, b) => a.createdAt - b.createdAt || a.logical - b.logical);
}

/** What one request came to: a success, or failures with retries and fallbacks.
 * @returns when the last attempt was over */
function plantAttempts(options: {
  random: Random;
  world: PlantedWorld;
  session: PlantedSession;
  request: PlantedRequest;
  number: number;
  logical: number;
  prompt: number;
  at: number;
  attempts: PlantedAttempt[];
}): number {
  const { random, world, session, request, number, logical, prompt, attempts } = options;
  let { at } = options;
  let { served } = session;
  const strong = world.models.length - 1;
  for (let attemptNo = 1; attemptNo <= world.mostAttempts; attemptNo++) {
    const isSuccess = random.uniform() >= errorRateAt(world, served, at);
    const place = { session: number, logical, attemptNo, createdAt: at, prompt };
    const attempt = plantAttempt({ random, world, session, request, served, isSuccess, place });
    attempts.push(attempt);
    at += Math.ceil(attempt.latencyMs * 1000) + 500_000;
    if (isSuccess) break;
    const next = random.uniform();
    if (next >= world.retryShare + world.fallbackShare) break;
    if (next >= world.retryShare && served >= 0) served = served === strong ? strong - 1 : served + 1;
  }
  return at;
}

/** Probability that a call of a model fails at a moment, microseconds since 1970. */
export function errorRateAt(
  { errorRate, outageErrorRate, outages }: PlantedWorld,
  served: number,
  at: number,
) {
  const hour = (at - plantedStartUs) / hourUs;
  const isOut = outages.some(
    ({ model, fromHour, toHour }) => model === served && fromHour <= hour && hour < toHour,
  );
  return isOut ? outageErrorRate : errorRate;
}

function plantAttempt(options: {
  random: Random;
  world: PlantedWorld;
  session: PlantedSession;
  request: PlantedRequest;
  served: number;
  isSuccess: boolean;
  place: Pick<PlantedAttempt, "session" | "logical" | "attemptNo" | "createdAt" | "prompt">;
}): PlantedAttempt {
  const { random, world, session, request, served, isSuccess, place } = options;
  const { models, markup, feeUsd, billNoise } = world;
  const { isBatch } = session;
  const { inputTokens, cacheReadTokens, difficulty } = request;
  const isTimeout = !isSuccess && random.uniform() < 0.4;
  const outputTokens = isSuccess ? request.outputTokens : 0;
  const tokens = { input: inputTokens, cacheRead: cacheReadTokens, output: outputTokens, isBatch };
  // The model outside the pool is as dear as the strong one; only an answer or a timeout is charged.
  const price = models[served] ?? models.at(-1)!;
  const list = isSuccess || isTimeout ? listUsd(price, tokens) : 0;
  const isUnknown = random.uniform() < world.unknownShare;
  const noise = billNoise * Math.SQRT1_2 * (session.bill + random.normal());
  const charged = list > 0 ? list * (1 + markup) * (1 + noise) + feeUsd : 0;
  const billedUsd = isUnknown ? Number.NaN : charged;
  const isReplayed = isSuccess && served >= 0 && !isUnknown;
  const sufficiency = knownSufficiency(world, difficulty);
  const chosen = isReplayed ? routedPlace(sufficiency, world.threshold) : -1;
  const meanMs = models.map(({ baseMs, tokenMs }) => baseMs + tokenMs * outputTokens);
  const slowness = Math.exp(0.3 * session.speed - 0.045 + 0.2 * random.normal() - 0.02);
  const latencyMs = isSuccess ? (meanMs[served] ?? meanMs.at(-1)!) * slowness : isTimeout ? 30_000 : 150;
  return {
    session: place.session,
    logical: place.logical,
    attemptNo: place.attemptNo,
    createdAt: place.createdAt,
    prompt: place.prompt,
    app: session.app.app,
    tenant: session.tenant,
    user: session.user,
    served,
    isSuccess,
    isBatch,
    errorClass: isSuccess ? null : isTimeout ? "timeout" : random.pick(["rate_limit", "server"]),
    inputTokens,
    cacheReadTokens,
    outputTokens,
    userChars: request.userChars,
    billedUsd,
    listUsd: isUnknown ? Number.NaN : list,
    latencyMs,
    ttftMs: isSuccess ? 0.3 * latencyMs * (0.5 + random.uniform()) : Number.NaN,
    chosen,
    tier: isReplayed ? chosen : -1,
    stakes: isReplayed ? request.stakes : -1,
    confidence: isReplayed ? sufficiency[chosen]! : Number.NaN,
    rules: request.rules,
    usd: isReplayed
      ? models.map((model, m) => (m === served ? billedUsd : listUsd(model, { ...tokens, cacheRead: 0 })))
      : [],
    sufficiency: isReplayed ? sufficiency : [],
    trueSufficiency: trueSufficiency(world, difficulty, session.luck),
    meanMs,
  };
}
