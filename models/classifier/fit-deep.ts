import { createRandom } from "../../datasets/random.js";
import { createColumnLosses } from "./column-losses.js";
import { type FeatureMatrix, poolTable } from "./feature-matrix.js";
import type { Targets } from "./head-loss.js";
import { meanLogits } from "./mean-logits.js";
import { type DenseMoments, denseMoments } from "./standardise.js";
import { tf } from "./tfjs.js";

/** A fitted hidden layer in the units of raw features: logits = relu(pooled + dense x denseDeep + deepBias) x deepOut + bias. */
export interface DeepModel {
  columns: number;
  hidden: number;
  /** (buckets, hidden) */
  deepTable: Float32Array;
  /** (features, hidden) */
  denseDeep: Float32Array;
  /** (hidden) */
  deepBias: Float32Array;
  /** (hidden, columns) */
  deepOut: Float32Array;
  /** (columns) */
  bias: Float32Array;
}

/** The latent directions and where requests lie along them. */
export interface LatentSpace {
  count: number;
  /** (buckets, count) from `latentDirections` */
  directions: Float32Array;
  /** (rows, count) */
  places: Float32Array;
}

/** Hidden units: each costs every decision a table column, and more of them rank no better (docs/lab-notes.md). */
const hidden = 16;
const batchRows = 128;
const learningRate = 3e-3;
const leastSteps = 200;
const epochs = 10;
const hiddenDropout = 0.3;

/** A dense feature that is hardly ever set would otherwise become huge where it is. */
const leastSpread = 0.1;

/** What the layer reads besides the latent places. */
export type DenseRows = Pick<FeatureMatrix, "rows" | "buckets" | "denseFeatures" | "dense">;

/** Fit one hidden layer that all columns share, on latent directions of the n-grams and on the dense features: some 100
 * inputs instead of 32,768 buckets, so nothing sparse is ever made dense and an epoch takes a fraction of a second.
 * Adam with a triangular learning rate, dropout, a fixed number of epochs; the same seed gives the same bits. The layer is
 * then folded through the directions into a table over buckets, the form that the graph has.
 * @param latent with the places of these rows
 * @see Kingma and Ba 2015, Adam; Srivastava et al. 2014, Dropout */
export function fitDeep(matrix: DenseRows, targets: Targets, latent: LatentSpace, seed: number): DeepModel {
  const scaling = scaleInputs(matrix, latent);
  const layers = trainLayers(scaling.inputs, scaling.width, targets, seed);
  return foldLayers(matrix.buckets, latent, scaling, layers, targets.columns.length);
}

/** Inputs of the layer, (rows, latent then dense), centred and scaled, with what undoes it. */
interface Scaling {
  inputs: Float32Array;
  width: number;
  mean: Float64Array;
  /** Factor of each input. */
  factor: Float64Array;
}

function scaleInputs(matrix: DenseRows, { count: latent, places }: LatentSpace): Scaling {
  const texts = denseMoments(places, latent);
  const dense = denseMoments(matrix.dense, matrix.denseFeatures);
  const width = latent + matrix.denseFeatures;
  const mean = Float64Array.from([...texts.mean, ...dense.mean]);
  const factor = Float64Array.from([...latentFactors(texts), ...denseFactors(dense)]);
  const inputs = new Float32Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++) {
    for (let j = 0; j < width; j++) {
      const raw =
        j < latent ? places[row * latent + j]! : matrix.dense[row * matrix.denseFeatures + j - latent]!;
      inputs[row * width + j] = (raw - mean[j]!) * factor[j]!;
    }
  }
  return { inputs, width, mean, factor };
}

/** Half-way between raw and whitened: directions that vary little say less, but not in proportion. */
function latentFactors({ spread }: DenseMoments): Float64Array {
  const largest = spread.reduce((most, value) => Math.max(most, value), 1e-9);
  return spread.map((value) => (value > 0 ? 1 / Math.sqrt(value * largest) : 0));
}

function denseFactors({ spread }: DenseMoments): Float64Array {
  return spread.map((value) => (value > 0 ? 0.5 / Math.max(value, leastSpread) : 0));
}

interface Layers {
  inWeights: Float32Array;
  inBias: Float32Array;
  outWeights: Float32Array;
  outBias: Float32Array;
}

