import { expect, test } from "vitest";
import { createRandom, type Random } from "../../../datasets/random.js";
import { latencyQuantiles } from "../../../pipelines/frontier/latency-quantiles.js";
import { settingSums } from "../../../pipelines/frontier/setting-sums.js";
import { sweepRows } from "../../../pipelines/frontier/sweep-rows.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["small", "large"];

function always(attempts: readonly ReplayedAttempt[], place: number) {
  const sweep = sweepRows(replayData(models, attempts), [null, null]);
  const sums = settingSums(sweep, new Uint8Array(attempts.length).fill(place));
  return latencyQuantiles(sweep, null)(sums)?.intervalOf(0.95) ?? null;
}

const attempt = (served: number, outputTokens: number, latency: number): ReplayedAttempt => ({
  served,
  outputTokens,
  latency,
  usd: [1, 2],
  sufficiency: [1, 1],
});

test("requests take the latencies of a model's answers of similar length", () => {
  // Short answers take the small model 1 to 20 ms, long ones 1,001 to 1,020; the strong model answered long ones only.
  const attempts = [
    ...Array.from({ length: 20 }, (_, i) => attempt(0, 10, i + 1)),
    ...Array.from({ length: 20 }, (_, i) => attempt(0, 600, 1001 + i)),
    ...Array.from({ length: 60 }, () => attempt(1, 600, 5000)),
  ];
  // 20 % short, 80 % long: the 95th percentile is at 0.75 / 0.8 of the long ones, the 19th of 20.
  expect(always(attempts, 0)!.value).toBe(1019);
  expect(always(attempts, 1)!.value).toBe(5000);
});

test("a class with fewer than 20 answers takes the model's answers of all lengths, stretched to its own", () => {
  // 100 ms to begin and 1 ms a token: what the strong model alone wrote takes the small one 2,100 ms
  const attempts = [
    ...Array.from({ length: 30 }, (_, i) => attempt(0, 10 + i, 110 + i)),
    ...Array.from({ length: 10 }, (_, i) => attempt(0, 600 + i, 700 + i)),
    ...Array.from({ length: 60 }, () => attempt(1, 2000, 5000)),
  ];
  expect(always(attempts, 0)!.value).toBeCloseTo(2100, 6);
});

test("the interval covers the p95 of a model that answered a third of the calls in about 95 % of 200 logs", () => {
  const truth = new Float64Array(400_000);
  const random = createRandom(99);
  truth.forEach((_, i) => {
    truth[i] = drawLatency(random, random.normal(), lengthOf(random));
  });
  truth.sort();
  const wanted = truth[Math.ceil(0.95 * truth.length) - 1]!;
  let covered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { low, high } = always(randomLog(createRandom(500 + seed)), 0)!;
    if (low <= wanted && wanted <= high) covered += 1;
  }
  // Margin: three binomial standard errors of 200 trials at 0.95 are 0.046.
  expect(covered / 200).toBeGreaterThan(0.904);
  expect(covered / 200).toBeLessThan(0.996);
});

/** 150 sessions of one to six calls, a third of them answered by the small model; sessions differ in speed. */
function randomLog(random: Random): ReplayedAttempt[] {
  const attempts: ReplayedAttempt[] = [];
  for (let session = 0; session < 150; session++) {
    const effect = random.normal();
    for (let turn = 0; turn < 3 + random.below(6); turn++) {
      const outputTokens = lengthOf(random);
      const served = random.uniform() < 1 / 3 ? 0 : 1;
      attempts.push({
        ...attempt(served, outputTokens, drawLatency(random, effect, outputTokens) * (1 + served)),
        session,
      });
    }
  }
  return attempts;
}

function lengthOf(random: Random): number {
  return random.uniform() < 0.5 ? 50 : 300;
}

function drawLatency(random: Random, effect: number, outputTokens: number): number {
  return 10 * outputTokens * Math.exp(0.5 * effect + 0.5 * random.normal());
}
