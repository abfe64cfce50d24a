import type { FeatureVector } from "@signalbox/runtime";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** What onnxruntime says about a batch, one row per feature vector, in order. */
interface OnnxPredictions {
  /** Row-major (N, P), in [0, 1]. */
  probabilities: Float32Array[];
  /** Row-major (N, Q); rows are empty when the model has no length head. */
  lengthQuantiles: Float32Array[];
}

/** A router's ONNX model in onnxruntime. */
export interface OnnxSession {
  /** Predict a batch of any size. Blocks the event loop while it computes. */
  run(batch: readonly FeatureVector[]): Promise<OnnxPredictions>;
  release(): Promise<void>;
}

/** Ids per call of the graph, padding included: its gathered rows are held in memory at once. */
const idsPerCall = 200_000;
const rowsPerCall = 4_096;

/** Open model.onnx in onnxruntime-node: the reference that the exported graph is checked against, and the way to score in
 * bulk. In production `loadRouter`'s built-in kernel needs no native code.
 * @param threads of one call; 1 makes results repeatable to the bit
 * @throws {Error} onnxruntime's own, on bytes that are no valid model */
export async function openOnnxSession(
  bytes: Uint8Array,
  { threads = 1 }: { threads?: number } = {},
): Promise<OnnxSession> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  return {
    async run(batch) {
      const predictions: OnnxPredictions = { probabilities: [], lengthQuantiles: [] };
      for (const part of splitBatch(batch)) await runPart(session, part, predictions);
      return predictions;
    },
    release: () => session.release(),
  };
}

function splitBatch(batch: readonly FeatureVector[]): FeatureVector[][] {
  const parts: FeatureVector[][] = [];
  let longest = 1;
  for (const features of batch) {
    const part = parts.at(-1);
    const length = Math.max(longest, features.ids.length);
    if (part !== undefined && part.length < rowsPerCall && (part.length + 1) * length <= idsPerCall) {
      part.push(features);
      longest = length;
    } else {
      parts.push([features]);
      longest = Math.max(1, features.ids.length);
    }
  }
  return parts;
}

async function runPart(
  session: InferenceSession,
  part: FeatureVector[],
  out: OnnxPredictions,
): Promise<void> {
  const n = part.length;
  const length = Math.max(1, ...part.map(({ ids }) => ids.length));
  const denseFeatures = part[0]!.dense.length;
  const ids = new BigInt64Array(n * length);
  const weights = new Float32Array(n * length);
  const dense = new Float32Array(n * denseFeatures);
  part.forEach((features, row) => {
    features.ids.forEach((id, i) => {
      ids[row * length + i] = BigInt(id);
    });
    weights.set(features.weights, row * length);
    dense.set(features.dense, row * denseFeatures);
  });
  const results = await session.run({
    ids: new Tensor("int64", ids, [n, length]),
    weights: new Tensor("float32", weights, [n, length]),
    dense: new Tensor("float32", dense, [n, denseFeatures]),
  });
  out.probabilities.push(...rowsOf(results.probabilities, n));
  out.lengthQuantiles.push(...rowsOf(results.length_quantiles, n));
}

function rowsOf(tensor: Tensor | undefined, n: number): Float32Array[] {
  const values = (tensor?.data as Float32Array | undefined) ?? new Float32Array(0);
  const width = values.length / n;
  return Array.from({ length: n }, (_, row) => values.slice(row * width, (row + 1) * width));
}
