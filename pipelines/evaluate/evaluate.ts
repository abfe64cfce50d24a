import { checkNumber } from "../../datasets/check-number.js";
import { DataError } from "../../datasets/errors.js";
import { createRandom } from "../../datasets/random.js";
import type { Estimate } from "../../datasets/results.js";
import { apgr, callPerformanceThreshold } from "../../models/metrics/apgr.js";
import { type RouteLlmMetrics, routeLlmMetrics } from "../../models/metrics/routellm-metrics.js";
import { type RoutedRows, rankByScore, routingCurve } from "../../models/metrics/routing-curve.js";
import { costMatchedShare } from "../../models/policies/cost-matched-share.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { readScoredOutcomes, type ScoredOutcomes } from "./read-scored-outcomes.js";

/** How scores are evaluated. */
export interface EvaluateOptions {
  /** Reference model; the one with the highest mean quality when absent. */
  strong?: string;
  /** Cheap model of the two-model rows; the cheapest one when absent. */
  weak?: string;
  /** The target that retention is held against; default 0.98. */
  retention?: number;
  seed?: number;
}

/** One strategy on the scored rows. Intervals are 95 %, clustered by session. */
interface EvaluationRow {
  strategy: string;
  /** null for a strategy without a ranking. */
  apgr: Estimate | null;
  /** Least share of strong calls that recovers half of the gap, and 80 % of it; null for a strategy without a ranking. */
  cpt50: Estimate | null;
  cpt80: Estimate | null;
  /** Quality against always-strong. */
  retention: Estimate;
  /** Part of the gap between weak and strong that is recovered. */
  pgr: Estimate;
  /** Share of always-strong's cost that is saved; null when a cost is unknown. */
  cost_saving: Estimate | null;
  strong_share: Estimate;
}

/** An evaluation: what was compared, and every row. */
export interface Evaluation {
  schema_version: 1;
  n: number;
  sessions: number;
  strong: string;
  weak: string;
  retention_target: number;
  unmatched: ScoredOutcomes["unmatched"];
  rows: EvaluationRow[];
  /** The router's scores by RouteLLM's own eleven points: only for comparison with its published table. */
  routellm: RouteLlmMetrics;
  notes: string[];
}

/** Hold a score file against known outcomes: the router as it decided, and beside it rows that need no training. `random` and
 * `length` send the share of rows to the strong model that the router sends; `cost_matched_random` spends what
 * the router spends; `oracle` knows the outcomes.
 * @throws {InputError | DataError} if the files can't be read or joined, or a named model has no outcomes */
export function evaluate(
  scoresPath: string,
  outcomesPath: string,
  options: EvaluateOptions = {},
): Evaluation {
  const { retention = 0.98, seed = 1 } = options;
  checkNumber("retention", retention, { above: 0, to: 1 });
  const data = readScoredOutcomes(scoresPath, outcomesPath);
  const { strong, weak } = nameModels(data, options);
  const n = data.scores.length;
  const routed = Float64Array.from(data.chosen, (model) => Number(model === strong));
  const share = routed.reduce((sum, value) => sum + value, 0) / n;
  const gains = Float64Array.from(
    { length: n },
    (_, i) => quality(data, strong)[i]! - quality(data, weak)[i]!,
  );
  const random = createRandom(seed);
  const noise = Float64Array.from({ length: n }, () => random.uniform());
  const constant = (value: number) => new Float64Array(n).fill(value);
  const matched = matchedShare(data, strong, weak);

  const row = (strategy: string, mix: Mix, ranking: Float64Array | null): EvaluationRow =>
    describe(strategy, mix, ranking, data, strong, weak, seed);
  const two = (probability: Float64Array) => mixOf(data, strong, weak, probability);
  return {
    schema_version: 1,
    n,
    sessions: new Set(data.clusters).size,
    strong,
    weak,
    retention_target: retention,
    unmatched: data.unmatched,
    rows: [
      row("router", asChosen(data, strong), data.scores),
      row("random", two(constant(share)), noise),
      row("length", two(topShare(data.lengths, share)), data.lengths),
      row("always_strong", two(constant(1)), null),
      row("always_weak", two(constant(0)), null),
      row("oracle", two(Float64Array.from(gains, (gain) => Number(gain > 0))), gains),
      ...(matched === null ? [] : [row("cost_matched_random", two(constant(matched)), null)]),
    ],
    routellm: routeLlmMetrics({
      scores: data.scores,
      strong: quality(data, strong),
      weak: quality(data, weak),
    }),
    notes: [
      ...(matched === null ? ["a cost is unknown: no cost saving and no cost-matched random"] : []),
      ...gapNote(gains, data.clusters, { strong, weak }),
    ],
  };
}

/** APGR, PGR and CPT rest on the gap between the models; where it may be none at all, they say nothing. */
function gapNote(
  gains: Float64Array,
  clusters: Int32Array,
  { strong, weak }: { strong: string; weak: string },
): string[] {
  const gap = clusterRatioInterval(clusterRatio(gains, new Float64Array(gains.length).fill(1), clusters));
  if (gap.low > 0) return [];
  const range = `${gap.value.toFixed(3)} [${gap.low.toFixed(3)}, ${gap.high.toFixed(3)}]`;
  return [
    `${strong} is not surely better than ${weak} on these rows (gap ${range}): APGR, PGR and CPT rest on that gap and say nothing here`,
  ];
}