function trainLayers(inputs: Float32Array, width: number, targets: Targets, seed: number): Layers {
  const columns = targets.columns.length;
  const rows = inputs.length / width;
  const random = createRandom(seed);
  const variables = startVariables(width, columns, targets, random.normal);
  const losses = createColumnLosses(targets.columns);
  const perEpoch = Math.ceil(rows / batchRows);
  const steps = Math.max(leastSteps, epochs * perEpoch);
  const optimizer = tf.train.adam(learningRate);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let step = 0; step < steps; step++) {
    if (step % perEpoch === 0) random.shuffle(order);
    const from = (step % perEpoch) * batchRows;
    const batch = order.subarray(from, Math.min(rows, from + batchRows));
    setLearningRate(optimizer, triangular(step, steps));
    tf.tidy(() => {
      const x = tf.tensor2d(gather(inputs, width, batch), [batch.length, width]);
      const y = tf.tensor2d(gather(targets.values, columns, batch), [batch.length, columns]);
      const weight = tf.tensor2d(gather(targets.weights, columns, batch), [batch.length, columns]);
      const mask = tf.tensor2d(dropoutMask(batch.length * hidden, random.uniform), [batch.length, hidden]);
      optimizer.minimize(() => {
        const units = tf.relu(tf.add(tf.matMul(x, variables.inWeights), variables.inBias));
        const kept = tf.mul(units, mask) as tf.Tensor2D;
        const z = tf.add(tf.matMul(kept, variables.outWeights), variables.outBias);
        return tf.div(losses.sum(z, y, weight), batch.length) as tf.Scalar;
      });
    });
  }
  const layers = {
    inWeights: variables.inWeights.dataSync() as Float32Array,
    inBias: variables.inBias.dataSync() as Float32Array,
    outWeights: variables.outWeights.dataSync() as Float32Array,
    outBias: variables.outBias.dataSync() as Float32Array,
  };
  optimizer.dispose();
  losses.dispose();
  tf.dispose(Object.values(variables));
  return layers;
}

/** He initialisation; output biases that already fit the mean target. */
function startVariables(width: number, columns: number, targets: Targets, normal: () => number) {
  const fill = (rows: number, cols: number) => {
    const scale = Math.sqrt(2 / rows);
    return tf.variable(
      tf.tensor2d(
        Float32Array.from({ length: rows * cols }, () => scale * normal()),
        [rows, cols],
      ),
    );
  };
  return {
    inWeights: fill(width, hidden),
    inBias: tf.variable(tf.zeros<tf.Rank.R1>([hidden])),
    outWeights: fill(hidden, columns),
    outBias: tf.variable(tf.tensor1d(Float32Array.from(meanLogits(targets)))),
  };
}

/** Up over the first 30 % of the steps, then down to 0. */
function triangular(step: number, steps: number): number {
  const place = (step + 1) / (steps + 1);
  return learningRate * Math.min(place / 0.3, (1 - place) / 0.7);
}

/** tfjs gives its optimisers no setter for the learning rate. */
function setLearningRate(optimizer: tf.AdamOptimizer, rate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = rate;
}

function dropoutMask(size: number, uniform: () => number): Float32Array {
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) mask[i] = uniform() < hiddenDropout ? 0 : 1 / (1 - hiddenDropout);
  return mask;
}

function gather(values: Float32Array, width: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    out.set(values.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return out;
}

function foldLayers(
  buckets: number,
  { count: latent, directions }: LatentSpace,
  { width, mean, factor }: Scaling,
  { inWeights, inBias, outWeights, outBias }: Layers,
  columns: number,
): DeepModel {
  const scaled = inWeights.map((weight, i) => weight * factor[Math.floor(i / hidden)]!);
  const deepTable = new Float32Array(buckets * hidden);
  for (let bucket = 0; bucket < buckets; bucket++) {
    for (let j = 0; j < latent; j++) {
      const along = directions[bucket * latent + j]!;
      if (along === 0) continue;
      for (let h = 0; h < hidden; h++) deepTable[bucket * hidden + h]! += along * scaled[j * hidden + h]!;
    }
  }
  const deepBias = Float64Array.from(inBias);
  for (let j = 0; j < width; j++) {
    for (let h = 0; h < hidden; h++) deepBias[h]! -= mean[j]! * scaled[j * hidden + h]!;
  }
  return {
    columns,
    hidden,
    deepTable,
    denseDeep: scaled.slice(latent * hidden),
    deepBias: Float32Array.from(deepBias),
    deepOut: Float32Array.from(outWeights),
    bias: Float32Array.from(outBias),
  };
}

/** Logits of every row, (rows, columns). */
export function deepLogits(matrix: FeatureMatrix, model: DeepModel): Float32Array {
  const { columns, hidden: units, denseDeep, deepBias, deepOut, bias } = model;
  const sums = poolTable(matrix, model.deepTable, units);
  const out = new Float32Array(matrix.rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let c = 0; c < columns; c++) out[row * columns + c] = bias[c]!;
    for (let h = 0; h < units; h++) {
      let sum = sums[row * units + h]! + deepBias[h]!;
      for (let j = 0; j < matrix.denseFeatures; j++) {
        sum += matrix.dense[row * matrix.denseFeatures + j]! * denseDeep[j * units + h]!;
      }
      if (sum <= 0) continue;
      for (let c = 0; c < columns; c++) out[row * columns + c]! += sum * deepOut[h * columns + c]!;
    }
  }
  return out;
}
