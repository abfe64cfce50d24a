import { type PairModel, pairFeatureNames } from "@signalbox/runtime";
import { elementType, floatTensor, modelOf, node, valueInfo } from "./onnx-parts.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Encode a same-answer model as ONNX: features float32 [N, F] to score float32 [N, 1]. Deterministic bytes.
 * @see docs/artifact.md for the graph */
export function encodePairModel({ weights, bias }: PairModel): Uint8Array {
  const count = pairFeatureNames.length;
  const graph = new ProtobufWriter();
  for (const part of [
    node("MatMul", ["features", "weights"], "products"),
    node("Add", ["products", "bias"], "logit"),
    node("Sigmoid", ["logit"], "score"),
  ]) {
    graph.message(1, part);
  }
  graph.string(2, "same_answer");
  graph.message(5, floatTensor("weights", [count, 1], weights));
  graph.message(5, floatTensor("bias", [1], Float32Array.of(bias)));
  graph.message(11, valueInfo("features", elementType.float32, ["N", count]));
  graph.message(12, valueInfo("score", elementType.float32, ["N", 1]));
  return modelOf(graph, { features: pairFeatureNames.join() });
}
