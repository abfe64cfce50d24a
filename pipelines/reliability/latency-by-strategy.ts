import type { LatencyRow } from "../../datasets/reliability-result.js";
import type { Estimate } from "../../datasets/results.js";
import { sessionGroups } from "../../models/reliability/session-groups.js";
import { shareFromJackknife } from "../../models/reliability/share-from-jackknife.js";
import { clusterQuantiles } from "../../models/statistics/cluster-quantile.js";
import { orderStatistics, quantileFrom } from "../../models/statistics/order-statistics.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import type { ReplayData } from "../replay/replay-data.js";
import { figureCells } from "./figure-cells.js";
import { type FigureName, latencyFigure } from "./latency-figure.js";
import { type MovedFigure, movedFigure, rankFigure } from "./moved-figure.js";

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
  const strong = models.length - 1;
  const strategies: readonly Strategy[] = [
    { strategy: "billed", label: "As billed", to: served, how: measured },
    { strategy: "router", label: "Trained router", to: chosen, how: modelled },
    { strategy: "always_strong", label: `Always ${models[strong]}`, to: strong, how: modelled },
    { strategy: "always_cheapest", label: `Always ${models[0]}`, to: 0, how: modelled },
  ];
  const grouped = sessionGroups(replay.session, replay.sessions);
  // one figure after the other: each takes 12 bytes a row
  const perStrategy = <Said>(name: FigureName, say: (move: Move, how: string) => Said): Said[] => {
    const figure = latencyFigure(replay, rows, name);
    const shape = { rows, served, models: models.length };
    const ranked = rankFigure(figure, figureCells(figure, shape), shape);
    const move =
      (to: Int32Array | number): Move =>
      (drawn) =>
        movedFigure(ranked, { rows, served, groupOf: grouped.groupOf, to, seed: drawn });
    return strategies.map(({ to, how }) => say(move(to), how));
  };
  const quantiles = (figure: MovedFigure, how: string, ps: readonly number[]) =>
    quantilesOf(figure, { ps, groups: grouped.groups, method: `${how}; ${order}` });
  const totals = perStrategy("total", (move, how) => {
    const moved = move(null);
    return {
      known: moved.values.length,
      quantiles: quantiles(moved, how, [0.5, 0.95]),
      independent: how === measured ? null : p95Of(move(seed)),
      within: within(moved, { sloMs, groups: grouped.groups, how }),
    };
  });
  const first = perStrategy("ttft", (move, how) => quantiles(move(null), how, [0.5, 0.95]));
  const speed = perStrategy("speed", (move, how) => quantiles(move(null), how, [0.05, 0.5, 0.95]));
  return strategies.map(({ strategy, label }, i) => {
    const { known, quantiles: total, independent, within: inTime } = totals[i]!;
    return {
      strategy,
      label,
      requests: known,
      unknown: rows.length - known,
      total_p50: total[0] ?? null,
      total_p95: total[1] ?? null,
      total_p95_if_independent: independent,
      ttft_p50: first[i]![0] ?? null,
      ttft_p95: first[i]![1] ?? null,
      speed_p05: speed[i]![0] ?? null,
      speed_p50: speed[i]![1] ?? null,
      speed_p95: speed[i]![2] ?? null,
      within_slo: inTime,
    };
  });
}

/** Values of a figure under a strategy; drawn at random with a seed, else by rank. */
type Move = (seed: number | null) => MovedFigure;

interface Strategy {
  strategy: LatencyRow["strategy"];
  label: string;
  /** Place of the model by row, or of one model for all. */
  to: Int32Array | number;
  how: string;
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
  { values, groups }: MovedFigure,
  options: { ps: readonly number[]; groups: number; method: string },
): Estimate[] {
  return clusterQuantiles(values, groups, options.groups, options.ps).map((interval) => ({
    ...interval,
    method: options.method,
    n: values.length,
  }));
}

function p95Of({ values }: MovedFigure): number | null {
  return values.length === 0 ? null : quantileFrom(orderStatistics(values), values.length, 0.95);
}

function within(
  { values, groups: groupOf }: MovedFigure,
  { sloMs, groups, how }: { sloMs: number; groups: number; how: string },
): Estimate | null {
  const [good, all] = [new Float64Array(groups), new Float64Array(groups)];
  for (let i = 0; i < values.length; i++) {
    all[groupOf[i]!]! += 1;
    if (values[i]! <= sloMs) good[groupOf[i]!]! += 1;
  }
  const share = ratioOfSums(good, all);
  if (share === null) return null;
  const inside = shareFromJackknife(share, { rows: values.length, clusters: groups });
  return { ...inside, method: `${how}; 95 % interval clustered by session`, n: values.length };
}
