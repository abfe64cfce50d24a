import { type FeatureMatrix, poolTable } from "./feature-matrix.js";

/** A fitted linear model in the units of raw features: logits = pooled + dense x denseWide + bias. */
export interface LinearModel {
  columns: number;
  /** (buckets, columns) */
  wideTable: Float32Array;
  /** (features, columns) */
  denseWide: Float32Array;
  /** (columns) */
  bias: Float32Array;
}

/** Logits of every row, (rows, columns). */
export function linearLogits(matrix: FeatureMatrix, model: LinearModel): Float32Array {
  const { columns, denseWide, bias } = model;
  const out = poolTable(matrix, model.wideTable, columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let c = 0; c < columns; c++) {
      let sum = out[row * columns + c]! + bias[c]!;
      for (let j = 0; j < matrix.denseFeatures; j++) {
        sum += matrix.dense[row * matrix.denseFeatures + j]! * denseWide[j * columns + c]!;
      }
      out[row * columns + c] = sum;
    }
  }
  return out;
}

/** Put the columns of separately fitted models side by side, in order. */
export function joinColumns(models: readonly LinearModel[]): LinearModel {
  const width = models.reduce((sum, { columns }) => sum + columns, 0);
  const join = (values: (model: LinearModel) => Float32Array) => {
    const first = models[0]!;
    const rows = values(first).length / first.columns;
    const out = new Float32Array(rows * width);
    let from = 0;
    for (const model of models) {
      const own = values(model);
      for (let row = 0; row < rows; row++)
        for (let c = 0; c < model.columns; c++) out[row * width + from + c] = own[row * model.columns + c]!;
      from += model.columns;
    }
    return out;
  };
  return {
    columns: width,
    wideTable: join(({ wideTable }) => wideTable),
    denseWide: join(({ denseWide }) => denseWide),
    bias: join(({ bias }) => bias),
  };
}
