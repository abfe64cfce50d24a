import { errorRateAt, type PlantedAttempt } from "../../../datasets/synthetic/planted-log.js";
import { quantilesOf } from "../../../models/statistics/quantiles.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { reliability } from "../../../pipelines/reliability/reliability.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";
import { plantedPolicy } from "./planted-policy.js";

const sloMs = 5_000;

/** What `signalbox simulate reliability` says of errors, of what users saw, and of chains; outages hit neighbouring calls together. */
export const reliabilityHeadlines: HeadlineGroup = {
  title: "Reliability",
  estimate: (draw) => {
    const { models, user, chains } = reliability(
      { replay: draw.replay, policy: plantedPolicy(draw.world) },
      { sloMs },
    );
    const found: Record<string, Interval | null> = {};
    for (const { model, error_rate: rate } of models) found[`error_rate_${model}`] = rate;
    if (user === null) return found;
    for (const figure of figures) found[`user_${figure}`] = user[figure];
    found.user_wasted_usd = perSession(user.wasted_usd, draw);
    for (const { chain, availability } of chains) found[`availability_${chain}`] = availability;
    return found;
  },
  bySession: "all",
  truth: (world) => ({ ...errorRates(world), ...userTruth(world), ...availabilities(world) }),
};

const figures = [
  "success",
  "first_success",
  "attempts_per_request",
  "fallback_rate",
  "usd_per_success",
  "latency_p50",
  "latency_p95",
  "within_slo",
] as const;

function errorRates({ attempts, world }: PlantedDraw): Record<string, number> {
  return Object.fromEntries(
    world.models.map(({ model }, place) => {
      const own = attempts.filter(({ served }) => served === place);
      return [`error_rate_${model}`, own.filter(({ isSuccess }) => !isSuccess).length / own.length];
    }),
  );
}

/** What users saw, counted by hand: requests outside batch jobs, each with all its attempts. */
function userTruth({ attempts, drawn }: PlantedDraw): Record<string, number> {
  const requests = requestsOf(attempts);
  const waits: number[] = [];
  let [succeeded, first, tries, fallbacks, usd, priced, wasted, inTime] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const chain of requests) {
    const last = chain.at(-1)!;
    const bill = chain.reduce((sum, { billedUsd }) => sum + billedUsd, 0);
    const wait = (last.createdAt - chain[0]!.createdAt) / 1000 + last.latencyMs;
    succeeded += Number(last.isSuccess);
    first += Number(chain[0]!.isSuccess);
    tries += chain.length;
    fallbacks += Number(chain.some(({ served }) => served !== chain[0]!.served));
    for (const { isSuccess, billedUsd } of chain) if (!isSuccess && billedUsd > 0) wasted += billedUsd;
    if (last.isSuccess) waits.push(wait);
    inTime += Number(last.isSuccess && wait <= sloMs);
    if (Number.isNaN(bill)) continue;
    usd += bill;
    priced += Number(last.isSuccess);
  }
  const [p50, p95] = quantilesOf(Float64Array.from(waits), [0.5, 0.95]) as [number, number];
  return {
    user_success: succeeded / requests.length,
    user_first_success: first / requests.length,
    user_attempts_per_request: tries / requests.length,
    user_fallback_rate: fallbacks / requests.length,
    user_usd_per_success: usd / priced,
    user_wasted_usd: wasted / drawn,
    user_latency_p50: p50,
    user_latency_p95: p95,
    user_within_slo: inTime / requests.length,
  };
}

/** Availability of chains from the planted error rates at the time of each first attempt: a retry meets the same outage. */
function availabilities({ attempts, world }: PlantedDraw): Record<string, number> {
  const strong = world.models.length - 1;
  let [requests, once, retried, twice, fallen, both] = [0, 0, 0, 0, 0, 0];
  for (const { served, attemptNo, isBatch, createdAt } of attempts) {
    if (attemptNo > 1 || isBatch || served < 0) continue;
    const fails = errorRateAt(world, served, createdAt);
    const next = errorRateAt(world, served === strong ? strong - 1 : served + 1, createdAt);
    requests += 1;
    once += 1 - fails;
    retried += 1 - fails ** 2;
    twice += 1 - fails ** 3;
    fallen += 1 - fails * next;
    both += 1 - fails ** 2 * next;
  }
  return {
    availability_no_retry: once / requests,
    availability_retry_once: retried / requests,
    availability_retry_twice: twice / requests,
    availability_fallback: fallen / requests,
    availability_retry_then_fallback: both / requests,
  };
}

function requestsOf(attempts: readonly PlantedAttempt[]): PlantedAttempt[][] {
  const chains = new Map<number, PlantedAttempt[]>();
  for (const attempt of attempts) {
    if (attempt.isBatch) continue;
    const chain = chains.get(attempt.logical);
    if (chain === undefined) chains.set(attempt.logical, [attempt]);
    else chain.push(attempt);
  }
  return [...chains.values()];
}