function nameModels(
  data: ScoredOutcomes,
  { strong, weak }: EvaluateOptions,
): { strong: string; weak: string } {
  const names = [...data.models.keys()];
  for (const name of [strong, weak]) {
    if (name !== undefined && !data.models.has(name)) {
      throw new DataError(`no outcomes of ${name} on every row; there are: ${names.join(", ")}`);
    }
  }
  if (names.length < 2)
    throw new DataError(
      `outcomes of two models are needed on every row; there are: ${names.join(", ") || "none"}`,
    );
  const best = [...names].sort(
    (a, b) => mean(quality(data, b)) - mean(quality(data, a)) || cost(data, a) - cost(data, b),
  );
  const reference = strong ?? best[0]!;
  const others = names.filter((name) => name !== reference).sort((a, b) => cost(data, a) - cost(data, b));
  return { strong: reference, weak: weak ?? others[0]! };
}

/** Quality, cost and strong calls of each row under a strategy. */
interface Mix {
  quality: Float64Array;
  usd: Float64Array | null;
  strong: Float64Array;
}

function asChosen(data: ScoredOutcomes, strong: string): Mix {
  const answers = data.chosen.map((model) => {
    const answer = data.models.get(model);
    if (!answer)
      throw new DataError(`the router chose ${model}, of which there are no outcomes on every row`);
    return answer;
  });
  return {
    quality: Float64Array.from(answers, (answer, i) => answer.quality[i]!),
    usd: answers.every(({ usd }) => usd !== null)
      ? Float64Array.from(answers, ({ usd }, i) => usd![i]!)
      : null,
    strong: Float64Array.from(data.chosen, (model) => Number(model === strong)),
  };
}

function mixOf(data: ScoredOutcomes, strong: string, weak: string, probability: Float64Array): Mix {
  const blend = (a: Float64Array, b: Float64Array) => probability.map((p, i) => p * a[i]! + (1 - p) * b[i]!);
  const [strongUsd, weakUsd] = [data.models.get(strong)!.usd, data.models.get(weak)!.usd];
  return {
    quality: blend(quality(data, strong), quality(data, weak)),
    usd: strongUsd && weakUsd ? blend(strongUsd, weakUsd) : null,
    strong: probability,
  };
}

function matchedShare(data: ScoredOutcomes, strong: string, weak: string): number | null {
  const { usd } = asChosen(data, strong);
  const [strongUsd, weakUsd] = [data.models.get(strong)!.usd, data.models.get(weak)!.usd];
  if (!usd || !strongUsd || !weakUsd) return null;
  return costMatchedShare(mean(usd), mean(weakUsd), mean(strongUsd));
}

/** 1 for the given share of rows with the highest values, ties broken by row order. */
function topShare(values: Float64Array, share: number): Float64Array {
  const chosen = new Float64Array(values.length);
  for (const row of rankByScore(values).subarray(0, Math.round(share * values.length))) chosen[row] = 1;
  return chosen;
}

function describe(
  strategy: string,
  mix: Mix,
  ranking: Float64Array | null,
  data: ScoredOutcomes,
  strong: string,
  weak: string,
  seed: number,
): EvaluationRow {
  const n = data.scores.length;
  const strongQuality = quality(data, strong);
  const weakQuality = quality(data, weak);
  const strongUsd = data.models.get(strong)!.usd;
  const ratio = (top: Float64Array, bottom: Float64Array): Estimate => ({
    ...clusterRatioInterval(clusterRatio(top, bottom, data.clusters)),
    method: "measured; cluster-robust ratio",
    n,
  });
  const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i]!);
  const spent = mix.usd && strongUsd ? ratio(mix.usd, strongUsd) : null;
  const ranked = (statistic: RankingStatistic) =>
    ranking &&
    rankingEstimate(
      statistic,
      { scores: ranking, strong: strongQuality, weak: weakQuality },
      data.clusters,
      seed,
    );
  const callsFor = (recovered: number) =>
    ranked((...weighted) => callPerformanceThreshold(routingCurve(...weighted), recovered));
  return {
    strategy,
    apgr: ranked(apgr),
    cpt50: callsFor(0.5),
    cpt80: callsFor(0.8),
    retention: ratio(mix.quality, strongQuality),
    pgr: ratio(minus(mix.quality, weakQuality), minus(strongQuality, weakQuality)),
    cost_saving: spent && { ...spent, value: 1 - spent.value, low: 1 - spent.high, high: 1 - spent.low },
    strong_share: ratio(mix.strong, new Float64Array(n).fill(1)),
  };
}

/** A figure of a ranking, with the rows weighted by how often the bootstrap drew them. */
type RankingStatistic = (rows: RoutedRows, counts: Float64Array, order: Int32Array) => number;

function rankingEstimate(
  statistic: RankingStatistic,
  rows: RoutedRows,
  clusters: Int32Array,
  seed: number,
): Estimate {
  const order = rankByScore(rows.scores);
  const interval = clusterBootstrap({
    clusters,
    statistic: (counts) => statistic(rows, counts, order),
    seed,
  });
  return {
    ...interval,
    method: "measured; all thresholds, cluster bootstrap, 400 replicates",
    n: order.length,
  };
}

function quality(data: ScoredOutcomes, model: string): Float64Array {
  return data.models.get(model)!.quality;
}

/** Mean cost; a model whose cost is unknown sorts last. */
function cost(data: ScoredOutcomes, model: string): number {
  const { usd } = data.models.get(model)!;
  return usd ? mean(usd) : Number.POSITIVE_INFINITY;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
