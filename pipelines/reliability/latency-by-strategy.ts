import type { LatencyRow } from "../../datasets/reliability-result.js";
import type { Estimate } from "../../datasets/results.js";
import { sessionGroups } from "../../models/reliability/session-groups.js";
import { shareFromJackknife } from "../../models/reliability/share-from-jackknife.js";
import { clusterQuantiles } from "../../models/statistics/cluster-quantile.js";
import { orderStatistics, quantileFrom } from "../../models/statistics/order-statistics.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import type { ReplayData } from "../replay/replay-data.js";
import { figureCells } from "./figure-cells.js";
import { figureClasses, type LatencyFigure, latencyFigures } from "./latency-figures.js";
import { type MovedFigure, movedFigure, type RankedFigure, rankFigure } from "./moved-figure.js";

type Groups = ReturnType<typeof sessionGroups>;

const order = "95 % interval from order statistics, clustered by session (Woodruff)";
const measured = "measured: answered, replayed requests";
const modelled =
  "modelled: each request keeps its rank among answers of similar length when its model changes, and the logged distributions count as known";

/** Latency of the answered, replayed requests outside batch jobs: as billed, and as it would be under other choices of models.
 * @param seed for the comparison with times that have nothing to do with each other */
export function latencyByStrategy(
  replay: ReplayData,
  { sloMs, seed }: { sloMs: number; seed: number },
): LatencyRow[] {
  const { served, chosen, models } = replay;
  const rows = answeredRows(replay);
  if (rows.length === 0) return [];
  const grouped = sessionGroups(replay.session, replay.sessions);
  const ranked = (figure: LatencyFigure) => {
    const shape = { rows, served, models: models.length, classes: figureClasses };
    return rankFigure(figure, figureCells(figure, shape), shape);
  };
  const figures = latencyFigures(replay, rows);
  const [total, ttft, speed] = [ranked(figures.total), ranked(figures.ttft), ranked(figures.speed)];
  const always = (model: number) => new Int32Array(replay.rows).fill(model);
  const strong = models.length - 1;

  const describe = (strategy: LatencyRow["strategy"], label: string, to: Int32Array): LatencyRow => {
    const how = strategy === "billed" ? measured : modelled;
    const move = (figure: RankedFigure, drawn: number | null = null) =>
      movedFigure(figure, { rows, served, models: to, seed: drawn });
    const quantiles = (figure: MovedFigure, ps: readonly number[]) =>
      quantilesOf(grouped, figure, { ps, method: `${how}; ${order}` });
    const times = move(total);
    const [p50 = null, p95 = null] = quantiles(times, [0.5, 0.95]);
    const [first50 = null, first95 = null] = quantiles(move(ttft), [0.5, 0.95]);
    const [slow = null, middle = null, fast = null] = quantiles(move(speed), [0.05, 0.5, 0.95]);
    return {
      strategy,
      label,
      requests: times.rows.length,
      unknown: rows.length - times.rows.length,
      total_p50: p50,
      total_p95: p95,
      total_p95_if_independent: strategy === "billed" ? null : p95Of(move(total, seed)),
      ttft_p50: first50,
      ttft_p95: first95,
      speed_p05: slow,
      speed_p50: middle,
      speed_p95: fast,
      within_slo: within(grouped, times, { sloMs, how }),
    };
  };
  return [
    describe("billed", "As billed", served),
    describe("router", "Trained router", chosen),
    describe("always_strong", `Always ${models[strong]}`, always(strong)),
    describe("always_cheapest", `Always ${models[0]}`, always(0)),
  ];
}

function answeredRows({ rows, isReplayed, isBatch, isSuccess, served, chosen }: ReplayData): Int32Array {
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const isAnswered = isReplayed[row] === 1 && isSuccess[row] === 1 && isBatch[row] === 0;
    if (isAnswered && served[row]! >= 0 && chosen[row]! >= 0) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

function quantilesOf(
  { groupOf, groups }: Groups,
  { values, rows }: MovedFigure,
  { ps, method }: { ps: readonly number[]; method: string },
): Estimate[] {
  const clusters = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) clusters[i] = groupOf[rows[i]!]!;
  return clusterQuantiles(values, clusters, groups, ps).map((interval) => ({
    ...interval,
    method,
    n: values.length,
  }));
}

function p95Of({ values }: MovedFigure): number | null {
  return values.length === 0 ? null : quantileFrom(orderStatistics(values), values.length, 0.95);
}

function within(
  { groupOf, groups }: Groups,
  { values, rows }: MovedFigure,
  { sloMs, how }: { sloMs: number; how: string },
): Estimate | null {
  const [good, all] = [new Float64Array(groups), new Float64Array(groups)];
  for (let i = 0; i < rows.length; i++) {
    const group = groupOf[rows[i]!]!;
    all[group]! += 1;
    if (values[i]! <= sloMs) good[group]! += 1;
  }
  const share = ratioOfSums(good, all);
  if (share === null) return null;
  const inside = shareFromJackknife(share, { rows: rows.length, clusters: groups });
  return { ...inside, method: `${how}; 95 % interval clustered by session`, n: rows.length };
}
