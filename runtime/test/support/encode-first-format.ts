import { createRandom } from "../../../datasets/random.js";
import {
  elementType,
  floatTensor,
  indexTensor,
  modelOf,
  node,
  valueInfo,
} from "../../../models/onnx/onnx-parts.js";
import { ProtobufWriter } from "../../../models/onnx/protobuf-writer.js";
import { FEATURISER } from "../../src/features/featurise.js";

/** A linear model with random weights as format 1.0 had it: two probabilities and one length quantile, each a scaled logit. */
export function encodeFirstFormat(seed: number): Uint8Array {
  const { buckets, denseNames } = FEATURISER;
  const random = createRandom(seed);
  const fill = (...shape: number[]) =>
    Float32Array.from({ length: shape.reduce((size, dimension) => size * dimension, 1) }, () =>
      random.normal(),
    );
  const graph = new ProtobufWriter();
  const nodes = [
    node("Unsqueeze", ["weights", "axis_last"], "weights_column"),
    node("Gather", ["wide_table", "ids"], "wide_rows", { axis: 0 }),
    node("Mul", ["wide_rows", "weights_column"], "wide_weighted"),
    node("ReduceSum", ["wide_weighted", "axis_tokens"], "wide", { keepdims: 0 }),
    node("MatMul", ["dense", "dense_wide"], "dense_logits"),
    node("Add", ["wide", "dense_logits"], "linear"),
    node("Add", ["linear", "bias"], "logits"),
    node("Mul", ["logits", "scale"], "scaled"),
    node("Add", ["scaled", "shift"], "calibrated"),
    node("Slice", ["calibrated", "slice_zero", "slice_heads", "slice_columns"], "head_logits"),
    node("Slice", ["calibrated", "slice_heads", "slice_end", "slice_columns"], "length_quantiles"),
    node("Sigmoid", ["head_logits"], "probabilities"),
  ];
  for (const part of nodes) graph.message(1, part);
  graph.string(2, "router");
  const tensors = [
    floatTensor("wide_table", [buckets, 3], fill(buckets, 3)),
    floatTensor("dense_wide", [denseNames.length, 3], fill(denseNames.length, 3)),
    floatTensor("bias", [3], fill(3)),
    floatTensor("scale", [3], fill(3)),
    floatTensor("shift", [3], fill(3)),
    indexTensor("axis_last", 2),
    indexTensor("axis_tokens", 1),
    indexTensor("slice_zero", 0),
    indexTensor("slice_heads", 2),
    indexTensor("slice_end", 3),
    indexTensor("slice_columns", 1),
  ];
  for (const tensor of tensors) graph.message(5, tensor);
  graph.message(11, valueInfo("ids", elementType.int64, ["N", "L"]));
  graph.message(11, valueInfo("weights", elementType.float32, ["N", "L"]));
  graph.message(11, valueInfo("dense", elementType.float32, ["N", denseNames.length]));
  graph.message(12, valueInfo("probabilities", elementType.float32, ["N", 2]));
  graph.message(12, valueInfo("length_quantiles", elementType.float32, ["N", 1]));
  return modelOf(graph, {});
}
