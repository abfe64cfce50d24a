import type { FeatureVector, Prediction } from "@signalbox/runtime";
import { outputCount, type RouterWeights } from "../router-weights.js";
import { startTfjs, tf } from "./tfjs.js";

/** Run the router's graph in TensorFlow.js: the third opinion beside onnxruntime and the runtime's kernel, which must
 * agree to 1e-5. The n-gram sums are pooled in typed arrays, as in training. */
export async function predictTfjs(
  weights: RouterWeights,
  batch: readonly FeatureVector[],
): Promise<Prediction[]> {
  await startTfjs();
  const { buckets, denseFeatures: f, hidden: h, heads, knots } = weights;
  const k = weights.bias.length;
  const outputs = outputCount(weights);
  const n = batch.length;
  const pooled = (table: Float32Array, columns: number) =>
    tf.tensor2d(pool(batch, table, columns, buckets), [n, columns]);
  const values = tf.tidy(() => {
    const dense = tf.tensor2d(
      concatenate(
        batch.map((vector) => vector.dense),
        f,
      ),
      [n, f],
    );
    let logits = tf.add(
      tf.add(pooled(weights.wideTable, k), tf.matMul(dense, tf.tensor2d(weights.denseWide, [f, k]))),
      tf.tensor1d(weights.bias),
    );
    if (h > 0) {
      const deep = tf.relu(
        tf.add(
          tf.add(pooled(weights.deepTable, h), tf.matMul(dense, tf.tensor2d(weights.denseDeep, [f, h]))),
          tf.tensor1d(weights.deepBias),
        ),
      );
      logits = tf.add(logits, tf.matMul(deep as tf.Tensor2D, tf.tensor2d(weights.deepOut, [h, k])));
    }
    const terms = tf.concat([logits, tf.sigmoid(logits)], 1) as tf.Tensor2D;
    const scores = tf.add(
      tf.matMul(terms, tf.tensor2d(weights.mix, [2 * k, outputs])),
      tf.tensor1d(weights.shift),
    );
    const bendShape: [number, number] = [outputs, knots.length / outputs];
    const calibrated =
      knots.length === 0
        ? scores
        : tf.add(
            scores,
            tf.sum(
              tf.mul(
                tf.relu(tf.sub(tf.expandDims(scores, 2), tf.tensor2d(knots, bendShape))),
                tf.tensor2d(weights.bends, bendShape),
              ),
              2,
            ),
          );
    return { calibrated: calibrated.dataSync(), probabilities: tf.sigmoid(calibrated).dataSync() };
  });
  return batch.map((_, row) => ({
    probabilities: Float64Array.from(values.probabilities.slice(row * outputs, row * outputs + heads.length)),
    lengthQuantiles: Float64Array.from(
      values.calibrated.slice(row * outputs + heads.length, (row + 1) * outputs),
    ),
  }));
}

function pool(
  batch: readonly FeatureVector[],
  table: Float32Array,
  columns: number,
  buckets: number,
): Float32Array {
  if (table.length !== buckets * columns)
    throw new RangeError(`table has ${table.length} values, not ${buckets} x ${columns}`);
  const out = new Float32Array(batch.length * columns);
  batch.forEach(({ ids, weights }, row) => {
    const sums = new Float64Array(columns);
    ids.forEach((id, i) => {
      for (let c = 0; c < columns; c++) sums[c]! += table[id * columns + c]! * weights[i]!;
    });
    out.set(sums, row * columns);
  });
  return out;
}

function concatenate(rows: readonly Float32Array[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(row, i * width);
  });
  return out;
}
