import type { Estimate, StrategyRow } from "../../datasets/results.js";
import { rankByScore } from "../../models/metrics/routing-curve.js";
import { costMatchedShare } from "../../models/policies/cost-matched-share.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { candidateAt } from "../../models/thresholds/certify-retention.js";
import type { BaselineNeeds } from "./baseline-needs.js";
import type { ModelChoice } from "./choose-models.js";
import type { HeldOut } from "./held-out-rows.js";

/** What each strategy costs and keeps on held-out rows, all against always-strong on the same rows. Cost and quality are
 * measured: every model answered every row. Money is the total over the rows. Three baselines spend what the router spends and split
 * rows between the cheapest and the strong model: at random (figures are expectations), longest prompts to the strong one, and by
 * nearest neighbours. The oracle takes the cheapest of the best answers to each row, which no router can. */
export function heldOutStrategies(
  heldOut: HeldOut,
  choice: ModelChoice,
  threshold: number | null,
  needs: BaselineNeeds,
): StrategyRow[] {
  const n = heldOut.strongQuality.length;
  const strong = choice.candidates.length;
  const router = Int32Array.from({ length: n }, (_, row) => {
    const c = threshold === null ? -1 : candidateAt(heldOut.sufficiency, row, threshold);
    return c < 0 ? strong : c;
  });
  const routed = mixOf(heldOut, (row, model) => Number(router[row] === model));
  const total = (values: Float64Array) => weightedTotal(values, heldOut.weights);
  const share = costMatchedShare(total(routed.usd), total(heldOut.costs[0]!), total(heldOut.costs[strong]!));
  const neediest = (scores: Float64Array) => {
    const sent = neediestAtCost(heldOut, scores, total(routed.usd));
    return mixOf(heldOut, (row, model) => (model === strong ? sent[row]! : model === 0 ? 1 - sent[row]! : 0));
  };
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
    strategyRow(
      "length",
      "longest prompts to the strong model, at the router's cost",
      heldOut,
      neediest(needs.length),
    ),
    strategyRow("knn", "nearest neighbours, at the router's cost", heldOut, neediest(needs.knn)),
    ...choice.candidates.map(({ model }, c) =>
      strategyRow(
        `always_${model}`,
        `always ${model}`,
        heldOut,
        mixOf(heldOut, (_, other) => Number(other === c)),
      ),
    ),
    strategyRow("oracle", "oracle: knows every outcome", heldOut, oracleMix(heldOut)),
  ];
}

/** What a user must know about a router that doesn't beat strategies which need no router: one note, or none.
 * @param rows from {@link heldOutStrategies} */
export function baselineNotes(rows: readonly StrategyRow[]): string[] {
  const router = rows.find(({ strategy }) => strategy === "router");
  // All strategies send everything to the strong model, so all are equal.
  if (!router?.retention || router.strong_share === 1) return [];
  const kept = router.retention.value;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const better = simpleStrategies.flatMap(([strategy, name]) => {
    const other = rows.find((row) => row.strategy === strategy)?.retention?.value ?? 0;
    return other >= kept ? [`${name} ${percent(other)}`] : [];
  });
  if (better.length === 0) return [];
  return [
    `the router keeps ${percent(kept)} of the quality; for the same money ${better.join(", and ")}: ` +
      "it is not shown to be worth more than that on these rows",
  ];
}

const simpleStrategies = [
  ["cost_matched_random", "a random split keeps"],
  ["length", "sending the longest prompts to the strong model keeps"],
  ["knn", "nearest neighbours keep"],
] as const;

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

function weightedTotal(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
}

/** Send rows to the strong model by descending need until the money is spent, all others to the cheapest.
 * @param usd weighted total that may be spent
 * @returns share of each row, 1 or 0, and a part of the last one */
function neediestAtCost({ costs, weights }: HeldOut, needs: Float64Array, usd: number): Float64Array {
  const [cheap, strong] = [costs[0]!, costs.at(-1)!];
  const sent = new Float64Array(needs.length);
  let left = usd - weightedTotal(cheap, weights);
  for (const row of rankByScore(needs)) {
    if (left <= 0) break;
    const extra = weights[row]! * (strong[row]! - cheap[row]!);
    sent[row] = extra <= left ? 1 : left / extra;
    left -= sent[row]! * extra;
  }
  return sent;
}

function oracleMix(heldOut: HeldOut): Mix {
  const qualities = [...heldOut.quality, heldOut.strongQuality];
  const best = Int32Array.from(heldOut.strongQuality, (_, row) => {
    const highest = Math.max(...qualities.map((quality) => quality[row]!));
    return [...qualities.keys()]
      .filter((model) => qualities[model]![row] === highest)
      .reduce((a, b) => (heldOut.costs[b]![row]! < heldOut.costs[a]![row]! ? b : a));
  });
  return mixOf(heldOut, (row, model) => Number(best[row] === model));
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
