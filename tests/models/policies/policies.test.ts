import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { apgr } from "../../../models/metrics/apgr.js";
import { costMatchedShare } from "../../../models/policies/cost-matched-share.js";
import { ensemblePolicy } from "../../../models/policies/ensemble-policy.js";
import { fitStack } from "../../../models/policies/fit-stack.js";
import { forecastOutOfFold } from "../../../models/policies/forecast-out-of-fold.js";
import { groupMeanPolicy } from "../../../models/policies/group-mean-policy.js";
import { knnPolicy } from "../../../models/policies/knn-policy.js";
import { ngramPolicy } from "../../../models/policies/linear-policies.js";
import { linUcbPolicy } from "../../../models/policies/linucb-policy.js";
import { needScores } from "../../../models/policies/need-scores.js";
import { createNeighbourIndex } from "../../../models/policies/neighbour-index.js";
import { knownMean, type Policy, type PolicyRows } from "../../../models/policies/policy.js";
import { routerPolicy } from "../../../models/policies/router-policy.js";
import { ruleScore } from "../../../models/policies/rule-score.js";
import {
  bestSinglePolicy,
  lengthPolicy,
  oraclePolicy,
  randomPolicy,
  rulesPolicy,
} from "../../../models/policies/simple-policies.js";
import { tradeOffs } from "../../../models/policies/trade-offs.js";
import { plantedQuality, plantedRows } from "./planted-world.js";

const train = plantedRows(800, 1);
const asked = plantedRows(600, 2);
const [weak, strong] = [0, 2];

async function forecastOf(policy: Policy, from: PolicyRows = train) {
  return (await policy.fit(from, 7)).forecast(asked);
}

async function plantedApgr(policy: Policy, from?: PolicyRows): Promise<number> {
  const scores = needScores(await forecastOf(policy, from), { weak, strong });
  return apgr({ scores, weak: asked.quality[weak]!, strong: asked.quality[strong]! });
}

const members = [groupMeanPolicy, knnPolicy(), ngramPolicy];
const learners = [
  ...members,
  linUcbPolicy(),
  routerPolicy,
  ensemblePolicy(members, "mean"),
  ensemblePolicy(members, "rank"),
  ensemblePolicy(members, "stack"),
];

test.each(learners.map((policy) => [policy.name, policy] as const))(
  "%s finds the task that needs the strong model, about as well as knowing the task",
  async (_, policy) => {
    const chances = [0, 1, 2].map((model) =>
      Float64Array.from(asked.groups, (group) => plantedQuality[group][model]!),
    );
    const known = needScores(chances, { weak, strong });
    const best = apgr({ scores: known, weak: asked.quality[weak]!, strong: asked.quality[strong]! });
    expect(best).toBeGreaterThan(0.7);
    expect(await plantedApgr(policy)).toBeGreaterThan(best - 0.03);
  },
);

test("the oracle beats every strategy, and strategies that ignore the request are random", async () => {
  const oracle = await plantedApgr(oraclePolicy(asked));
  for (const policy of [...members, lengthPolicy, rulesPolicy, randomPolicy, bestSinglePolicy]) {
    expect(await plantedApgr(policy)).toBeLessThan(oracle);
  }
  expect(await plantedApgr(bestSinglePolicy)).toBeCloseTo(0.5, 9);
  expect(Math.abs((await plantedApgr(randomPolicy)) - 0.5)).toBeLessThan(0.06);
});

test("group means recover the planted quality, and an unknown group gets the overall mean", async () => {
  const fitted = await groupMeanPolicy.fit(train, 1);
  const forecast = await fitted.forecast({
    ...asked,
    groups: asked.groups.map((g, i) => (i === 0 ? "other" : g)),
  });
  for (let model = 0; model < 3; model++) {
    expect(forecast[model]![0]).toBeCloseTo(knownMean(train.quality[model]!), 12);
    for (const group of ["chat", "maths"] as const) {
      const row = asked.groups.indexOf(group, 1);
      expect(Math.abs(forecast[model]![row]! - plantedQuality[group][model]!)).toBeLessThan(0.06);
    }
  }
});

test.each(
  [groupMeanPolicy, linUcbPolicy(), knnPolicy(), ngramPolicy].map((policy) => [policy.name, policy] as const),
)("%s learns from logs in which only one model answered each request", async (_, policy) => {
  const random = createRandom(3);
  const logged = plantedRows(3000, 4);
  const answered = logged.texts.map(() => random.below(3));
  const quality = logged.quality.map((values, model) =>
    values.map((value, row) => (answered[row] === model ? value : Number.NaN)),
  );
  expect(await plantedApgr(policy, { ...logged, quality })).toBeGreaterThan(0.65);
});

test("LinUCB finds the better arm of each context where arms complement each other", async () => {
  const world = { chat: [0.9, 0.2], maths: [0.2, 0.9] };
  const rows = plantedRows(1500, 5, world);
  const fitted = await linUcbPolicy().fit(rows, 1);
  const forecast = await fitted.forecast(asked);
  const right = asked.groups.filter(
    (group, row) => forecast[0]![row]! > forecast[1]![row]! === (group === "chat"),
  );
  expect(right.length / asked.groups.length).toBeGreaterThan(0.95);
});

