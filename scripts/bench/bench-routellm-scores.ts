import type { RoutellmBenchmark } from "../../datasets/benchmarks/pair-row.js";
import { createRandom } from "../../datasets/random.js";
import { apgr } from "../../models/metrics/apgr.js";
import { type RouteLlmMetrics, routeLlmMetrics } from "../../models/metrics/routellm-metrics.js";
import { rankByScore } from "../../models/metrics/routing-curve.js";
import { forecastOutOfFold } from "../../models/policies/forecast-out-of-fold.js";
import { groupMeanPolicy } from "../../models/policies/group-mean-policy.js";
import { knnPolicy } from "../../models/policies/knn-policy.js";
import { ngramPolicy, structurePolicy } from "../../models/policies/linear-policies.js";
import { linUcbPolicy } from "../../models/policies/linucb-policy.js";
import { needScores } from "../../models/policies/need-scores.js";
import {
  type Forecast,
  type Policy,
  type PolicyRows,
  selectPolicyRows,
} from "../../models/policies/policy.js";
import { routerPolicy } from "../../models/policies/router-policy.js";
import {
  lengthPolicy,
  oraclePolicy,
  randomPolicy,
  rulesPolicy,
} from "../../models/policies/simple-policies.js";
import { assignFolds, rowsWhere } from "../../models/split.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { BenchmarkRows, RoutellmRows } from "./bench-routellm-rows.js";

/** One router on one benchmark. */
export interface ScoredRow {
  name: string;
  /** What it learnt from. */
  setting: string;
  /** Name of its figures, such as mmlu_x; null = in the table only. */
  key: string | null;
  apgr: Interval;
  /** By RouteLLM's own formulas. */
  binned: RouteLlmMetrics;
}

interface ScoreOptions {
  quick: boolean;
  seed: number;
}

const folds = 5;
const labelledRows = 1_500;
const resamples = 5;
const pair = { weak: 0, strong: 1 };

/** Score every router that a benchmark allows. */
export async function scoreRows(
  benchmarks: RoutellmRows,
  benchmark: RoutellmBenchmark,
  options: ScoreOptions,
): Promise<ScoredRow[]> {
  const rows = benchmarks[benchmark];
  return [
    ...(await untrained(rows, benchmark, options)),
    ...(await fromOthers(benchmarks, benchmark, options)),
    ...(benchmark === "mmlu" ? await fromSamples(rows, options) : []),
    ...(await crossValidated(rows, benchmark, options)),
  ];
}

async function untrained(
  rows: BenchmarkRows,
  benchmark: RoutellmBenchmark,
  options: ScoreOptions,
): Promise<ScoredRow[]> {
  const scored: ScoredRow[] = [];
  for (const policy of [randomPolicy, lengthPolicy, rulesPolicy, oraclePolicy(rows)]) {
    const needs = await forecastNeeds(policy, rows, rows, options.seed);
    const key = policy === lengthPolicy ? `length_${keyOf(benchmark)}` : null;
    scored.push(scoreOf(rows, needs, { name: policy.name, setting: "nothing", key }, options));
  }
  for (const [name, needs] of Object.entries(rows.others))
    scored.push(scoreOf(rows, needs, { name, setting: "nothing", key: null }, options));
  return scored;
}

/** Setting O. */
async function fromOthers(
  benchmarks: RoutellmRows,
  benchmark: RoutellmBenchmark,
  options: ScoreOptions,
): Promise<ScoredRow[]> {
  const [name, train] =
    benchmark === "mmlu" ? (["GSM8K", benchmarks.gsm8k] as const) : (["MMLU", benchmarks.mmlu] as const);
  const rows = benchmarks[benchmark];
  const scored: ScoredRow[] = [];
  for (const policy of [structurePolicy, ...(options.quick ? [] : [routerPolicy])]) {
    const needs = await forecastNeeds(policy, train, rows, options.seed);
    const key = policy === structurePolicy ? `${keyOf(benchmark)}_o` : null;
    scored.push(scoreOf(rows, needs, { name: policy.name, setting: `O: ${name}`, key }, options));
  }
  return scored;
}

/** Setting D: the mean over resamples, each tested on all rows that it did not draw. */
async function fromSamples(rows: BenchmarkRows, options: ScoreOptions): Promise<ScoredRow[]> {
  const parts: ScoredRow[][] = [];
  for (let resample = 0; resample < (options.quick ? 1 : resamples); resample++) {
    const seed = options.seed + resample;
    const { inside, outside } = drawLabelled(rows.twins, seed);
    const test = selectBenchmarkRows(rows, outside);
    const train = selectPolicyRows(rows, inside);
    const forecasts = await forecastEach(learners(rows), (policy) =>
      policy.fit(train, seed).then((fitted) => fitted.forecast(test)),
    );
    parts.push(
      scoreForecasts(test, forecasts, { setting: `D: ${labelledRows} labels`, key: "mmlu_d" }, options),
    );
  }
  return parts[0]!.map((_, row) => meanRow(parts.map((part) => part[row]!)));
}

