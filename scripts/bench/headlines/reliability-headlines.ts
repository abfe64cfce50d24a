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
    const { models, user, chains, latency } = reliability(
      { replay: draw.replay, policy: plantedPolicy(draw.world) },
      { sloMs },
    );
    const found: Record<string, Interval | null> = {};
    for (const { model, error_rate: rate } of models) found[`error_rate_${model}`] = rate;
    for (const row of latency) {
      found[`latency_${row.strategy}_p50_ms`] = row.total_p50;
      found[`latency_${row.strategy}_p95_ms`] = row.total_p95;
      found[`latency_${row.strategy}_within_slo`] = row.within_slo;
    }
    if (user === null) return found;
    for (const figure of figures) found[`user_${figure}`] = user[figure];
    found.user_wasted_usd = perSession(user.wasted_usd, draw);
    for (const { chain, availability, latency_ms: mean } of chains) {
      found[`availability_${chain}`] = availability;
      found[`latency_${chain}_mean_ms`] = mean;
    }
    return found;
  },
  bySession: "all",
  truth: (world) => ({
    ...errorRates(world),
    ...userTruth(world),
    ...availabilities(world),
    ...latencies(world),
    ...fallbackTime(world),
  }),
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

/** Times of answered, replayed requests as each one's own speed would make them on the other model. */
function latencies({ attempts, world }: PlantedDraw): Record<string, number> {
  const strong = world.models.length - 1;
  const placeOf: Record<string, (attempt: PlantedAttempt) => number> = {
    billed: ({ served }) => served,
    router: ({ chosen }) => chosen,
    always_strong: () => strong,
    always_cheapest: () => 0,
  };
  const answered = attempts.filter(({ chosen, isBatch }) => chosen >= 0 && !isBatch);
  return Object.fromEntries(
    Object.entries(placeOf).flatMap(([strategy, place]) => {
      const times = Float64Array.from(
        answered,
        (attempt) => (attempt.latencyMs * attempt.meanMs[place(attempt)]!) / attempt.meanMs[attempt.served]!,
      );
      const [p50, p95] = quantilesOf(times, [0.5, 0.95]) as [number, number];
      return [
        [`latency_${strategy}_p50_ms`, p50],
        [`latency_${strategy}_p95_ms`, p95],
        [`latency_${strategy}_within_slo`, times.filter((ms) => ms <= sloMs).length / times.length],
      ];
    }),
  );
}

/** Mean time to the answer with and without a fallback. A failure's request is as long as those that succeed, weighted by the odds of failing. */
function fallbackTime({ attempts, world }: PlantedDraw): Record<string, number> {
  const strong = world.models.length - 1;
  const [failedMs, pauseMs] = [0.4 * 30_000 + 0.6 * 150, 500];
  let [first, firstMs, answered, answeredMs] = [0, 0, 0, 0];
  for (const { served, attemptNo, isBatch, isSuccess, createdAt, meanMs } of attempts) {
    if (attemptNo > 1 || isBatch || served < 0 || !isSuccess) continue;
    const fails = errorRateAt(world, served, createdAt);
    const other = served === strong ? strong - 1 : served + 1;
    const recovered = (fails / (1 - fails)) * (1 - errorRateAt(world, other, createdAt));
    first += 1;
    firstMs += meanMs[served]!;
    answered += 1 + recovered;
    answeredMs += meanMs[served]! + recovered * (failedMs + pauseMs + meanMs[other]!);
  }
  return { latency_no_retry_mean_ms: firstMs / first, latency_fallback_mean_ms: answeredMs / answered };
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