test("the same rows and seed give the same forecasts", async () => {
  for (const policy of [
    randomPolicy,
    linUcbPolicy(),
    knnPolicy(),
    ensemblePolicy([lengthPolicy, groupMeanPolicy], "stack"),
  ]) {
    expect(await forecastOf(policy)).toEqual(await forecastOf(policy));
  }
});

test("a row is never forecast by a fit that saw it", async () => {
  const memory: Policy = {
    name: "memory",
    fit: async ({ texts, quality }) => {
      const seen = new Set(texts);
      return {
        forecast: async (requests) =>
          quality.map(() => Float64Array.from(requests.texts, (text) => Number(seen.has(text)))),
      };
    },
  };
  const rows = { ...train, texts: train.texts.map((_, row) => String(row)) };
  const folds = Int32Array.from(rows.texts, (_, row) => row % 3);
  const forecast = await forecastOutOfFold(memory, rows, folds, 1);
  expect(forecast[0]!.every((value) => value === 0)).toBe(true);
});

test("the neighbour index finds what comparing all pairs finds", () => {
  const rows = plantedRows(120, 6).matrix;
  const index = createNeighbourIndex(rows);
  const vectors = denseVectors(rows);
  for (const row of [0, 17, 119]) {
    const similarity = vectors.map((vector) =>
      vector.reduce((sum, value, j) => sum + value * vectors[row]![j]!, 0),
    );
    const best = [...similarity.keys()]
      .filter((other) => similarity[other]! > 1e-9)
      .sort((a, b) => similarity[b]! - similarity[a]!)
      .slice(0, 5);
    const found = [...index.nearest(rows, row, 5)];
    expect(found[0]).toBe(row);
    expect(found.map((other) => similarity[other]!.toFixed(4))).toEqual(
      best.map((other) => similarity[other]!.toFixed(4)),
    );
  }
  expect(index.nearest(rows, 0, 1000).length).toBeLessThanOrEqual(120);
});

/** Unit vectors with the index's document frequencies, n-grams of more than a tenth of the rows left out. */
function denseVectors(matrix: PolicyRows["matrix"]): Float64Array[] {
  const frequency = new Int32Array(matrix.buckets);
  for (const id of matrix.ids) frequency[id]! += 1;
  return Array.from({ length: matrix.rows }, (_, row) => {
    const vector = new Float64Array(matrix.buckets);
    for (let at = matrix.offsets[row]!; at < matrix.offsets[row + 1]!; at++) {
      const id = matrix.ids[at]!;
      if (frequency[id]! <= matrix.rows / 10)
        vector[id] = matrix.weights[at]! * Math.log(matrix.rows / frequency[id]!);
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
    return vector.map((value) => value / norm);
  });
}

test("a stack trusts the member that knows and stays at the average without evidence", () => {
  const random = createRandom(8);
  const truth = Float64Array.from({ length: 2000 }, () => (random.uniform() < 0.5 ? 0.2 : 0.8));
  const noise = truth.map(() => random.uniform());
  const quality = truth.map((p) => Number(random.uniform() < p));
  const stack = fitStack([truth, noise], quality);
  expect(stack([Float64Array.of(0.8, 0.2), Float64Array.of(0.2, 0.8)])[0]).toBeGreaterThan(0.7);
  expect(stack([Float64Array.of(0.8, 0.2), Float64Array.of(0.2, 0.8)])[1]).toBeLessThan(0.3);
  const unknown = fitStack(
    [truth, noise],
    truth.map(() => Number.NaN),
  );
  expect(unknown([Float64Array.of(0.5), Float64Array.of(0.5)])[0]).toBeCloseTo(0.5, 9);
});

test("trade-offs run from the cheapest model for all to the best forecast for each", () => {
  const forecast = [Float64Array.of(0.9, 0.5, 0.4), Float64Array.of(0.8, 0.6, 0.9)];
  const settings = tradeOffs(forecast, [1, 2]);
  expect(settings.map(({ chosen }) => [...chosen])).toEqual([
    [0, 0, 0],
    [0, 0, 1],
    [0, 1, 1],
  ]);
});

test("a rank that only orders requests is kept as need of the strong model", async () => {
  const need = needScores(await forecastOf(lengthPolicy), { weak, strong });
  const order = [...asked.texts.keys()].sort((a, b) => asked.texts[a]!.length - asked.texts[b]!.length);
  for (let i = 1; i < order.length; i++) {
    expect(need[order[i]!]!).toBeGreaterThanOrEqual(need[order[i - 1]!]!);
  }
});

test.each([
  [5, 1, 9, 0.5],
  [0.5, 1, 9, 0],
  [20, 1, 9, 1],
])(
  "a router that costs %d between models of %d and %d is matched by a share of %d",
  (router, cheap, dear, share) => {
    expect(costMatchedShare(router, cheap, dear)).toBeCloseTo(share, 12);
  },
);

test.each([
  ["hello", "Prove step by step that the integral converges, and compare both derivations."],
  [
    "What is the capital of France?",
    "Refactor this class: ```def f(x): return x``` and explain why the exception is raised.",
  ],
  ["thanks, ok", "Analyze the trade-offs of a distributed architecture. 1. latency 2. throughput"],
])("rules score %j below %j", (easy, hard) => {
  expect(ruleScore(easy)).toBeLessThan(ruleScore(hard));
});
