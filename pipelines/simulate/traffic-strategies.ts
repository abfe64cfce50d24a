import type { StrategyRow } from "../../datasets/results.js";
import { costMatchedShare } from "../../models/policies/cost-matched-share.js";
import { meanRank, neediestAtCost, type SplitAtCost } from "./at-router-cost.js";
import { strategyDescriber } from "./describe-strategy.js";
import type { LabelledPairs } from "./labelled-pairs.js";
import { measuredRetention, operatingPoint } from "./operating-point.js";
import type { ReplayColumns } from "./replay-columns.js";
import type { Draw } from "./sum-draw.js";

/** What the comparison needs beside the columns. */
export interface StrategyOptions {
  /** Names of the policy's models, ascending in cost; the last is the strong one. */
  models: readonly string[];
  /** Place of the cheapest model that keeps the promise alone. */
  bestSingle: number;
  /** Share of always-strong's quality that was promised. */
  retention: number;
  /** Labelled requests that simpler strategies are set by; null without. */
  pairs: LabelledPairs | null;
  /** Rows of this router's held-out outcomes; none when it was trained elsewhere. */
  heldOut: readonly StrategyRow[];
}

const repriced =
  "modelled: logged token counts at the other model's list price, with what the gateway adds where that is known; where the model changes, logged prompt-cache reads are priced as uncached input";

/** Compare all strategies on the same replayed attempts. Hand rules, length and the bandit split requests between the cheapest and the
 * strong model at the cheapest setting that keeps the promise on labelled requests; without those, and for the ensemble, at the
 * router's cost. Cost is re-priced from logged tokens; quality is the router's own estimate, and says so.
 * @param rows numbers of the replayed attempts, at least one */
export function trafficStrategies(
  columns: ReplayColumns,
  rows: Int32Array,
  options: StrategyOptions,
): StrategyRow[] {
  const { models, bestSingle, pairs, retention, heldOut } = options;
  const strong = models.length - 1;
  const describe = strategyDescriber(columns, rows);
  const always = (place: number) => single(() => place);
  const routerUsd = total(rows, (row) => columns.usd[columns.chosen[row]! * columns.rows + row]!);
  const matched = costMatchedShareOf(columns, rows, routerUsd);
  const measured = (strategy: string) => heldOut.find((row) => row.strategy === strategy)?.retention ?? null;
  const measuredAlways = (place: number) =>
    measured(place === strong ? "always_strong" : `always_${models[place]}`);
  const routed = single((row) => columns.chosen[row]!);
  const neediest = ensembleSplit(columns, rows, routerUsd, pairs !== null);
  const percent = `${(100 * retention).toFixed(1)} %`;

  const scored = (strategy: "rules" | "length" | "bandit", name: string): StrategyRow => {
    const score = columns[strategy];
    if (pairs !== null) {
      const needs = pairs.needs[strategy];
      const all = Int32Array.from(needs.keys());
      const point = operatingPoint(pairs, needs, retention, all);
      return describe({
        strategy,
        label: `${name}, keeping ${percent} on labelled requests`,
        how: repriced,
        draw: split((row) => (score[row]! < point ? 0 : 1)),
        measured: measuredRetention(pairs, needs, retention),
      });
    }
    const { share, margin } = neediestAtCost(columns, rows, pick(rows, score), routerUsd);
    return describe({
      strategy,
      label: `${name}, at the router's cost`,
      how: repriced,
      draw: split((row) => share[row]!),
      spends: { draw: routed, margin },
    });
  };

  return [
    describe({
      strategy: "billed",
      label: "As billed",
      how: "measured: the log's own cost",
      draw: single((row) => columns.served[row]!),
    }),
    describe({
      strategy: "always_strong",
      label: `Always ${models[strong]}`,
      how: repriced,
      draw: always(strong),
      measured: measuredAlways(strong),
    }),
    describe({
      strategy: "always_cheapest",
      label: `Always ${models[0]}`,
      how: repriced,
      draw: always(0),
      measured: measuredAlways(0),
    }),
    describe({
      strategy: "best_single",
      label: `Best single model: ${models[bestSingle]}`,
      how: repriced,
      draw: always(bestSingle),
      measured: measuredAlways(bestSingle),
    }),
    scored("rules", "Hand rules"),
    scored("length", "Longest prompts"),
    ...(pairs === null ? [] : [scored("bandit", "Bandit policy (LinUCB)")]),
    describe({
      strategy: "ensemble",
      label: `Ensemble of router, ${pairs === null ? "rules and length" : "bandit and rules"}, at the router's cost`,
      how: repriced,
      draw: split((row) => neediest.share[row]!),
      spends: { draw: routed, margin: neediest.margin },
    }),
    describe({
      strategy: "cost_matched_random",
      label: "Random, at the router's cost",
      how: repriced,
      draw: split(() => matched),
      spends: { draw: routed, margin: rows },
      measured: measured("cost_matched_random"),
    }),
    describe({
      strategy: "router",
      label: "Trained router",
      how: repriced,
      draw: routed,
      measured: measured("router"),
    }),
  ];
}

function single(placeOf: (row: number) => number): Draw {
  return { strongShare: () => 0, otherwise: placeOf };
}

/** A draw between the strong and the cheapest model. */
function split(strongShare: (row: number) => number): Draw {
  return { strongShare, otherwise: () => 0 };
}

function ensembleSplit(
  columns: ReplayColumns,
  rows: Int32Array,
  routerUsd: number,
  hasBandit: boolean,
): SplitAtCost {
  const router = Float64Array.from(rows, (row) => 1 - columns.sufficiency[row]!);
  const others = [hasBandit ? columns.bandit : columns.length, columns.rules];
  const needs = meanRank([router, ...others.map((score) => pick(rows, score))]);
  return neediestAtCost(columns, rows, needs, routerUsd);
}

function costMatchedShareOf(columns: ReplayColumns, rows: Int32Array, routerUsd: number): number {
  const usdOf = (model: number) => total(rows, (row) => columns.usd[model * columns.rows + row]!);
  const [cheap, strong] = [usdOf(0), usdOf(columns.models - 1)];
  return strong === cheap ? 1 : costMatchedShare(routerUsd, cheap, strong);
}

function pick(rows: Int32Array, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function total(rows: Int32Array, amountOf: (row: number) => number): number {
  let sum = 0;
  for (const row of rows) sum += amountOf(row);
  return sum;
}
