import { beforeAll, expect, test } from "vitest";
import { type PlantedAttempt, plantLog } from "../../../datasets/synthetic/planted-log.js";
import { plantedWorld } from "../../../datasets/synthetic/planted-world.js";
import { clusterRatio } from "../../../models/statistics/cluster-ratio.js";
import { normalCdf } from "../../../models/statistics/normal-cdf.js";

/** A world that can be worked out by hand: no failures, one mix on all days, everything has a price and a model of the pool. */
const plain = {
  ...plantedWorld,
  apps: plantedWorld.apps.map((app) => ({ ...app, weights: [app.weights[0], app.weights[0]] as const })),
  errorRate: 0,
  outages: [],
  unknownShare: 0,
  otherShare: 0,
};
const sessions = 20_000;
let log: PlantedAttempt[];

beforeAll(() => {
  log = plantLog(plain, sessions, 7);
});

/** Mean over apps by their share of requests. */
function overApps(figureOf: (app: (typeof plain.apps)[number]) => number): number {
  return plain.apps.reduce((sum, app) => sum + app.weights[0] * figureOf(app), 0);
}

/** Mean of a function of the difficulty of an app's requests, by Simpson's rule over eight standard deviations either way. */
function overDifficulty(centre: number, of: (difficulty: number) => number): number {
  const sd = Math.hypot(plain.shared, plain.own);
  const steps = 2000;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -8 + (16 * i) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += (weight * of(centre + sd * z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (sum * 16) / steps / 3;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Whether a mean over the log agrees with the truth: within four standard errors by session, which themselves are small. */
function expectTruth(figureOf: (attempt: PlantedAttempt) => number, truth: number): void {
  const { value, standardError } = clusterRatio(
    log.map(figureOf),
    log.map(() => 1),
    log.map(({ session }) => session),
  );
  expect(standardError).toBeLessThan(0.05 * Math.abs(truth));
  expect(Math.abs(value - truth)).toBeLessThan(4 * standardError);
}

test("mean true sufficiency is the integral over difficulty, luck or not", () => {
  for (const model of [0, 1]) {
    const { ability } = plain.models[model]!;
    const truth = overApps(({ difficulty }) =>
      overDifficulty(difficulty, (d) => logistic(2 * (ability - d))),
    );
    expectTruth(({ trueSufficiency }) => trueSufficiency[model]!, truth);
    expectTruth(({ sufficiency }) => sufficiency[model]!, truth);
  }
});

test("the router's shares are those of its threshold", () => {
  const margin = Math.log(plain.threshold / (1 - plain.threshold)) / 2;
  const upTo = (ability: number) =>
    overApps(({ difficulty }) =>
      normalCdf((ability - margin - difficulty) / Math.hypot(plain.shared, plain.own)),
    );
  expectTruth(({ chosen }) => Number(chosen === 0), upTo(plain.models[0]!.ability));
  expectTruth(({ chosen }) => Number(chosen <= 1), upTo(plain.models[1]!.ability));
});

test("always one model costs the lognormal mean of its tokens", () => {
  // Length shares the session's part and 0.2 of difficulty, which is itself shared in part.
  const { shared, own } = plain;
  const variance = shared ** 2 + 0.04 * (shared ** 2 + own ** 2) + own ** 2;
  const tokens = (log: number) => 1 + Math.exp(log + variance / 2);
  const strong = plain.models[2]!;
  const truth = overApps(
    ({ logInput, logOutput, batchShare, habit }) =>
      // On calls that it didn't serve itself: those are billed with a mark-up.
      ((1 - habit[2]!) *
        (1 - 0.5 * batchShare) *
        (strong.inputUsd * tokens(logInput) + strong.outputUsd * tokens(logOutput))) /
      1e6,
  );
  expectTruth(({ usd, served }) => (served === 2 ? 0 : usd[2]!), truth);
});

test("the bill is the list price with mark-up and fee", () => {
  expectTruth(({ billedUsd, listUsd }) => (billedUsd - plain.feeUsd) / listUsd, 1 + plain.markup);
});

test("the router's sufficiency is calibrated among whatever it looks at", () => {
  for (const isIn of [
    ({ app }: PlantedAttempt) => app === "code",
    ({ sufficiency }: PlantedAttempt) => sufficiency[0]! > 0.6 && sufficiency[0]! < 0.9,
    ({ inputTokens }: PlantedAttempt) => inputTokens > 1_000,
  ]) {
    const rows = log.filter(isIn);
    const { value, standardError } = clusterRatio(
      rows.map(({ trueSufficiency, sufficiency }) => trueSufficiency[0]! - sufficiency[0]!),
      rows.map(() => 1),
      rows.map(({ session }) => session),
    );
    expect(Math.abs(value)).toBeLessThan(4 * standardError);
  }
});

test("requests of a session are alike: errors by session are over twice those by request", () => {
  for (const figureOf of [
    ({ billedUsd }: PlantedAttempt) => billedUsd,
    ({ trueSufficiency }: PlantedAttempt) => trueSufficiency[0]!,
  ]) {
    const values = log.map(figureOf);
    const ones = values.map(() => 1);
    const bySession = clusterRatio(
      values,
      ones,
      log.map(({ session }) => session),
    );
    const byRequest = clusterRatio(
      values,
      ones,
      log.map((_, row) => row),
    );
    expect(bySession.standardError).toBeGreaterThan(2 * byRequest.standardError);
  }
});

test("repeats are as many as the catalogue's popularity says", () => {
  const small = plantLog(plain, 600, 3);
  const { share, prompts, exponent } = plain.repeats;
  const weights = Array.from({ length: prompts }, (_, rank) => (rank + 1) ** -exponent);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const n = small.length;
  const distinct = weights.reduce((sum, weight) => sum + 1 - (1 - (share * weight) / all) ** n, 0);
  const expected = share * n - distinct;
  const found = n - new Set(small.map(({ prompt }) => prompt)).size;
  expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(n * share * (1 - share)));
});

test("calls fail together in outages and are tried again, and growth and mix move", () => {
  const busy = plantLog(plantedWorld, 20_000, 5);
  const start = busy[0]!.createdAt;
  const isIn = ({ createdAt, served }: PlantedAttempt) =>
    plantedWorld.outages.some(
      ({ model, fromHour, toHour }) =>
        model === served &&
        createdAt >= Date.UTC(2026, 0, 5) * 1000 + fromHour * 3.6e9 &&
        createdAt < Date.UTC(2026, 0, 5) * 1000 + toHour * 3.6e9,
    );
  const failed = (rows: PlantedAttempt[]) => rows.filter(({ isSuccess }) => !isSuccess).length / rows.length;
  expect(failed(busy.filter(isIn))).toBeGreaterThan(0.65);
  expect(failed(busy.filter((attempt) => !isIn(attempt)))).toBeLessThan(0.015);
  expect(busy.some(({ attemptNo }) => attemptNo > 2)).toBe(true);
  const [early, late] = [0, 1].map((half) =>
    busy.filter(({ createdAt }) => Number(createdAt - start > 14 * 86_400e6) === half),
  ) as [PlantedAttempt[], PlantedAttempt[]];
  const code = (rows: PlantedAttempt[]) => rows.filter(({ app }) => app === "code").length / rows.length;
  expect(late.length).toBeGreaterThan(1.2 * early.length);
  expect(code(late)).toBeGreaterThan(code(early) + 0.05);
});

test("a seed draws the same log again, another seed another", () => {
  expect(plantLog(plantedWorld, 20, 1)).toEqual(plantLog(plantedWorld, 20, 1));
  expect(plantLog(plantedWorld, 20, 2)).not.toEqual(plantLog(plantedWorld, 20, 1));
});
