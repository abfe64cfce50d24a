import { ArtifactError, ArtifactFault } from "../artifact/artifact-error.js";
import { type OnnxGraph, type OnnxNode, parseOnnx } from "./onnx-graph.js";

/** The exported model, decoded. Matrices are row-major; O = probabilities + length quantiles. */
export interface RouterModel {
  /** B: rows of the tables. */
  buckets: number;
  /** F: dense features. */
  denseFeatures: number;
  /** H: hidden units; 0 without a deep part. */
  hidden: number;
  /** K: logits that outputs are mixed from. */
  columns: number;
  /** P */
  probabilities: number;
  /** Q */
  lengthQuantiles: number;
  /** (B, K) */
  wideTable: Float32Array;
  /** (F, K) */
  denseWide: Float32Array;
  /** (B, H), (F, H), (H), (H, K); empty when H = 0 */
  deepTable: Float32Array;
  denseDeep: Float32Array;
  deepBias: Float32Array;
  deepOut: Float32Array;
  /** (K) */
  bias: Float32Array;
  /** (2 K, O): weights of the logits, then of their sigmoids, in each output. */
  mix: Float32Array;
  /** (O) */
  shift: Float32Array;
  /** (O, J): where each output's calibration bends, and by how much its slope changes there; empty when J = 0. */
  knots: Float32Array;
  bends: Float32Array;
  /** metadata_props of the file. */
  metadata: Record<string, string>;
}

/** Decode model.onnx: the graph that docs/artifact.md specifies, whatever its nodes' names and order. A graph of format 1.0, whose
 * outputs are scaled logits, is read as a mix in which each output has one logit.
 * @param path named in errors
 * @throws {ArtifactError} (bad_model) on any other graph, wrong shapes, weights that are not finite, or damaged bytes */
export function decodeOnnx(bytes: Uint8Array, path = "model.onnx"): RouterModel {
  try {
    const graph = parseOnnx(bytes);
    const model = readModel(graph);
    checkGraph(graph, model);
    checkFinite(model);
    return model;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `not a Signalbox router model: ${error.message}; export the artifact again`;
    throw new ArtifactError(ArtifactFault.badModel, path, message, { cause: error });
  }
}

function readModel(graph: OnnxGraph): RouterModel {
  const [buckets, columns] = shapeOf(graph, "wide_table", 2) as [number, number];
  const [denseFeatures] = shapeOf(graph, "dense_wide", 2) as [number, number];
  const isScaled = graph.initializers.has("scale");
  const outputs = isScaled ? columns : shapeOf(graph, "mix", 2)[1]!;
  const bendsPerOutput = graph.initializers.has("knots") ? shapeOf(graph, "knots", 2)[1]! : 0;
  const isDeep = graph.initializers.has("deep_table");
  const hidden = isDeep ? shapeOf(graph, "deep_table", 2)[1]! : 0;
  const lengthQuantiles = graph.outputs.includes("length_quantiles") ? outputs - sliceStart(graph) : 0;
  const floats = (name: string, ...dims: number[]) => floatsOf(graph, name, dims);
  const deepFloats = (name: string, ...dims: number[]) =>
    isDeep ? floats(name, ...dims) : new Float32Array(0);
  const bendFloats = (name: string) =>
    bendsPerOutput > 0 ? floats(name, outputs, bendsPerOutput) : new Float32Array(0);
  return {
    buckets,
    denseFeatures,
    hidden,
    columns,
    probabilities: outputs - lengthQuantiles,
    lengthQuantiles,
    wideTable: floats("wide_table", buckets, columns),
    denseWide: floats("dense_wide", denseFeatures, columns),
    deepTable: deepFloats("deep_table", buckets, hidden),
    denseDeep: deepFloats("dense_deep", denseFeatures, hidden),
    deepBias: deepFloats("deep_bias", hidden),
    deepOut: deepFloats("deep_out", hidden, columns),
    bias: floats("bias", columns),
    mix: isScaled ? scaledMix(floats("scale", columns)) : floats("mix", 2 * columns, outputs),
    shift: floats("shift", outputs),
    knots: bendFloats("knots"),
    bends: bendFloats("bends"),
    metadata: graph.metadata,
  };
}

/** The mix that gives output k only logit k, times its scale. */
function scaledMix(scale: Float32Array): Float32Array {
  const mix = new Float32Array(2 * scale.length * scale.length);
  scale.forEach((factor, k) => {
    mix[k * scale.length + k] = factor;
  });
  return mix;
}

function shapeOf(graph: OnnxGraph, name: string, rank: number): number[] {
  const dims = graph.initializers.get(name)?.dims;
  if (dims?.length !== rank || dims.some((dim) => dim < 1)) {
    throw new RangeError(`${name} has shape [${dims?.join(", ") ?? "none"}]`);
  }
  return dims;
}

function floatsOf(graph: OnnxGraph, name: string, dims: number[]): Float32Array {
  const tensor = graph.initializers.get(name);
  const shape = tensor?.dims.join(", ");
  if (!tensor?.floats || shape !== dims.join(", ")) {
    throw new RangeError(`${name} must be float32 of shape [${dims.join(", ")}], it is ${shape ?? "absent"}`);
  }
  return tensor.floats;
}

