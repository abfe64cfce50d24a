import type { Estimate, StrategyRow } from "../../datasets/results.js";
import { ratioOfSums, sumBySession, totalOfSums } from "../../models/statistics/session-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { fitLatency } from "./latency-model.js";
import { Left } from "./left-reasons.js";
import type { ReplayColumns } from "./replay-columns.js";
import { type Draw, type DrawSums, sumDraw } from "./sum-draw.js";

/** What a strategy is called and how its money is known. */
export interface StrategyFacts {
  strategy: string;
  label: string;
  how: string;
  draw: Draw;
  measured?: Estimate | null;
  /** When the log itself sets the strategy to spend what another does: that one, and the attempts that change models first when it is more
   * or less. Another log would set it otherwise, and intervals say so. */
  spends?: { draw: Draw; margin: Int32Array };
}

const clustered = "95 % interval, cluster-robust by session (Student t)";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";
const timed = "modelled: time to begin and time per token of output of each model's logged answers";
const total = "95 % interval for as many sessions, each drawn anew (Student t)";

/** Describe strategies on the replayed attempts of a log. Everything that they share is summed once; a strategy then takes one pass over
 * the attempts, and each interval one over the sessions.
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
  const sums = (draw: Draw) => sumDraw(columns, rows, { sessions, msOf: latency.msOf, draw });
  const requests = sum(() => 1);
  const tokens = sum((row) => columns.inputTokens[row]! + columns.outputTokens[row]!);
  const billed = sum((row) => columns.billed[row]!);
  const strongUsd = sum((row) => columns.usd[strong * columns.rows + row]!);
  const failed = sum((row) => columns.billed[row]!, failedRows(columns));
  const logged = sums({ strongShare: () => 0, otherwise: (row) => columns.served[row]! });
  const spentOn = new Map<Draw, Float64Array>();
  const spentBy = (draw: Draw): Float64Array => {
    const known = spentOn.get(draw) ?? sums(draw).usd;
    spentOn.set(draw, known);
    return known;
  };

  return ({ strategy, label, how, draw, measured, spends }) => {
    const asIs = sums(draw);
    const { usd, kept, ms } =
      spends === undefined
        ? asIs
        : followBudget(columns, asIs, {
            spent: spentBy(spends.draw),
            margin: spends.margin,
            msOf: latency.msOf,
          });
    const slowed = minus(ms, logged.ms);
    latency.errors(
      { requests: less(asIs.requests, logged.requests), tokens: less(asIs.tokens, logged.tokens) },
      (row, error) => {
        slowed[columns.session[row]!]! += error;
      },
    );
    const money = (interval: Interval | null): Estimate | null =>
      interval === null ? null : estimate(interval, how, rows.length);
    const quality = ratioOfSums(kept, requests);
    const slower = ratioOfSums(slowed, requests);
    const perMTok = ratioOfSums(usd, tokens);
    return {
      strategy,
      label,
      usd: { ...totalOfSums(usd)!, method: `${how}; ${total}`, n: rows.length },
      saving: strategy === "billed" ? null : money(ratioOfSums(minus(billed, usd), billed)),
      retention: quality === null ? null : estimate(withinShare(quality), predicted, rows.length),
      strong_share: rows.length > 0 ? asIs.requests[strong]! / rows.length : 0,
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
 * @param options.spent what the other strategy spends, by session
 * @see Huber 1981, Robust Statistics, sec. 1.5: the influence of an observation through an estimated setting */
function followBudget(
  { models, rows, usd, sufficiency }: ReplayColumns,
  asIs: DrawSums,
  options: { spent: Float64Array; margin: Int32Array; msOf: (model: number, row: number) => number },
): Pick<DrawSums, "usd" | "kept" | "ms"> {
  const { spent, margin, msOf } = options;
  const strongAt = (models - 1) * rows;
  const unspent = minus(spent, asIs.usd);
  const gap = Math.abs(unspent.reduce((all, value) => all + value, 0));
  const step = { usd: 0, kept: 0, ms: 0 };
  for (const row of margin) {
    step.usd += usd[strongAt + row]! - usd[row]!;
    step.kept += sufficiency[strongAt + row]! - sufficiency[row]!;
    step.ms += msOf(models - 1, row) - msOf(0, row);
  }
  const isBound = step.usd !== 0 && gap <= 1e-6 * asIs.usd.reduce((all, value) => all + value, 0);
  if (!isBound) return asIs;
  const followed = (figure: "usd" | "kept" | "ms") => {
    const perDollar = step[figure] / step.usd;
    return asIs[figure].map((value, g) => value + perDollar * unspent[g]!);
  };
  return { usd: followed("usd"), kept: followed("kept"), ms: followed("ms") };
}

/** Failed attempts of the pool's models with a known bill: every strategy pays for them as they were. */
function failedRows({ left, served, billed }: ReplayColumns): Int32Array {
  return Int32Array.from(left.keys()).filter(
    (row) => left[row] === Left.failed && served[row]! >= 0 && billed[row]! >= 0,
  );
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, g) => value + b[g]!);
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, g) => value - b[g]!);
}

function less(after: readonly number[], before: readonly number[]): number[] {
  return after.map((value, model) => value - before[model]!);
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
