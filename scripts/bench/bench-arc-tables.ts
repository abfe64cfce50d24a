import { apgr, callPerformanceThreshold } from "../../models/metrics/apgr.js";
import { averageImprovement, meanQuality } from "../../models/metrics/average-improvement.js";
import type { CostQuality } from "../../models/metrics/cost-quality-hull.js";
import { costSavingRatio } from "../../models/metrics/cost-saving-ratio.js";
import { dominatedModels } from "../../models/metrics/dominated-models.js";
import { incrementalBenefit } from "../../models/metrics/incremental-benefit.js";
import { costGains, relativeGains } from "../../models/metrics/relative-gains.js";
import { routerArenaOptimality, routerArenaScore } from "../../models/metrics/routerarena.js";
import { rankByScore, routingCurve } from "../../models/metrics/routing-curve.js";
import { needScores } from "../../models/policies/need-scores.js";
import type { PolicyRows } from "../../models/policies/policy.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { BenchTable } from "./bench.js";
import { type PolicyRun, pointOf } from "./bench-arc-runs.js";

/** Everything that the tables of bench:arc are computed from. */
export interface ArcRun {
  models: readonly string[];
  train: PolicyRows;
  test: PolicyRows;
  runs: readonly PolicyRun[];
  replicates: number;
  seed: number;
}

/** AIQ of the Zero router and of every strategy, with the agreed figures. */
export function aiqTable(arc: ArcRun): { figures: Record<string, number>; table: BenchTable } {
  const { runs, test } = arc;
  const zeroPath = runs.find(({ name }) => name === "best_single")!.settings;
  const hullMean = (settings: readonly Int32Array[]) => (counts: Float64Array) =>
    meanOnRange(test, settings, counts, averageImprovement);
  const pathMean = (settings: readonly Int32Array[]) => (counts: Float64Array) =>
    meanOnRange(test, settings, counts, (points, range) =>
      meanQuality(
        [...points].sort((a, b) => a.usd - b.usd),
        range,
      ),
    );
  const figures: Record<string, number> = {};
  const measure = (key: string, statistic: (counts: Float64Array) => number): Interval => {
    const estimate = bootstrap(arc, statistic);
    figures[key] = estimate.value;
    figures[`${key}_low`] = estimate.low;
    figures[`${key}_high`] = estimate.high;
    return estimate;
  };
  const lineOf = (name: string, settings: readonly Int32Array[], path: readonly Int32Array[]) => [
    name,
    interval(measure(`${name}_aiq`, hullMean(settings))),
    interval(measure(`${name}_path_aiq`, pathMean(path))),
    interval(
      measure(`${name}_minus_zero`, (counts) => pathMean(path)(counts) - pathMean(zeroPath)(counts)),
      "+",
    ),
  ];
  return {
    table: {
      title: "AIQ: mean quality over the range of costs",
      columns: [
        "strategy",
        "RouterBench's AIQ [95 %]",
        "no setting picked [95 %]",
        "minus zero, no setting picked [95 %]",
      ],
      rows: [
        lineOf("zero", singles(arc), zeroPath),
        ...runs
          .filter(({ name }) => name !== "best_single")
          .map(({ name, settings }) => lineOf(name, settings, settings)),
      ],
    },
    figures,
  };
}

/** The single models, cheapest first, dominated ones named. */
export function modelTable({ models, test }: ArcRun): BenchTable {
  const points = models.map((_, model) => pointOf(test, everywhere(test, model)));
  const dominated = new Map(dominatedModels(points).map(({ model, by }) => [model, models[by]!]));
  const rows = [...points.keys()]
    .sort((a, b) => points[a]!.usd - points[b]!.usd)
    .map((model) => [
      models[model]!,
      usdPer1k(points[model]!),
      percent(points[model]!.quality),
      arenaScore(points[model]!).toFixed(2),
      dominated.get(model) ?? "",
    ]);
  return {
    title: "Single models on the test rows",
    columns: ["model", "$ per 1,000", "accuracy", "RouterArena score", "dominated by"],
    rows,
  };
}

/** RouterArena's figures at the setting that train rows chose. */
export function arenaTable({ runs, test }: ArcRun): BenchTable {
  return {
    title: "RouterArena's figures at the setting that train rows chose",
    columns: ["strategy", "accuracy", "$ per 1,000", "score", "Opt.Sel", "Opt.Acc", "Opt.Cost"],
    rows: runs.map(({ name, chosen }) => {
      const point = pointOf(test, chosen);
      const { selection, accuracy, cost } = routerArenaOptimality(test.quality, test.usd, chosen);
      const optimality = [selection, accuracy, cost].map(percent);
      return [name, percent(point.quality), usdPer1k(point), arenaScore(point).toFixed(2), ...optimality];
    }),
  };
}

