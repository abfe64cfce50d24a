import { readRequest } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { DataError } from "../../datasets/errors.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { forecastOutOfFold } from "../../models/policies/forecast-out-of-fold.js";
import { fitLinUcb, type LinUcbModel, linUcbPolicy } from "../../models/policies/linucb-policy.js";
import { needScores } from "../../models/policies/need-scores.js";
import type { PolicyRows } from "../../models/policies/policy.js";
import { assignFolds, groupRows } from "../../models/split.js";
import { readTrainingItems, type TrainingItem } from "../train/read-training-items.js";
import { handRules } from "./hand-rules.js";

/** Labelled requests of which the qualities of both the cheapest and the strong model are known, with what simpler strategies make of
 * them. */
export interface LabelledPairs {
  weak: Float64Array;
  strong: Float64Array;
  weights: Float64Array;
  clusters: Int32Array;
  /** Fold of each row: a row's measured quality comes from a setting that the other folds chose. */
  folds: Int32Array;
  /** Score of each row, higher = send to the strong model; the bandit's by a fit that didn't see the row's fold. */
  needs: { length: Float64Array; rules: Float64Array; bandit: Float64Array };
  /** Learnt on all rows. */
  bandit: LinUcbModel;
}

/** Rows that are learnt from at most, spread evenly over all: enough for a yardstick, and fast. */
const mostRows = 5_000;
const leastRows = 50;
const folds = 5;
const seed = 1;

/** Read a workspace's outcomes of two models and fit the bandit to them.
 * @returns null with fewer than 50 such items */
export async function labelledPairs(
  engine: Engine,
  { weak, strong }: { weak: string; strong: string },
): Promise<LabelledPairs | null> {
  const all = await readItems(engine);
  const items = thin(all.filter(({ outcomes }) => outcomes.has(weak) && outcomes.has(strong)));
  if (items.length < leastRows) return null;
  const rows = policyRows(items, [weak, strong]);
  const clusters = groupRows(
    items.map(({ sessionId }) => sessionId),
    rows.texts,
  );
  const foldOf = assignFolds(clusters, folds, seed);
  const forecast = await forecastOutOfFold(linUcbPolicy(), rows, foldOf, seed);
  return {
    weak: rows.quality[0]!,
    strong: rows.quality[1]!,
    weights: Float64Array.from(items, ({ weight }) => weight),
    clusters,
    folds: foldOf,
    needs: {
      length: Float64Array.from(rows.texts, (text) => text.length),
      // Rounded as the columns of the log are, so that equal scores stay equal.
      rules: Float64Array.from(rows.texts, (text) => Math.fround(handRules(text))),
      bandit: needScores(forecast, { weak: 0, strong: 1 }).map(Math.fround),
    },
    bandit: fitLinUcb(rows, seed),
  };
}

async function readItems(engine: Engine): Promise<TrainingItem[]> {
  try {
    return (await readTrainingItems(engine)).items;
  } catch (error) {
    if (error instanceof DataError) return [];
    throw error;
  }
}

function thin(items: TrainingItem[]): TrainingItem[] {
  if (items.length <= mostRows) return items;
  return Array.from({ length: mostRows }, (_, i) => items[Math.floor((i * items.length) / mostRows)]!);
}

function policyRows(items: readonly TrainingItem[], models: readonly string[]): PolicyRows {
  const outcomesOf = (model: string) => items.map(({ outcomes }) => outcomes.get(model)!);
  const known = (model: string) =>
    outcomesOf(model).flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  // The bandit weighs cost by models' means only; unknown ones keep their order.
  const meanUsd = models.map((model, place) => {
    const costs = known(model);
    return costs.length === 0 ? place : costs.reduce((sum, usd) => sum + usd, 0) / costs.length;
  });
  return {
    texts: items.map(({ request }) => readRequest(request).userText),
    matrix: featureMatrix(items.map(({ request }) => request)),
    groups: items.map(() => ""),
    quality: models.map((model) => Float64Array.from(outcomesOf(model), ({ quality }) => quality)),
    usd: meanUsd.map((mean) => new Float64Array(items.length).fill(mean)),
  };
}
