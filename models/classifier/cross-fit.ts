import { rowsWhere } from "../split.js";
import { type FeatureMatrix, selectRows } from "./feature-matrix.js";
import { fitLinearPath, type LinearModel, linearLogits, type Penalty } from "./fit-linear.js";
import { selectTargets, type Targets } from "./head-loss.js";
import { rowLosses } from "./row-losses.js";

/** From dense features alone to lightly held n-grams. Dense weights are on standardised features. */
export const penaltyGrid: readonly Penalty[] = [
  { wide: null, dense: 100 },
  { wide: 30, dense: 100 },
  { wide: 10, dense: 100 },
  { wide: 3, dense: 100 },
  { wide: 1, dense: 100 },
];

/** Out-of-fold logits of every penalty of the grid, and how much each penalty deserves to count. */
export interface CrossFit {
  /** Logits of every row from models that saw no row of its fold, averaged over the grid: (rows, columns). */
  logits: Float32Array;
  /** Weight of each penalty in the average for each column, (grid, columns), from all rows: for the final fit. */
  gridWeights: Float64Array[];
}

/** Fit every penalty of the grid without each fold in turn, and average the fits by how well they predict rows that they
 * did not see: weight proportional to exp(-summed held-out loss), so that penalties which the data can't tell apart share
 * the weight, and a clear winner takes it all. For a row, only losses on other folds' rows decide the weights, so
 * that no part of its score saw its label.
 * @param folds fold of each row
 * @param onFit called after each of grid x folds fits
 * @see Yao et al. 2018, Using stacking to average Bayesian predictive distributions (pseudo-BMA weights) */
export function crossFit(
  matrix: FeatureMatrix,
  targets: Targets,
  folds: Int32Array,
  onFit: () => void = () => {},
): CrossFit {
  const columns = targets.columns.length;
  const foldCount = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const logits = penaltyGrid.map(() => new Float32Array(matrix.rows * columns));
  for (let fold = 0; fold < foldCount; fold++) {
    const inside = rowsWhere(folds, (other) => other !== fold);
    const outside = rowsWhere(folds, (other) => other === fold);
    const training = selectRows(matrix, inside);
    const trainingTargets = selectTargets(targets, inside);
    const heldOut = selectRows(matrix, outside);
    fitLinearPath(training, trainingTargets, penaltyGrid, onFit).forEach((model, at) => {
      const predicted = linearLogits(heldOut, model);
      outside.forEach((row, i) => {
        logits[at]!.set(predicted.subarray(i * columns, (i + 1) * columns), row * columns);
      });
    });
  }
  const losses = logits.map((values) => rowLosses(values, targets));
  const averaged = new Float32Array(matrix.rows * columns);
  for (let fold = 0; fold < foldCount; fold++) {
    const weights = averageWeights(losses, columns, (row) => folds[row] !== fold);
    for (const row of rowsWhere(folds, (other) => other === fold)) {
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let at = 0; at < penaltyGrid.length; at++)
          sum += weights[at]![c]! * logits[at]![row * columns + c]!;
        averaged[row * columns + c] = sum;
      }
    }
  }
  return { logits: averaged, gridWeights: averageWeights(losses, columns, () => true) };
}

/** Fit the whole grid to all rows and average it into one linear model.
 * @param gridWeights from {@link crossFit} */
export function fitAveraged(
  matrix: FeatureMatrix,
  targets: Targets,
  gridWeights: readonly Float64Array[],
  onFit: () => void = () => {},
): LinearModel {
  const columns = targets.columns.length;
  const average: LinearModel = {
    columns,
    wideTable: new Float32Array(matrix.buckets * columns),
    denseWide: new Float32Array(matrix.denseFeatures * columns),
    bias: new Float32Array(columns),
  };
  const used = penaltyGrid.slice(
    0,
    1 + gridWeights.findLastIndex((weights) => weights.some((weight) => weight > 0)),
  );
  fitLinearPath(matrix, targets, used, onFit).forEach((model, at) => {
    addWeighted(average.wideTable, model.wideTable, gridWeights[at]!);
    addWeighted(average.denseWide, model.denseWide, gridWeights[at]!);
    addWeighted(average.bias, model.bias, gridWeights[at]!);
  });
  return average;
}

const negligible = 0.005;

/** exp(-loss) weights per column over the rows that count; negligible ones are dropped. */
function averageWeights(
  losses: readonly Float64Array[],
  columns: number,
  counts: (row: number) => boolean,
): Float64Array[] {
  const sums = losses.map((loss) => {
    const sum = new Float64Array(columns);
    for (let i = 0; i < loss.length; i++) if (counts(Math.floor(i / columns))) sum[i % columns]! += loss[i]!;
    return sum;
  });
  const weights = sums.map(() => new Float64Array(columns));
  for (let c = 0; c < columns; c++) {
    const least = Math.min(...sums.map((sum) => sum[c]!));
    const raw = sums
      .map((sum) => Math.exp(least - sum[c]!))
      .map((weight) => (weight < negligible ? 0 : weight));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    raw.forEach((weight, at) => {
      weights[at]![c] = weight / total;
    });
  }
  return weights;
}

function addWeighted(into: Float32Array, values: Float32Array, weights: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += weights[i % weights.length]! * values[i]!;
}
