import type { Progress } from "../../datasets/progress.js";
import { createRandom } from "../../datasets/random.js";
import { sumRows, type TrainingBags } from "./training-bags.js";

/** What the rows are fitted to, and for how long. */
export interface FitRowsOptions {
  /** Row-major, shape (texts, dim), each of length 1. */
  targets: Float32Array;
  dim: number;
  epochs: number;
  /** Step of a row's first update, in units of the table. */
  learningRate: number;
  seed: number;
  onProgress?: Progress;
}

/** Fit the rows of a table, in place, so that the sum of a text's rows points where its target does: loss 1 - cosine, one text
 * at a time in a seeded order, Adagrad with one accumulator per row. The rate falls to a tenth, linearly.
 * @param table row-major, shape (rows, dim)
 * @see Duchi, Hazan and Singer 2011, Adaptive subgradient methods */
export function fitRows(table: Float32Array, bags: TrainingBags, options: FitRowsOptions): void {
  const { targets, dim, epochs, learningRate, seed, onProgress } = options;
  const texts = bags.textStarts.length - 1;
  const order = Int32Array.from({ length: texts }, (_, i) => i);
  const random = createRandom(seed);
  const squares = new Float32Array(table.length / dim);
  const gradient = new Float32Array(dim);
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (let i = 0; i < texts; i++) {
      const done = epoch * texts + i;
      if (done % 512 === 0) {
        onProgress?.({ label: "training the student", done, total: epochs * texts, unit: "texts" });
      }
      const text = order[i]!;
      sumRows(bags, text, table, gradient);
      const size = turnIntoGradient(gradient, targets.subarray(text * dim, (text + 1) * dim));
      if (size === 0) continue;
      const rate = learningRate * (1 - (0.9 * done) / (epochs * texts));
      updateRows(table, bags, text, { gradient, size, rate, squares });
    }
  }
}

/** Replace the sum s of a text's rows by the gradient of 1 - cos(s, target).
 * @returns its squared length; 0 where there is nothing to learn */
function turnIntoGradient(sum: Float32Array, target: Float32Array): number {
  let energy = 0;
  let product = 0;
  for (let d = 0; d < sum.length; d++) {
    energy += sum[d]! * sum[d]!;
    product += sum[d]! * target[d]!;
  }
  const length = Math.sqrt(energy);
  if (length === 0) {
    for (let d = 0; d < sum.length; d++) sum[d] = -target[d]!;
    return 1;
  }
  const cosine = product / length;
  let size = 0;
  for (let d = 0; d < sum.length; d++) {
    const slope = (cosine * (sum[d]! / length) - target[d]!) / length;
    sum[d] = slope;
    size += slope * slope;
  }
  return size;
}

function updateRows(
  table: Float32Array,
  bags: TrainingBags,
  text: number,
  {
    gradient,
    size,
    rate,
    squares,
  }: { gradient: Float32Array; size: number; rate: number; squares: Float32Array },
): void {
  const dim = gradient.length;
  for (let i = bags.textStarts[text]!; i < bags.textStarts[text + 1]!; i++) {
    const token = bags.tokens[i]!;
    const weight = bags.weights[i]!;
    for (let j = bags.tokenStarts[token]!; j < bags.tokenStarts[token + 1]!; j++) {
      const row = bags.rows[j]!;
      squares[row]! += weight * weight * size;
      const step = (rate * weight) / Math.sqrt(squares[row]!);
      const start = row * dim;
      for (let d = 0; d < dim; d++) table[start + d]! -= step * gradient[d]!;
    }
  }
}
