import type { StrategyRow } from "../../datasets/results.js";
import { estimateMean, estimateSaving, estimateTotal } from "../../models/statistics/cluster-estimate.js";
import type { RoutedTraffic } from "./route-traffic.js";

/** Compare, on the same logged requests: what was billed, the strong model for everything, the best single model, a random
 * mix of the cheapest and the strong model that costs what the router costs, and the router. Cost is re-priced from logged
 * tokens; quality is the router's own calibrated sufficiency and says so.
 * @param bestSingle index in `traffic.models` of the cheapest model that keeps the promise alone */
export function trafficStrategies(traffic: RoutedTraffic, bestSingle: number): StrategyRow[] {
  const { models, billed, chosen, served } = traffic;
  const strong = models.length - 1;
  const single = (m: number) => (i: number) => ({
    usd: traffic.usd[m]![i]!,
    sufficiency: traffic.sufficiency[m]![i]!,
  });
  const matched = matchedShare(traffic);
  const mixed = (i: number) => ({
    usd: matched * traffic.usd[strong]![i]! + (1 - matched) * traffic.usd[0]![i]!,
    sufficiency: matched * traffic.sufficiency[strong]![i]! + (1 - matched) * traffic.sufficiency[0]![i]!,
  });
  return [
    describe(traffic, "billed", "As billed", measured, strongShare(served, strong), (i) => ({
      usd: billed[i]!,
      sufficiency: served[i]! < 0 ? Number.NaN : traffic.sufficiency[served[i]!]![i]!,
    })),
    describe(traffic, "always_strong", `Always ${models[strong]}`, repriced, 1, single(strong)),
    describe(
      traffic,
      "best_single",
      `Best single model: ${models[bestSingle]}`,
      repriced,
      bestSingle === strong ? 1 : 0,
      single(bestSingle),
    ),
    describe(traffic, "cost_matched_random", "Random, at the router's cost", repriced, matched, mixed),
    describe(traffic, "router", "Trained router", repriced, strongShare(chosen, strong), (i) =>
      single(chosen[i]!)(i),
    ),
  ];
}

const measured = "measured: the log's own cost";
const repriced =
  "modelled: logged token counts at the other model's list price; where the model changes, logged prompt-cache reads are priced as uncached input";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";

function describe(
  traffic: RoutedTraffic,
  strategy: string,
  label: string,
  how: string,
  share: number,
  at: (i: number) => { usd: number; sufficiency: number },
): StrategyRow {
  const n = traffic.billed.length;
  const usd = new Float64Array(n);
  const sufficiency = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = at(i);
    usd[i] = row.usd;
    sufficiency[i] = row.sufficiency;
  }
  return {
    strategy,
    label,
    usd: estimateTotal(usd, traffic.sessions, how),
    saving: strategy === "billed" ? null : estimateSaving(usd, traffic.billed, traffic.sessions, how),
    retention: sufficiency.some(Number.isNaN) ? null : estimateMean(sufficiency, traffic.sessions, predicted),
    strong_share: share,
  };
}

/** Share of requests that random routing would send to the strong model, the rest to the cheapest, for the router's cost. */
function matchedShare({ usd, chosen }: RoutedTraffic): number {
  const sum = (costs: ArrayLike<number>) => Array.from(costs).reduce((total, cost) => total + cost, 0);
  const cheapest = sum(usd[0]!);
  const strong = sum(usd.at(-1)!);
  const router = chosen.reduce((total, model, i) => total + usd[model]![i]!, 0);
  return strong === cheapest ? 1 : Math.min(1, Math.max(0, (router - cheapest) / (strong - cheapest)));
}

function strongShare(served: Int32Array, strong: number): number {
  return served.reduce((n, model) => n + (model === strong ? 1 : 0), 0) / served.length;
}
