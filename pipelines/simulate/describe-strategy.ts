import type { Estimate, StrategyRow } from "../../datasets/results.js";
import { ratioOfSums, sumBySession, totalOfSums } from "../../models/statistics/session-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { fitLatency } from "./latency-model.js";
import { Left } from "./left-reasons.js";
import type { ReplayColumns } from "./replay-columns.js";

/** A figure of an attempt on a model. */
type Column = (model: number, row: number) => number;

/** A strategy as what it makes of any such figure: the figure on the model that it chooses, or the expectation over its draw. */
export type Blend = (column: Column) => (row: number) => number;

/** What a strategy is called and how its money is known. */
export interface StrategyFacts {
  strategy: string;
  label: string;
  how: string;
  blend: Blend;
  measured?: Estimate | null;
  /** When the log itself sets the strategy to spend what another does: that one, and the attempts that change models first when it is more
   * or less. Another log would set it otherwise, and intervals say so. */
  spends?: { blend: Blend; margin: Int32Array };
}

const clustered = "95 % interval, cluster-robust by session (Student t)";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";
const timed = "modelled: time to begin and time per token of output of each model's logged answers";
const total = "95 % interval for as many sessions, each drawn anew (Student t)";

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
  const latency = fitLatency(columns, rows);
  const usdOf: Column = (model, row) => columns.usd[model * columns.rows + row]!;
  const sufficiencyOf: Column = (model, row) => columns.sufficiency[model * columns.rows + row]!;
  const requests = sum(() => 1);
  const tokens = sum((row) => columns.inputTokens[row]! + columns.outputTokens[row]!);
  const billed = sum((row) => columns.billed[row]!);
  const strongUsd = sum((row) => usdOf(strong, row));
  const failed = sum((row) => columns.billed[row]!, failedRows(columns));
  const served = askedOf(columns, rows, (column) => (row) => column(columns.served[row]!, row));
  const logged = sum((row) => latency.msOf(columns.served[row]!, row));

  return ({ strategy, label, how, blend, measured, spends }) => {
    const asIs = (column: Column) => sum(blend(column));
    const figureOf = spends === undefined ? asIs : followingBudget({ asIs, sum, usdOf, strong, ...spends });
    const usd = figureOf(usdOf);
    const money = (interval: Interval | null): Estimate | null =>
      interval === null ? null : estimate(interval, how, rows.length);
    const kept = ratioOfSums(figureOf(sufficiencyOf), requests);
    const asked = askedOf(columns, rows, blend);
    const slowed = minus(figureOf(latency.msOf), logged);
    const more = (after: readonly number[], before: readonly number[]) =>
      after.map((value, model) => value - before[model]!);
    latency.errors(
      { requests: more(asked.requests, served.requests), tokens: more(asked.tokens, served.tokens) },
      (row, ms) => {
        slowed[columns.session[row]!]! += ms;
      },
    );
    const slower = ratioOfSums(slowed, requests);
    const perMTok = ratioOfSums(usd, tokens);
    return {
      strategy,
      label,
      usd: { ...totalOfSums(usd)!, method: `${how}; ${total}`, n: rows.length },
      saving: strategy === "billed" ? null : money(ratioOfSums(minus(billed, usd), billed)),
      retention: kept === null ? null : estimate(withinShare(kept), predicted, rows.length),
      strong_share: ratioOfSums(sum(blend((model) => Number(model === strong))), requests)?.value ?? 0,
      usd_per_request: money(ratioOfSums(usd, requests)),
      usd_per_mtok: money(perMTok && scaled(perMTok, 1e6)),
      usd_per_success: money(ratioOfSums(plus(usd, failed), requests)),
      saving_of_strong:
        strategy === "always_strong" ? null : money(ratioOfSums(minus(strongUsd, usd), strongUsd)),
      measured_retention: measured ?? null,
      latency_change_ms: slower === null ? null : estimate(slower, timed, rows.length),
    };
  };
}

/** Figures of a strategy whose setting follows a budget, by session. A session that would have the other strategy spend more than this one
 * does buys so much more at the margin: the figure's change there for a dollar. The totals stay, for both spend the same.
 * @see Huber 1981, Robust Statistics, sec. 1.5: the influence of an observation through an estimated setting */
function followingBudget(options: {
  asIs: (column: Column) => Float64Array;
  sum: (amountOf: (row: number) => number) => Float64Array;
  usdOf: Column;
  strong: number;
  blend: Blend;
  margin: Int32Array;
}): (column: Column) => Float64Array {
  const { asIs, sum, usdOf, strong, blend, margin } = options;
  const usd = asIs(usdOf);
  const unspent = minus(sum(blend(usdOf)), usd);
  const gap = Math.abs(unspent.reduce((all, value) => all + value, 0));
  const stepOf = (column: Column) => {
    let step = 0;
    for (const row of margin) step += column(strong, row) - column(0, row);
    return step;
  };
  const dollars = stepOf(usdOf);
  const isBound = dollars !== 0 && gap <= 1e-6 * usd.reduce((all, value) => all + value, 0);
  return (column) => {
    const sums = asIs(column);
    if (!isBound) return sums;
    const perDollar = stepOf(column) / dollars;
    return sums.map((value, g) => value + perDollar * unspent[g]!);
  };
}

/** How many requests, and how many tokens of output, each model answers under a strategy. */
function askedOf(
  { models, outputTokens }: ReplayColumns,
  rows: Int32Array,
  blend: Blend,
): { requests: number[]; tokens: number[] } {
  const requests: number[] = [];
  const tokens: number[] = [];
  for (let place = 0; place < models; place++) {
    const shareOf = blend((model) => Number(model === place));
    let [asked, written] = [0, 0];
    for (const row of rows) {
      const share = shareOf(row);
      asked += share;
      written += share * outputTokens[row]!;
    }
    requests.push(asked);
    tokens.push(written);
  }
  return { requests, tokens };
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, g) => value + b[g]!);
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, g) => value - b[g]!);
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
