import type { Estimate, StrategyRow } from "../../datasets/results.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { candidateAt } from "../../models/thresholds/certify-retention.js";
import type { ModelChoice } from "./choose-models.js";
import type { HeldOut } from "./held-out-rows.js";

/** What each strategy costs and keeps on held-out rows, all against always-strong on the same rows. Cost and quality are
 * measured: every model answered every row. Money is the total over the rows. Cost-matched random sends rows to the
 * strong model at random, at the share that costs what the router costs; its figures are expectations. */
export function heldOutStrategies(
  heldOut: HeldOut,
  choice: ModelChoice,
  threshold: number | null,
): StrategyRow[] {
  const n = heldOut.strongQuality.length;
  const strong = choice.candidates.length;
  const router = Int32Array.from({ length: n }, (_, row) => {
    const c = threshold === null ? -1 : candidateAt(heldOut.sufficiency, row, threshold);
    return c < 0 ? strong : c;
  });
  const routed = mixOf(heldOut, (row, model) => Number(router[row] === model));
  const share = matchedShare(heldOut, routed);
  return [
    strategyRow(
      "always_strong",
      `always ${choice.strong.model}`,
      heldOut,
      mixOf(heldOut, (_, model) => Number(model === strong)),
    ),
    strategyRow("router", "trained router", heldOut, routed),
    strategyRow(
      "cost_matched_random",
      "random at the router's cost",
      heldOut,
      mixOf(heldOut, (_, model) => (model === strong ? share : model === 0 ? 1 - share : 0)),
    ),
    ...choice.candidates.map(({ model }, c) =>
      strategyRow(
        `always_${model}`,
        `always ${model}`,
        heldOut,
        mixOf(heldOut, (_, other) => Number(other === c)),
      ),
    ),
  ];
}

/** Cost, quality and strong calls of each row under a strategy. */
interface Mix {
  usd: Float64Array;
  quality: Float64Array;
  strong: Float64Array;
}

function mixOf(
  { costs, quality, strongQuality }: HeldOut,
  probability: (row: number, model: number) => number,
): Mix {
  const n = strongQuality.length;
  const qualities = [...quality, strongQuality];
  const mix: Mix = { usd: new Float64Array(n), quality: new Float64Array(n), strong: new Float64Array(n) };
  for (let row = 0; row < n; row++) {
    for (let model = 0; model < costs.length; model++) {
      const p = probability(row, model);
      mix.usd[row]! += p * costs[model]![row]!;
      mix.quality[row]! += p * qualities[model]![row]!;
      if (model === costs.length - 1) mix.strong[row] = p;
    }
  }
  return mix;
}

function matchedShare({ costs, weights }: HeldOut, { usd }: Mix): number {
  const total = (values: Float64Array) => values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  const cheap = total(costs[0]!);
  return Math.min(1, Math.max(0, (total(usd) - cheap) / (total(costs.at(-1)!) - cheap)));
}

function strategyRow(strategy: string, label: string, heldOut: HeldOut, mix: Mix): StrategyRow {
  const { costs, strongQuality, clusters, weights, correction } = heldOut;
  const n = strongQuality.length;
  const weighted = (values: Float64Array) => values.map((value, i) => value * weights[i]!);
  const ratio = (top: Float64Array, bottom: Float64Array, about = ""): Estimate => ({
    ...clusterRatioInterval(clusterRatio(weighted(top), weighted(bottom), clusters)),
    method: `measured on held-out rows; cluster-robust${about}`,
    n,
  });
  const ones = new Float64Array(n).fill(1);
  const mean = ratio(mix.usd, ones);
  const cost = ratio(mix.usd, costs.at(-1)!);
  const isBaseline = strategy === "always_strong";
  return {
    strategy,
    label,
    usd: { ...mean, value: mean.value * n, low: mean.low * n, high: mean.high * n },
    saving: isBaseline ? null : { ...cost, value: 1 - cost.value, low: 1 - cost.high, high: 1 - cost.low },
    retention: isBaseline ? reference(n) : ratio(mix.quality, strongQuality, correction),
    strong_share: ratio(mix.strong, ones).value,
  };
}

/** The strong model keeps all of its own quality, by definition. */
function reference(n: number): Estimate {
  return { value: 1, low: 1, high: 1, method: "the reference, 100 % by definition", n };
}