/** Setting X. */
async function crossValidated(
  rows: BenchmarkRows,
  benchmark: RoutellmBenchmark,
  options: ScoreOptions,
): Promise<ScoredRow[]> {
  const foldOf = assignFolds(rows.twins, folds, options.seed);
  const forecasts = await forecastEach(options.quick ? [ngramPolicy] : learners(rows), (policy) =>
    forecastOutOfFold(policy, rows, foldOf, options.seed),
  );
  return scoreForecasts(
    rows,
    forecasts,
    { setting: "X: 4 of 5 folds", key: `${keyOf(benchmark)}_x` },
    options,
  );
}

function learners({ groups }: BenchmarkRows): Policy[] {
  const hasTasks = new Set(groups).size > 1;
  return [routerPolicy, ...(hasTasks ? [groupMeanPolicy] : []), knnPolicy(), ngramPolicy, linUcbPolicy()];
}

async function forecastEach(
  policies: readonly Policy[],
  forecast: (policy: Policy) => Promise<Forecast>,
): Promise<Map<string, Forecast>> {
  const forecasts = new Map<string, Forecast>();
  for (const policy of policies) forecasts.set(policy.name, await forecast(policy));
  return forecasts;
}

/** Every learner by itself, and the router's forecast averaged with others'. */
function scoreForecasts(
  rows: BenchmarkRows,
  forecasts: ReadonlyMap<string, Forecast>,
  { setting, key }: { setting: string; key: string },
  options: ScoreOptions,
): ScoredRow[] {
  const combinations = [
    ...[...forecasts.keys()].map((name) => [name]),
    ["router", "knn"],
    ["router", "group_mean"],
    ["router", "knn", "group_mean"],
  ].filter((names) => names.every((name) => forecasts.has(name)));
  return combinations.map((names) => {
    const needs = names.map((name) => needScores(forecasts.get(name)!, pair));
    const mean = needs[0]!.map((_, row) => needs.reduce((sum, own) => sum + own[row]!, 0) / needs.length);
    const label = names.map((name) => labels[name] ?? name).join(" + ");
    return scoreOf(rows, mean, { name: label, setting, key: label === "router" ? key : null }, options);
  });
}

const labels: Readonly<Record<string, string>> = { group_mean: "task means", knn: "k-NN", ngram: "n-grams" };

function keyOf(benchmark: RoutellmBenchmark): string {
  return benchmark.replace("-", "");
}

async function forecastNeeds(
  policy: Policy,
  train: PolicyRows,
  test: PolicyRows,
  seed: number,
): Promise<Float64Array> {
  const fitted = await policy.fit(train, seed);
  return needScores(await fitted.forecast(test), pair);
}

/** Labelled prompts, whole groups of twins at a time. */
function drawLabelled(twins: Int32Array, seed: number): { inside: Int32Array; outside: Int32Array } {
  const groups = new Set(twins).size;
  const order = createRandom(seed).shuffle(Int32Array.from({ length: groups }, (_, group) => group));
  const drawn = new Set(order.subarray(0, labelledRows));
  return {
    inside: rowsWhere(twins, (group) => drawn.has(group)),
    outside: rowsWhere(twins, (group) => !drawn.has(group)),
  };
}

function selectBenchmarkRows(rows: BenchmarkRows, chosen: Int32Array): BenchmarkRows {
  const numbers = new Map<number, number>();
  return {
    ...selectPolicyRows(rows, chosen),
    twins: chosen.map((row) => {
      const twin = rows.twins[row]!;
      if (!numbers.has(twin)) numbers.set(twin, numbers.size);
      return numbers.get(twin)!;
    }),
    others: {},
  };
}

function scoreOf(
  { quality, twins }: BenchmarkRows,
  scores: Float64Array,
  about: Pick<ScoredRow, "name" | "setting" | "key">,
  { quick, seed }: ScoreOptions,
): ScoredRow {
  const routed = { scores, weak: quality[0]!, strong: quality[1]! };
  const order = rankByScore(scores);
  return {
    ...about,
    apgr: clusterBootstrap({
      clusters: twins,
      statistic: (counts) => apgr(routed, counts, order),
      replicates: quick ? 40 : 400,
      seed,
    }),
    binned: routeLlmMetrics(routed),
  };
}

/** The mean of every figure, bounds included: resamples share most of their test rows, so averaging narrows little. */
function meanRow(parts: readonly ScoredRow[]): ScoredRow {
  const mean = (read: (part: ScoredRow) => number) =>
    parts.reduce((sum, part) => sum + read(part), 0) / parts.length;
  return {
    ...parts[0]!,
    apgr: {
      value: mean(({ apgr: { value } }) => value),
      low: mean(({ apgr: { low } }) => low),
      high: mean(({ apgr: { high } }) => high),
    },
    binned: {
      apgr: mean(({ binned }) => binned.apgr),
      cpt20: mean(({ binned }) => binned.cpt20),
      cpt50: mean(({ binned }) => binned.cpt50),
      cpt80: mean(({ binned }) => binned.cpt80),
    },
  };
}