/** First column of the length quantiles: where the slice that makes them starts. */
function sliceStart(graph: OnnxGraph): number {
  const slice = graph.nodes.find((node) => node.outputs[0] === "length_quantiles");
  const start = graph.initializers.get(slice?.inputs[1] ?? "")?.integers?.[0];
  if (start === undefined) throw new RangeError("length_quantiles is not a slice");
  return start;
}

/** Compare what the outputs compute with what they must: each value is written out as an expression over inputs and
 * initializers, so that neither the names nor the order of the nodes matter. */
function checkGraph(graph: OnnxGraph, model: RouterModel): void {
  if (graph.opset < 13) throw new RangeError(`opset ${graph.opset}, 13 or later is read`);
  const inputs = graph.inputs.filter((name) => !graph.initializers.has(name)).sort();
  if (inputs.join() !== "dense,ids,weights") throw new RangeError(`inputs are ${inputs.join(", ")}`);
  const wanted = expressions(model, graph.initializers.has("scale"));
  const found = expressionsOf(graph);
  if (graph.outputs.join() !== Object.keys(wanted).join())
    throw new RangeError(`outputs are ${graph.outputs.join(", ")}`);
  for (const [output, expression] of Object.entries(wanted)) {
    const actual = found.get(output);
    if (actual !== expression)
      throw new RangeError(`${output} computes ${(actual ?? "nothing").slice(0, 400)}`);
  }
}

function expressions(
  { hidden, probabilities, lengthQuantiles, knots }: RouterModel,
  isScaled: boolean,
): Record<string, string> {
  const pooled = (table: string) => `ReduceSum(Mul(Gather(${table}, ids), Unsqueeze(weights, [2])), [1])`;
  const deep = `Relu(${sum([pooled("deep_table"), "MatMul(dense, dense_deep)", "deep_bias"])})`;
  const logits = sum([
    pooled("wide_table"),
    "MatMul(dense, dense_wide)",
    "bias",
    ...(hidden > 0 ? [`MatMul(${deep}, deep_out)`] : []),
  ]);
  const mixed = isScaled
    ? product([logits, "scale"])
    : `MatMul(Concat{axis=1}(${logits}, Sigmoid(${logits})), mix)`;
  const scores = sum([mixed, "shift"]);
  const beyond = `Relu(Sub(Unsqueeze(${scores}, [2]), knots))`;
  const calibrated =
    knots.length > 0 ? sum([scores, `ReduceSum(${product([beyond, "bends"])}, [2])`]) : scores;
  if (lengthQuantiles === 0) return { probabilities: `Sigmoid(${calibrated})` };
  const end = probabilities + lengthQuantiles;
  return {
    probabilities: `Sigmoid(Slice(${calibrated}, [0], [${probabilities}], [1]))`,
    length_quantiles: `Slice(${calibrated}, [${probabilities}], [${end}], [1])`,
  };
}

/** Far above what a router's graph needs; it stops a graph whose expressions double from node to node. */
const longestExpression = 4_000;

function expressionsOf(graph: OnnxGraph): Map<string, string> {
  const found = new Map(graph.inputs.map((name) => [name, name]));
  for (const [name, tensor] of graph.initializers) {
    found.set(name, tensor.integers ? `[${tensor.integers.join(", ")}]` : name);
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => found.get(name) ?? `unknown ${name}`);
    const expression = expressionOf(node, inputs);
    if (expression.length > longestExpression) throw new RangeError("the graph is larger than a router's");
    found.set(node.outputs[0] ?? "", expression);
  }
  return found;
}

/** Attributes at values that the graph needs are left out; any other stays in the text and so fails the comparison. */
function expressionOf(node: OnnxNode, inputs: string[]): string {
  const defaults: Record<string, string> = { Gather: "axis=0", ReduceSum: "keepdims=0" };
  const attributes = [...node.attributes].map(([name, value]) => `${name}=${value}`).join(", ");
  const usual = defaults[node.opType] ?? "";
  const isUsual = attributes === usual || (node.opType === "Gather" && attributes === "");
  const flags = isUsual ? "" : `{${attributes}}`;
  if (node.opType === "Add" && isUsual) return sum(inputs);
  if (node.opType === "Mul" && isUsual) return product(inputs);
  return `${node.opType}${flags}(${inputs.join(", ")})`;
}

const sumOpening = "Add(";
const separator = " + ";

/** Sums are flattened and sorted: addition in another order is the same graph to 1e-5. */
function sum(terms: readonly string[]): string {
  const flat = terms.flatMap((term) => (term.startsWith(sumOpening) ? splitSum(term) : [term]));
  return `${sumOpening}${flat.sort().join(separator)})`;
}

function splitSum(expression: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let from = sumOpening.length;
  for (let i = from; i < expression.length; i++) {
    if (expression[i] === "(") depth += 1;
    else if (expression[i] === ")") depth -= 1;
    if (depth === -1 || (depth === 0 && expression.startsWith(separator, i))) {
      terms.push(expression.slice(from, i));
      from = i + separator.length;
    }
  }
  return terms;
}

function product(factors: readonly string[]): string {
  return `Mul(${[...factors].sort().join(", ")})`;
}

function checkFinite(model: RouterModel): void {
  for (const [name, value] of Object.entries(model)) {
    if (value instanceof Float32Array && !isFiniteThroughout(value)) {
      throw new RangeError(`${name} holds a value that is not finite`);
    }
  }
}

/** 0 * x is NaN for an infinite or undefined x, and NaN stays in the sum. */
function isFiniteThroughout(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += 0 * values[i]!;
  return zero === 0;
}
