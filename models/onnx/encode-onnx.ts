import { outputCount, type RouterWeights } from "../router-weights.js";
import { elementType, floatTensor, indexTensor, modelOf, node, valueInfo } from "./onnx-parts.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Encode a router as an ONNX model: deterministic bytes, IR 8, opset 13, float32 `raw_data`.
 *
 * Inputs: ids int64 [N, L], weights float32 [N, L] (padded with id 0, weight 0), dense float32 [N, F].
 * Outputs: probabilities [N, P]; length_quantiles [N, Q] unless Q = 0. The deep operations are absent when H = 0, those of bends when J = 0.
 * @see docs/artifact.md for the graph; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 for the fields */
export function encodeOnnx(weights: RouterWeights): Uint8Array {
  const metadata = {
    heads: JSON.stringify(weights.heads),
    length_quantiles: JSON.stringify(weights.lengthQuantiles),
    featuriser_version: String(weights.featuriser.version),
    featuriser_hash: weights.featuriser.hash,
  };
  return modelOf(graphOf(weights), metadata);
}

function graphOf(weights: RouterWeights): ProtobufWriter {
  const graph = new ProtobufWriter();
  for (const node of nodesOf(weights)) graph.message(1, node);
  graph.string(2, "router");
  for (const tensor of initializersOf(weights)) graph.message(5, tensor);
  graph.message(11, valueInfo("ids", elementType.int64, ["N", "L"]));
  graph.message(11, valueInfo("weights", elementType.float32, ["N", "L"]));
  graph.message(11, valueInfo("dense", elementType.float32, ["N", weights.denseFeatures]));
  graph.message(12, valueInfo("probabilities", elementType.float32, ["N", weights.heads.length]));
  if (weights.lengthQuantiles.length > 0) {
    graph.message(
      12,
      valueInfo("length_quantiles", elementType.float32, ["N", weights.lengthQuantiles.length]),
    );
  }
  return graph;
}

function nodesOf({ hidden, lengthQuantiles, knots }: RouterWeights): ProtobufWriter[] {
  const isDeep = hidden > 0;
  const isBent = knots.length > 0;
  const hasLengths = lengthQuantiles.length > 0;
  const pooled = (table: string, out: string) => [
    node("Gather", [table, "ids"], `${out}_rows`, { axis: 0 }),
    node("Mul", [`${out}_rows`, "weights_column"], `${out}_weighted`),
    node("ReduceSum", [`${out}_weighted`, "axis_tokens"], out, { keepdims: 0 }),
  ];
  return [
    node("Unsqueeze", ["weights", "axis_last"], "weights_column"),
    ...pooled("wide_table", "wide"),
    node("MatMul", ["dense", "dense_wide"], "dense_logits"),
    node("Add", ["wide", "dense_logits"], "linear"),
    ...(isDeep
      ? [
          ...pooled("deep_table", "deep_pooled"),
          node("MatMul", ["dense", "dense_deep"], "dense_hidden"),
          node("Add", ["deep_pooled", "dense_hidden"], "hidden_sum"),
          node("Add", ["hidden_sum", "deep_bias"], "hidden_input"),
          node("Relu", ["hidden_input"], "deep"),
          node("MatMul", ["deep", "deep_out"], "deep_logits"),
          node("Add", ["linear", "deep_logits"], "sum"),
        ]
      : []),
    node("Add", [isDeep ? "sum" : "linear", "bias"], "logits"),
    node("Sigmoid", ["logits"], "activated"),
    node("Concat", ["logits", "activated"], "terms", { axis: 1 }),
    node("MatMul", ["terms", "mix"], "mixed"),
    node("Add", ["mixed", "shift"], isBent ? "scores" : "calibrated"),
    ...(isBent
      ? [
          node("Unsqueeze", ["scores", "axis_last"], "scores_column"),
          node("Sub", ["scores_column", "knots"], "past_knots"),
          node("Relu", ["past_knots"], "beyond"),
          node("Mul", ["beyond", "bends"], "bent_parts"),
          node("ReduceSum", ["bent_parts", "axis_last"], "bent", { keepdims: 0 }),
          node("Add", ["scores", "bent"], "calibrated"),
        ]
      : []),
    ...(hasLengths
      ? [
          node("Slice", ["calibrated", "slice_zero", "slice_heads", "slice_columns"], "head_logits"),
          node("Slice", ["calibrated", "slice_heads", "slice_end", "slice_columns"], "length_quantiles"),
        ]
      : []),
    node("Sigmoid", [hasLengths ? "head_logits" : "calibrated"], "probabilities"),
  ];
}

function initializersOf(weights: RouterWeights): ProtobufWriter[] {
  const { buckets: b, denseFeatures: f, hidden: h } = weights;
  const k = weights.bias.length;
  const outputs = outputCount(weights);
  const heads = weights.heads.length;
  return [
    floatTensor("wide_table", [b, k], weights.wideTable),
    floatTensor("dense_wide", [f, k], weights.denseWide),
    ...(h > 0
      ? [
          floatTensor("deep_table", [b, h], weights.deepTable),
          floatTensor("dense_deep", [f, h], weights.denseDeep),
          floatTensor("deep_bias", [h], weights.deepBias),
          floatTensor("deep_out", [h, k], weights.deepOut),
        ]
      : []),
    floatTensor("bias", [k], weights.bias),
    floatTensor("mix", [2 * k, outputs], weights.mix),
    floatTensor("shift", [outputs], weights.shift),
    ...(weights.knots.length > 0
      ? [
          floatTensor("knots", [outputs, weights.knots.length / outputs], weights.knots),
          floatTensor("bends", [outputs, weights.knots.length / outputs], weights.bends),
        ]
      : []),
    indexTensor("axis_last", 2),
    indexTensor("axis_tokens", 1),
    ...(weights.lengthQuantiles.length > 0
      ? [
          indexTensor("slice_zero", 0),
          indexTensor("slice_heads", heads),
          indexTensor("slice_end", outputs),
          indexTensor("slice_columns", 1),
        ]
      : []),
  ];
}
