import type { CostQuality } from "../../models/metrics/cost-quality-hull.js";
import { routerArenaScore } from "../../models/metrics/routerarena.js";
import { forecastOutOfFold } from "../../models/policies/forecast-out-of-fold.js";
import { type Forecast, knownMean, type Policy, type PolicyRows } from "../../models/policies/policy.js";
import { chooseModels, tradeOffs } from "../../models/policies/trade-offs.js";
import { assignFolds } from "../../models/split.js";

/** A strategy's forecasts of the test rows and what it chooses by them. */
export interface PolicyRun {
  name: string;
  forecast: Forecast;
  /** Choices at every price of money, cheapest first. */
  settings: Int32Array[];
  /** Choices at the one price with the best RouterArena score on train rows, forecast out of fold. */
  chosen: Int32Array;
}

const folds = 5;

/** Fit every strategy on train rows and route the test rows by it. */
export async function forecastRuns(
  policies: readonly Policy[],
  train: PolicyRows,
  test: PolicyRows,
  seed: number,
): Promise<PolicyRun[]> {
  const costs = train.usd.map(knownMean);
  const foldOf = assignFolds(
    train.texts.map((_, row) => row),
    folds,
    seed,
  );
  const runs: PolicyRun[] = [];
  for (const policy of policies) {
    const fitted = await policy.fit(train, seed);
    const forecast = await fitted.forecast(test);
    const heldOut = fitted.heldOut ?? (await forecastOutOfFold(policy, train, foldOf, seed));
    runs.push({
      name: policy.name,
      forecast,
      settings: tradeOffs(forecast, costs).map(({ chosen }) => chosen),
      chosen: chooseModels(forecast, costs, bestPrice(train, heldOut, costs)),
    });
  }
  return runs;
}

/** The price of money with the best RouterArena score. */
function bestPrice(rows: PolicyRows, forecast: Forecast, costs: readonly number[]): number {
  const scored = tradeOffs(forecast, costs).map(({ qualityPerUsd, chosen }) => {
    const { usd, quality } = pointOf(rows, chosen);
    return { qualityPerUsd, score: routerArenaScore({ accuracy: quality, usdPer1k: 1000 * usd }) };
  });
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).qualityPerUsd;
}

/** Mean cost and quality of choices.
 * @param counts weight of each row, such as bootstrap counts; 1 when absent */
export function pointOf(
  { quality, usd }: PolicyRows,
  chosen: Int32Array,
  counts?: ArrayLike<number>,
): CostQuality {
  let total = 0;
  let cost = 0;
  let right = 0;
  for (let row = 0; row < chosen.length; row++) {
    const count = counts?.[row] ?? 1;
    total += count;
    cost += count * usd[chosen[row]!]![row]!;
    right += count * quality[chosen[row]!]![row]!;
  }
  return { usd: cost / total, quality: right / total };
}