/** LLMRouterBench's figures: the first three at the chosen setting, the last two over all settings. */
export function gainsTable(arc: ArcRun): BenchTable {
  const { runs, test } = arc;
  const points = singles(arc).map((chosen) => pointOf(test, chosen));
  const best = points.reduce((a, b) => (b.quality > a.quality ? b : a));
  const references = {
    random: points.reduce((sum, { quality }) => sum + quality, 0) / points.length,
    best: best.quality,
    oracle: meanOf(test.texts, (row) => Math.max(...test.quality.map((quality) => quality[row]!))),
  };
  return {
    title: "LLMRouterBench's figures",
    columns: ["strategy", "Gain@R", "Gain@B", "Gap@O", "PerfGain", "CostSave"],
    rows: runs.map(({ name, chosen, settings }) => {
      const gains = relativeGains(pointOf(test, chosen).quality, references);
      const { performance, saving } = costGains(
        settings.map((setting) => pointOf(test, setting)),
        best,
      );
      return [
        name,
        percent(gains.overRandom),
        percent(gains.overBest),
        percent(gains.toOracle),
        percent(performance),
        saving === null ? "none" : percent(saving),
      ];
    }),
  };
}

const weakModel = "mistralai/mixtral-8x7b-chat";
const strongModel = "gpt-4-1106-preview";

/** Two of the models only, in RouteLLM's terms. */
export function pairTable(arc: ArcRun): BenchTable {
  const { models, runs, test } = arc;
  const pair = { weak: models.indexOf(weakModel), strong: models.indexOf(strongModel) };
  const [weakPoint, strongPoint] = [pair.weak, pair.strong].map((model) =>
    pointOf(test, everywhere(test, model)),
  );
  const rows = runs.map(({ name, forecast }) => {
    const scores = needScores(forecast, pair);
    const routed = { scores, weak: test.quality[pair.weak]!, strong: test.quality[pair.strong]! };
    const order = rankByScore(scores);
    const area = bootstrap(arc, (counts) => apgr(routed, counts, order));
    const curve = routingCurve(routed);
    const cpt50 = callPerformanceThreshold(curve, 0.5);
    const half = everywhere(test, pair.weak);
    for (const row of order.subarray(0, Math.round(order.length / 2))) half[row] = pair.strong;
    const { lift } = incrementalBenefit(pointOf(test, half), weakPoint!, strongPoint!);
    return [
      name,
      interval(area),
      percent(cpt50),
      percent(callPerformanceThreshold(curve, 0.8)),
      costSavingRatio(0.5, cpt50).toFixed(2),
      percent(lift),
    ];
  });
  return {
    title: `Two models only: ${weakModel} and ${strongModel}`,
    columns: [
      "strategy",
      "APGR [95 %]",
      "CPT(50 %)",
      "CPT(80 %)",
      "cost-saving ratio",
      "IBC lift at half the calls",
    ],
    rows,
  };
}

function singles({ models, test }: ArcRun): Int32Array[] {
  return models.map((_, model) => everywhere(test, model));
}

function everywhere({ texts }: PolicyRows, model: number): Int32Array {
  return new Int32Array(texts.length).fill(model);
}

/** A mean over the costs from the cheapest to the dearest single model, rows weighted by how often they were drawn. */
function meanOnRange(
  rows: PolicyRows,
  settings: readonly Int32Array[],
  counts: ArrayLike<number>,
  mean: typeof averageImprovement,
): number {
  const costs = rows.usd.map((_, model) => pointOf(rows, everywhere(rows, model), counts).usd);
  return mean(
    settings.map((chosen) => pointOf(rows, chosen, counts)),
    { from: Math.min(...costs), to: Math.max(...costs) },
  );
}

function bootstrap(
  { test, replicates, seed }: ArcRun,
  statistic: (counts: Float64Array) => number,
): Interval {
  const clusters = Int32Array.from(test.texts, (_, row) => row);
  return clusterBootstrap({ clusters, statistic, replicates, seed });
}

function arenaScore({ usd, quality }: CostQuality): number {
  return routerArenaScore({ accuracy: quality, usdPer1k: 1000 * usd });
}

function meanOf(rows: readonly unknown[], value: (row: number) => number): number {
  return rows.reduce<number>((sum, _, row) => sum + value(row), 0) / rows.length;
}

function usdPer1k({ usd }: CostQuality): string {
  return (1000 * usd).toFixed(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function interval({ value, low, high }: Interval, plus = ""): string {
  const show = (x: number) => `${x >= 0 ? plus : ""}${x.toFixed(4)}`;
  return `${show(value)} [${show(low)}, ${show(high)}]`;
}
