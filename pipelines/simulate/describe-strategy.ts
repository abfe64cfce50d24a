import type { Estimate, StrategyRow } from "../../datasets/results.js";
import { ratioOfSums, sumBySession } from "../../models/statistics/session-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { latencyModel } from "./latency-model.js";
import { Left } from "./left-reasons.js";
import type { ReplayColumns } from "./replay-columns.js";

/** A strategy as a draw for each attempt: the strong model with a probability, else one other. Its figures are expectations over that draw. */
export interface Draw {
  /** Probability of the strong model, in [0, 1]. */
  strongShare: (row: number) => number;
  /** Place of the model that answers otherwise; it may be the strong one, too. */
  otherwise: (row: number) => number;
}

/** What a strategy is called and how its money is known. */
export interface StrategyFacts {
  strategy: string;
  label: string;
  how: string;
  draw: Draw;
  measured?: Estimate | null;
}

const clustered = "95 % interval, cluster-robust by session (Student t)";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";
const timed =
  "modelled: mean logged latency of each model among answers of similar length; the interval takes these means as known";

/** Describe strategies on the replayed attempts of a log. Everything that they share is summed once; a strategy then takes one pass per
 * figure, and each interval one pass over the sessions.
 * @param rows numbers of the replayed attempts
 * @returns function that describes one strategy */
export function strategyDescriber(
  columns: ReplayColumns,
  rows: Int32Array,
): (facts: StrategyFacts) => StrategyRow {
  const strong = columns.models - 1;
  const sessions = columns.session.reduce((most, session) => Math.max(most, session + 1), 0);
  const sum = (amountOf: (row: number) => number, of = rows) =>
    sumBySession(of, columns.session, sessions, amountOf);
  const latencyOf = latencyModel(columns, rows);
  const requests = sum(() => 1);
  const tokens = sum((row) => columns.inputTokens[row]! + columns.outputTokens[row]!);
  const billed = sum((row) => columns.billed[row]!);
  const strongUsd = sum((row) => columns.usd[strong * columns.rows + row]!);
  const failed = sum((row) => columns.billed[row]!, failedRows(columns));
  const logged = sum((row) => latencyOf(columns.served[row]!, row));
  const plus = (a: Float64Array, b: Float64Array) => a.map((value, g) => value + b[g]!);
  const minus = (a: Float64Array, b: Float64Array) => a.map((value, g) => value - b[g]!);

  return ({ strategy, label, how, draw, measured }) => {
    const { usd, kept: quality, latency, strongs } = sumDraw(columns, rows, sessions, latencyOf, draw);
    const money = (interval: Interval | null, scale = 1): Estimate | null =>
      interval === null ? null : estimate(scaled(interval, scale), how, rows.length);
    const kept = ratioOfSums(quality, requests);
    const slower = ratioOfSums(minus(latency, logged), requests);
    const perRequest = ratioOfSums(usd, requests);
    return {
      strategy,
      label,
      usd: money(perRequest, rows.length)!,
      saving: strategy === "billed" ? null : money(ratioOfSums(minus(billed, usd), billed)),
      retention: kept === null ? null : estimate(withinShare(kept), predicted, rows.length),
      strong_share: ratioOfSums(strongs, requests)?.value ?? 0,
      usd_per_request: money(perRequest),
      usd_per_mtok: money(ratioOfSums(usd, tokens), 1e6),
      usd_per_success: money(ratioOfSums(plus(usd, failed), requests)),
      saving_of_strong:
        strategy === "always_strong" ? null : money(ratioOfSums(minus(strongUsd, usd), strongUsd)),
      measured_retention: measured ?? null,
      latency_change_ms: slower === null ? null : estimate(slower, timed, rows.length),
    };
  };
}

/** Sums by session of what a strategy costs, keeps and takes, in one pass. A model that isn't drawn is not asked: its figure may be unknown. */
function sumDraw(
  columns: ReplayColumns,
  rows: Int32Array,
  sessions: number,
  latencyOf: (model: number, row: number) => number,
  { strongShare, otherwise }: Draw,
): Record<"usd" | "kept" | "latency" | "strongs", Float64Array> {
  const strong = columns.models - 1;
  const [usd, kept, latency, strongs] = Array.from({ length: 4 }, () => new Float64Array(sessions)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const add = (row: number, model: number, share: number): void => {
    const at = model * columns.rows + row;
    const session = columns.session[row]!;
    usd[session]! += share * columns.usd[at]!;
    kept[session]! += share * columns.sufficiency[at]!;
    latency[session]! += share * latencyOf(model, row);
    if (model === strong) strongs[session]! += share;
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const share = strongShare(row);
    if (share > 0) add(row, strong, share);
    if (share < 1) add(row, otherwise(row), 1 - share);
  }
  return { usd, kept, latency, strongs };
}

/** Failed attempts of the pool's models with a known bill: every strategy pays for them as they were. */
function failedRows({ left, served, billed }: ReplayColumns): Int32Array {
  return Int32Array.from(left.keys()).filter(
    (row) => left[row] === Left.failed && served[row]! >= 0 && billed[row]! >= 0,
  );
}

function estimate(interval: Interval, how: string, n: number): Estimate {
  return { ...interval, method: `${how}; ${clustered}`, n };
}

function scaled({ value, low, high }: Interval, by: number): Interval {
  return { value: value * by, low: low * by, high: high * by };
}

function withinShare({ value, low, high }: Interval): Interval {
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}
