import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";
import type { Penalty } from "./classifier/fit-columns.js";
import { fitLinearPath } from "./classifier/fit-linear.js";
import type { Targets } from "./classifier/head-loss.js";
import { minimiseLbfgs } from "./classifier/minimise-lbfgs.js";
import { foldNumbers, stackAcross } from "./classifier/stack-across.js";
import { denseMoments, standardise } from "./classifier/standardise.js";
import { startTfjs } from "./classifier/tfjs.js";
import { averageColumns, type NewColumn, newColumnLogits } from "./new-column.js";
import { rowsWhere } from "./split.js";

/** Labels of a model that a router doesn't know yet. */
export interface NewColumnRows {
  /** The router's logits, from fits that did not see the row: (rows, columns). */
  logits: Float32Array;
  /** Which of its columns are logits of other models' quality; at least one. */
  known: readonly number[];
  matrix: FeatureMatrix;
  /** Quality of the new model's answers, 0 to 1. */
  values: Float32Array;
  /** Weight of each row, about 1. */
  weights: Float32Array;
}

/** A fitted logit, and what it says about rows that it was not fitted to. */
export interface FittedColumn {
  column: NewColumn;
  outOfFold: Float32Array;
}

/** Penalties on departing from the mean of the known models, per standard deviation of a logit: from holding to it to learning
 * each logit's factor. */
const trunkPenalties: readonly number[] = [100, 10, 1];

/** What the new model has of its own: dense features, and n-grams once there are rows to tell them by. */
const fewRows: readonly Penalty[] = [{ wide: null, dense: 100 }];
const manyRows: readonly Penalty[] = [...fewRows, { wide: 30, dense: 100 }, { wide: 10, dense: 100 }];

/** From this many rows on, n-grams are read. */
export const leastRowsForNgrams = 1_000;

/** Fit one logit from few labels, on top of a router that stays as it is. A new model is first taken for the mean of those
 * that are known, on the logit scale; its labels move it from there. Logistic regressions on the router's logits, from strongly
 * to lightly held, and linear models of the request are stacked by how well they predict rows that they did not see.
 * @param folds fold of each row
 * @see models/classifier/stack-weights.ts for the stacking */
export async function fitNewColumn(rows: NewColumnRows, folds: Int32Array): Promise<FittedColumn> {
  await startTfjs();
  const penalties = rows.values.length < leastRowsForNgrams ? fewRows : manyRows;
  const targets: Targets = { columns: [{ kind: "logistic" }], values: rows.values, weights: rows.weights };
  const heldOut = heldOutLogits(rows, folds, penalties);
  const { logits, shares } = stackAcross(heldOut, targets, folds);
  const members = fitMembers(rows, penalties);
  return {
    column: averageColumns(
      members,
      shares.map(([share]) => share!),
    ),
    outOfFold: logits,
  };
}

function heldOutLogits(
  rows: NewColumnRows,
  folds: Int32Array,
  penalties: readonly Penalty[],
): Float32Array[] {
  const count = trunkPenalties.length + penalties.length;
  const all = Array.from({ length: count }, () => new Float32Array(rows.values.length));
  for (const fold of foldNumbers(folds)) {
    const outside = rowsWhere(folds, (other) => other === fold);
    const theirs = pickRows(rows, outside);
    const members = fitMembers(
      pickRows(
        rows,
        rowsWhere(folds, (other) => other !== fold),
      ),
      penalties,
    );
    members.forEach((member, m) => {
      const predicted = newColumnLogits(member, theirs.logits, theirs.matrix);
      outside.forEach((row, i) => {
        all[m]![row] = predicted[i]!;
      });
    });
  }
  return all;
}

function fitMembers(rows: NewColumnRows, penalties: readonly Penalty[]): NewColumn[] {
  const columns = rows.logits.length / rows.values.length;
  const targets: Targets = { columns: [{ kind: "logistic" }], values: rows.values, weights: rows.weights };
  return [
    ...trunkPenalties.map((penalty) => fitToLogits(rows, penalty)),
    ...fitLinearPath(rows.matrix, targets, penalties).map((own) => ({
      factors: new Float64Array(columns),
      own,
    })),
  ];
}

/** Logistic regression on the router's logits, held to the mean of the known models' by a ridge. */
function fitToLogits({ logits, known, matrix, values, weights }: NewColumnRows, penalty: number): NewColumn {
  const rows = values.length;
  const columns = logits.length / rows;
  const moments = denseMoments(logits, columns);
  const inputs = standardise(logits, moments);
  const prior = Float64Array.from({ length: columns }, (_, c) => Number(known.includes(c)) / known.length);
  const start = Float64Array.from({ length: rows }, (_, row) =>
    prior.reduce((sum, factor, c) => sum + factor * logits[row * columns + c]!, 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const solution = minimiseLbfgs(
    (x, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        let z = start[row]! + x[columns]!;
        for (let c = 0; c < columns; c++) z += x[c]! * inputs[row * columns + c]!;
        loss += weights[row]! * (Math.max(z, 0) - z * values[row]! + Math.log1p(Math.exp(-Math.abs(z))));
        const slope = weights[row]! * (1 / (1 + Math.exp(-z)) - values[row]!);
        for (let c = 0; c < columns; c++) gradient[c]! += slope * inputs[row * columns + c]!;
        gradient[columns]! += slope;
      }
      for (let c = 0; c < columns; c++) {
        loss += (penalty / 2) * x[c]! * x[c]!;
        gradient[c]! += penalty * x[c]!;
      }
      return loss;
    },
    new Float64Array(columns + 1),
    new Float64Array(columns + 1).fill(total / 4 + penalty),
    { tolerance: 1e-9 },
  );
  const slopes = moments.spread.map((spread, c) => (spread > 0 ? solution[c]! / spread : 0));
  const bias = slopes.reduce((sum, slope, c) => sum - slope * moments.mean[c]!, solution[columns]!);
  return {
    factors: prior.map((factor, c) => factor + slopes[c]!),
    own: {
      columns: 1,
      wideTable: new Float32Array(matrix.buckets),
      denseWide: new Float32Array(matrix.denseFeatures),
      bias: Float32Array.of(bias),
    },
  };
}

function pickRows(rows: NewColumnRows, chosen: Int32Array): NewColumnRows {
  const columns = rows.logits.length / rows.values.length;
  return {
    known: rows.known,
    matrix: selectRows(rows.matrix, chosen),
    logits: Float32Array.from(
      { length: chosen.length * columns },
      (_, i) => rows.logits[chosen[Math.floor(i / columns)]! * columns + (i % columns)]!,
    ),
    values: Float32Array.from(chosen, (row) => rows.values[row]!),
    weights: Float32Array.from(chosen, (row) => rows.weights[row]!),
  };
}
