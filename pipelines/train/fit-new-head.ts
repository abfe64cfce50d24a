import { calibratedProbability } from "../../models/calibration/calibration.js";
import { crossCalibrate } from "../../models/calibration/cross-calibrate.js";
import type { ChosenCalibration } from "../../models/calibration/fit-calibration.js";
import { fitCalibration } from "../../models/calibration/fit-calibration.js";
import type { NewHead } from "../../models/extend-router.js";
import { fitNewColumn } from "../../models/fit-new-column.js";
import type { NewColumn } from "../../models/new-column.js";
import { qualityColumns } from "../../models/quality-columns.js";
import { headProbabilities } from "../../models/router-logits.js";
import { scoreRows } from "../../models/router-targets.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { sufficiencyTerms } from "./head-targets.js";
import type { NewModelRows } from "./new-model-rows.js";

/** A head for a new model, with what it and the router's own heads say of rows that they were not fitted to. */
export interface FittedHead {
  column: NewColumn;
  head: Omit<NewHead, "place"> & { calibration: ChosenCalibration };
  /** Out-of-fold logit of each row. */
  logits: Float32Array;
  /** Probability of each sufficiency head for each row, by model; the new model's on the calibration that is exported. */
  sufficiency: Map<string, Float64Array>;
  /** The new model's by a calibration that did not see the row: for figures of calibration. */
  crossCalibrated: Float64Array;
  /** Probability of the stakes head; null without one. */
  stakes: Float64Array | null;
  /** What the new model's probability stands for; weight 0 where the strong model's answer isn't known. */
  targets: Float64Array;
  weights: Float64Array;
}

/** Fit a new model's quality on top of the router's logits, and calibrate its sufficiency to the strong model as `train` does. */
export async function fitNewHead({
  rows,
  weights,
  model,
  strong,
  foldOf,
}: {
  rows: NewModelRows;
  weights: RouterWeights;
  model: string;
  strong: string;
  foldOf: Int32Array;
}): Promise<FittedHead> {
  const { items, logits } = rows;
  const known = qualityColumns(weights);
  const meanWeight = items.reduce((sum, { weight }) => sum + weight, 0) / items.length;
  const itemWeights = Float64Array.from(items, ({ weight }) => weight / meanWeight);
  const qualityOf = (name: string, row: number) => items[row]!.outcomes.get(name)?.quality;
  const { column, outOfFold } = await fitNewColumn(
    {
      logits,
      known: known.all,
      matrix: rows.matrix,
      values: Float32Array.from(items, (_, row) => qualityOf(model, row)!),
      weights: Float32Array.from(itemWeights),
    },
    foldOf,
  );
  const terms = sufficiencyTerms(weights.bias.length, known.strong);
  const scores = scoreRows(joinColumn(logits, outOfFold), weights.bias.length + 1, terms);
  const targets = Float64Array.from(items, (_, row) => {
    const theirs = qualityOf(strong, row);
    return theirs === undefined ? 0 : 1 - Math.min(1, Math.max(0, theirs - qualityOf(model, row)!));
  });
  const targetWeights = itemWeights.map((weight, row) => (qualityOf(strong, row) === undefined ? 0 : weight));
  const calibration = fitCalibration(scores, targets, targetWeights, foldOf);
  const probabilities = headProbabilities(weights, logits);
  const sufficiency = new Map(
    weights.heads.flatMap((head, h) =>
      head.kind === "sufficiency" ? [[head.model, probabilities[h]!] as const] : [],
    ),
  );
  sufficiency.set(
    model,
    scores.map((score) => calibratedProbability(score, calibration)),
  );
  const stakes = weights.heads.findIndex(({ kind }) => kind === "stakes");
  return {
    column,
    head: { head: { kind: "sufficiency", model }, terms, calibration },
    logits: outOfFold,
    sufficiency,
    crossCalibrated: crossCalibrate(scores, targets, targetWeights, foldOf),
    stakes: stakes === -1 ? null : probabilities[stakes]!,
    targets,
    weights: targetWeights,
  };
}

/** Logits (rows, columns) with one more column. */
function joinColumn(logits: Float32Array, added: Float32Array): Float32Array {
  const columns = logits.length / added.length;
  const out = new Float32Array(logits.length + added.length);
  added.forEach((value, row) => {
    out.set(logits.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
    out[row * (columns + 1) + columns] = value;
  });
  return out;
}
