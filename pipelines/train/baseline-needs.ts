import { readRequest } from "@signalbox/runtime";
import type { FeatureMatrix } from "../../models/classifier/feature-matrix.js";
import type { SplitPlan } from "../../models/plan-split.js";
import { forecastOutOfFold } from "../../models/policies/forecast-out-of-fold.js";
import { knnPolicy } from "../../models/policies/knn-policy.js";
import { needScores } from "../../models/policies/need-scores.js";
import { type PolicyRows, selectPolicyRows } from "../../models/policies/policy.js";
import { rowsWhere } from "../../models/split.js";
import type { ModelChoice } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";

/** How much each held-out row needs the strong model, by strategies that a trained router has to beat; higher = more. */
export interface BaselineNeeds {
  /** Characters of the last user turn. */
  length: Float64Array;
  /** Expected gain among similar requests whose labels the router could learn from too. */
  knn: Float64Array;
}

/** Rows that k-NN looks among at most: enough for a yardstick, and fast. */
const mostNeighbourRows = 5_000;

/** Score held-out rows by prompt length and by k nearest neighbours, each row from the same part of the data as the router's.
 * @param rows numbers of the held-out items */
export async function baselineNeeds({
  items,
  matrix,
  plan,
  choice,
  rows,
}: {
  items: readonly TrainingItem[];
  matrix: FeatureMatrix;
  plan: SplitPlan;
  choice: ModelChoice;
  rows: Int32Array;
}): Promise<BaselineNeeds> {
  const all = policyRows(items, matrix, choice);
  const policy = knnPolicy({ mostRows: mostNeighbourRows });
  const pair = { weak: 0, strong: 1 };
  const length = Float64Array.from(rows, (row) => all.texts[row]!.length);
  if (plan.kind === "cross_fit") {
    const needs = needScores(await forecastOutOfFold(policy, all, plan.parts, 0), pair);
    return { length, knn: Float64Array.from(rows, (row) => needs[row]!) };
  }
  const training = rowsWhere(plan.parts, (part) => part === 0);
  const fitted = await policy.fit(selectPolicyRows(all, training), 0);
  return { length, knn: needScores(await fitted.forecast(selectPolicyRows(all, rows)), pair) };
}

/** The cheapest candidate and the strong model; an outcome that is missing is NaN. */
function policyRows(
  items: readonly TrainingItem[],
  matrix: FeatureMatrix,
  { candidates, strong }: ModelChoice,
): PolicyRows {
  const models = [candidates[0]!, strong];
  return {
    texts: items.map(({ request }) => readRequest(request).userText),
    matrix,
    groups: items.map(() => ""),
    quality: models.map(({ model }) =>
      Float64Array.from(items, ({ outcomes }) => outcomes.get(model)?.quality ?? Number.NaN),
    ),
    usd: models.map(({ meanCostUsd }) => new Float64Array(items.length).fill(meanCostUsd)),
  };
}
