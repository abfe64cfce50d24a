import { createColumnLosses } from "./column-losses.js";
import { tf } from "./tfjs.js";

/** What one output column is fitted to.
 * - logistic: a probability; targets in [0, 1]
 * - quantile: a conditional quantile by pinball loss, smoothed so that it has a gradient everywhere */
export type ColumnLoss = { kind: "logistic" } | { kind: "quantile"; level: number };

/** Targets of every row and column, row-major (rows, columns). A weight of 0 masks a target that isn't known. */
export interface Targets {
  columns: ColumnLoss[];
  values: Float32Array;
  weights: Float32Array;
}

/** The targets of some rows, in the order given. */
export function selectTargets({ columns, values, weights }: Targets, rows: ArrayLike<number>): Targets {
  const width = columns.length;
  const pick = (all: Float32Array) => {
    const out = new Float32Array(rows.length * width);
    for (let i = 0; i < rows.length; i++)
      out.set(all.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
    return out;
  };
  return { columns, values: pick(values), weights: pick(weights) };
}

/** The targets of one column. */
export function selectColumn({ columns, values, weights }: Targets, column: number): Targets {
  const width = columns.length;
  const pick = (all: Float32Array) =>
    Float32Array.from({ length: all.length / width }, (_, row) => all[row * width + column]!);
  return { columns: [columns[column]!], values: pick(values), weights: pick(weights) };
}

/** Loss with its gradients, with respect to the pooled sparse sums and to the dense weights. */
interface LossGradient {
  loss: number;
  /** (rows, columns) */
  pooled: Float32Array;
  /** (features, columns) */
  dense: Float32Array;
  /** (columns) */
  bias: Float32Array;
}

/** The weighted sum of column losses of a linear model on fixed dense inputs, differentiated by TensorFlow.js. Holds
 * tensors: dispose it after use. */
export interface HeadLoss {
  evaluate(pooled: Float32Array, dense: Float32Array, bias: Float32Array): LossGradient;
  dispose(): void;
}

/** Put dense inputs and targets on the back end and return the loss over them.
 * @param inputs (rows, features)
 * @param features columns of `inputs`, at least 1 */
export function createHeadLoss(inputs: Float32Array, features: number, targets: Targets): HeadLoss {
  const columns = targets.columns.length;
  const rows = targets.values.length / columns;
  const x = tf.tensor2d(inputs, [rows, features]);
  const y = tf.tensor2d(targets.values, [rows, columns]);
  const weight = tf.tensor2d(targets.weights, [rows, columns]);
  const losses = createColumnLosses(targets.columns);

  const lossOf = (pooled: tf.Tensor, dense: tf.Tensor, bias: tf.Tensor): tf.Scalar => {
    const z = tf.add(tf.add(pooled, tf.matMul(x, dense as tf.Tensor2D)), bias);
    return losses.sum(z, y, weight);
  };
  const differentiate = tf.valueAndGrads(lossOf as (...inputs: tf.Tensor[]) => tf.Tensor);

  return {
    evaluate: (pooled, dense, bias) => {
      let result!: LossGradient;
      // Not returned from tidy, which would look for tensors in every element of these arrays.
      tf.tidy(() => {
        const { value, grads } = differentiate([
          tf.tensor2d(pooled, [rows, columns]),
          tf.tensor2d(dense, [features, columns]),
          tf.tensor1d(bias),
        ]);
        const [byPooled, byDense, byBias] = grads.map((gradient) => gradient.dataSync() as Float32Array);
        result = { loss: value.dataSync()[0]!, pooled: byPooled!, dense: byDense!, bias: byBias! };
      });
      return result;
    },
    dispose: () => {
      tf.dispose([x, y, weight]);
      losses.dispose();
    },
  };
}
