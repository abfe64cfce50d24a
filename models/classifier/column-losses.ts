import type { ColumnLoss } from "./head-loss.js";
import { tf } from "./tfjs.js";

/** Width over which the pinball loss is rounded off, in units of the target.
 * @see Zheng 2011, Gradient descent algorithms for quantile regression with smooth approximation */
const pinballWidth = 0.05;

/** Losses of mixed output columns as TensorFlow.js operations. Holds tensors: dispose it after use. */
export interface ColumnLosses {
  /** Weighted sum over rows and columns; all three are (rows, columns). */
  sum(logits: tf.Tensor, values: tf.Tensor, weights: tf.Tensor): tf.Scalar;
  dispose(): void;
}

/** Put the kinds of the columns on the back end. */
export function createColumnLosses(columns: readonly ColumnLoss[]): ColumnLosses {
  const isQuantile = tf.tensor1d(columns.map(({ kind }) => (kind === "quantile" ? 1 : 0)));
  const isLogistic = tf.tensor1d(columns.map(({ kind }) => (kind === "logistic" ? 1 : 0)));
  const level = tf.tensor1d(columns.map((column) => (column.kind === "quantile" ? column.level : 0)));
  const hasQuantiles = columns.some(({ kind }) => kind === "quantile");
  return {
    sum: (z, y, weight) => {
      const logistic = tf.sub(tf.softplus(z), tf.mul(z, y));
      if (!hasQuantiles) return tf.sum(tf.mul(logistic, weight));
      const gap = tf.sub(y, z);
      const pinball = tf.add(
        tf.mul(gap, level),
        tf.mul(tf.softplus(tf.div(gap, -pinballWidth)), pinballWidth),
      );
      return tf.sum(tf.mul(tf.add(tf.mul(logistic, isLogistic), tf.mul(pinball, isQuantile)), weight));
    },
    dispose: () => tf.dispose([isQuantile, isLogistic, level]),
  };
}
