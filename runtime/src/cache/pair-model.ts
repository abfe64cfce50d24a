import { ArtifactError, ArtifactFault } from "../artifact/artifact-error.js";
import { parseOnnx } from "../model/onnx-graph.js";
import { pairFeatureNames } from "./pair-features.js";

/** The same-answer score: P(the cached answer serves the request) = sigmoid(features x weights + bias). */
export interface PairModel {
  /** One per pair feature. */
  weights: Float32Array;
  bias: number;
}

/** Decode cache-model.onnx: `score = Sigmoid(Add(MatMul(features, weights), bias))`, whatever the nodes' names between.
 * @param path named in errors
 * @throws {ArtifactError} (bad_model) on any other graph, other features than this package computes, or damaged bytes */
export function decodePairModel(bytes: Uint8Array, path = "cache-model.onnx"): PairModel {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `not a same-answer model: ${error.message}; export the artifact again`;
    throw new ArtifactError(ArtifactFault.badModel, path, message, { cause: error });
  }
}

function readModel(bytes: Uint8Array): PairModel {
  const graph = parseOnnx(bytes);
  const operations = graph.nodes.map(({ opType }) => opType).join();
  const [matMul, add, sigmoid] = graph.nodes;
  const isChained =
    operations === "MatMul,Add,Sigmoid" &&
    matMul!.inputs.join() === "features,weights" &&
    add!.inputs.join() === `${matMul!.outputs[0]},bias` &&
    sigmoid!.inputs.join() === add!.outputs[0] &&
    sigmoid!.outputs.join() === "score" &&
    graph.outputs.join() === "score";
  if (!isChained) throw new RangeError(`the graph computes ${operations.slice(0, 200) || "nothing"}`);
  if (graph.metadata.features !== pairFeatureNames.join()) {
    throw new RangeError(`its features are ${(graph.metadata.features ?? "not named").slice(0, 200)}`);
  }
  const weights = graph.initializers.get("weights");
  const bias = graph.initializers.get("bias");
  if (weights?.floats?.length !== pairFeatureNames.length || bias?.floats?.length !== 1) {
    throw new RangeError(`weights and bias must be float32 of length ${pairFeatureNames.length} and 1`);
  }
  const values = [...weights.floats, bias.floats[0]!];
  if (!values.every(Number.isFinite)) throw new RangeError("a weight is not finite");
  return { weights: weights.floats, bias: bias.floats[0]! };
}

/** Score one pair.
 * @param features of `pairFeatures`
 * @returns in (0, 1): higher = more surely the same answer */
export function scorePair({ weights, bias }: PairModel, features: ArrayLike<number>): number {
  let sum = bias;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * features[i]!;
  return 1 / (1 + Math.exp(-sum));
}
