import { elementType, floatTensor, indexTensor, modelOf, node, valueInfo } from "../onnx/onnx-parts.js";
import { ProtobufWriter } from "../onnx/protobuf-writer.js";

/** Weights of a Universal Sentence Encoder Lite: float32, row-major. */
export interface UseLiteWeights {
  /** Shape (pieces, width of the first layer). */
  embeddings: Float32Array;
  pieces: number;
  /** Angular frequency of each pair of position dimensions; half as long as the first layer is wide. */
  frequencies: Float32Array;
  layers: UseLiteLayer[];
  /** Last layer: shape (width, dim), then tanh. */
  outputKernel: Float32Array;
  outputBias: Float32Array;
}

/** One transformer layer: `width` in, `widthOut` out. */
export interface UseLiteLayer {
  width: number;
  widthOut: number;
  attentionNorm: { scale: Float32Array; bias: Float32Array };
  /** Shape (width, 3 x width): queries, keys, values. */
  qkvKernel: Float32Array;
  qkvBias: Float32Array;
  /** Shape (width, widthOut). */
  attentionOutKernel: Float32Array;
  attentionOutBias: Float32Array;
  /** Brings the residual from width to widthOut; null where they are equal. */
  residual: { kernel: Float32Array; bias: Float32Array } | null;
  feedForwardNorm: { scale: Float32Array; bias: Float32Array };
  /** Shape (widthOut, hidden), then ReLU, then (hidden, widthOut). */
  hiddenKernel: Float32Array;
  hiddenBias: Float32Array;
  feedForwardOutKernel: Float32Array;
  feedForwardOutBias: Float32Array;
}

/** Longest input in tokens. */
export const useLiteTokens = 128;

const heads = 4;
const normEpsilon = 1e-6;
const lengthEpsilon = 1e-12;
const maskedScore = -1e9;

/** Write USE-lite as an ONNX sentence encoder: input_ids and attention_mask int64 (N, L), L at most 128, to sentence_embedding
 * float32 (N, D) of length 1. Padding doesn't change a row.
 * @see Cer et al. 2018, Universal Sentence Encoder; the graph is that of the TensorFlow Hub module universal-sentence-encoder-lite */
export function encodeUseLite(weights: UseLiteWeights): Uint8Array {
  const graph = new GraphBuilder();
  const { layers, embeddings, pieces, frequencies } = weights;
  const width = layers[0]!.width;
  const dim = weights.outputBias.length;

  graph.tensor("one", [1], Float32Array.of(1));
  graph.tensor("norm_epsilon", [1], Float32Array.of(normEpsilon));
  const mask = graph.add("Cast", ["attention_mask"], "mask", { to: elementType.float32 });
  const absent = graph.add("Sub", ["one", mask], "absent");
  const scores = graph.add(
    "Mul",
    [absent, graph.tensor("masked", [1], Float32Array.of(maskedScore))],
    "bias",
  );
  const attentionBias = graph.add("Unsqueeze", [scores, graph.index("axes_1_2", 1, 2)], "attention_bias");

  const table = graph.tensor("embeddings", [pieces, width], embeddings);
  const rows = graph.add("Gather", [table, "input_ids"], "rows", { axis: 0 });
  // The module adds its position signal to the vectors and the sum to the vectors again, so they count twice.
  const doubled = graph.add("Add", [rows, rows], "doubled");
  let state = graph.add("Add", [doubled, addPositions(graph, frequencies)], "state");
  layers.forEach((layer, i) => {
    state = addLayer(graph, layer, `layer_${i}`, state, attentionBias);
  });

  const column = graph.add("Unsqueeze", [mask, graph.index("axis_2", 2)], "mask_column");
  const present = graph.add("Mul", [state, column], "present");
  const axis = graph.index("axis_1", 1);
  const sum = graph.add("ReduceSum", [present, axis], "sum", { keepdims: 0 });
  const tokens = graph.add("ReduceSum", [mask, axis], "tokens", { keepdims: 1 });
  const mean = graph.add("Div", [sum, graph.add("Max", [tokens, "one"], "divisor")], "mean");
  const linear = graph.dense(mean, "output", weights.outputKernel, weights.outputBias);
  const curved = graph.add("Tanh", [linear], "curved");
  const squares = graph.add("Mul", [curved, curved], "squares");
  const energy = graph.add("ReduceSum", [squares, axis], "energy", { keepdims: 1 });
  const floor = graph.tensor("length_epsilon", [1], Float32Array.of(lengthEpsilon));
  const length = graph.add("Sqrt", [graph.add("Max", [energy, floor], "bounded")], "length");
  graph.add("Div", [curved, length], "sentence_embedding");
  return graph.finish(dim);
}

/** Sines, then cosines, of position x frequency, for the positions of the batch. */
function addPositions(graph: GraphBuilder, frequencies: Float32Array): string {
  const half = frequencies.length;
  const signal = new Float32Array(useLiteTokens * 2 * half);
  for (let position = 0; position < useLiteTokens; position++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * frequencies[i]!);
      signal[position * 2 * half + i] = Math.sin(angle);
      signal[position * 2 * half + half + i] = Math.cos(angle);
    }
  }
  const table = graph.tensor("positions", [useLiteTokens, 2 * half], signal);
  const shape = graph.add("Shape", ["input_ids"], "shape");
  const from = graph.index("from_0", 0);
  const columns = [graph.index("from_1", 1), graph.index("to_2", 2), from];
  const length = graph.add("Slice", [shape, ...columns], "input_length");
  return graph.add("Slice", [table, from, length, from], "positions_used");
}

function addLayer(
  graph: GraphBuilder,
  layer: UseLiteLayer,
  name: string,
  state: string,
  attentionBias: string,
): string {
  const attended = addAttention(graph, layer, name, state, attentionBias);
  const residual =
    layer.residual === null
      ? state
      : graph.dense(state, `${name}_residual`, layer.residual.kernel, layer.residual.bias);
  const joined = graph.add("Add", [attended, residual], `${name}_joined`);
  const normed = addNorm(graph, `${name}_ff_norm`, joined, layer.feedForwardNorm);
  const hidden = graph.dense(normed, `${name}_hidden`, layer.hiddenKernel, layer.hiddenBias);
  const active = graph.add("Relu", [hidden], `${name}_active`);
  const out = graph.dense(active, `${name}_ff_out`, layer.feedForwardOutKernel, layer.feedForwardOutBias);
  return graph.add("Add", [out, joined], `${name}_out`);
}

function addAttention(
  graph: GraphBuilder,
  layer: UseLiteLayer,
  name: string,
  state: string,
  attentionBias: string,
): string {
  const { width } = layer;
  const normed = addNorm(graph, `${name}_norm`, state, layer.attentionNorm);
  const [query, key, value] = ["query", "key", "value"].map((part, i) => {
    const kernel = columnsOf(layer.qkvKernel, 3 * width, i * width, width);
    const bias = layer.qkvBias.slice(i * width, (i + 1) * width);
    const projected = graph.dense(normed, `${name}_${part}`, kernel, bias);
    const split = graph.index(`${name}_${part}_shape`, 0, 0, heads, width / heads);
    const byHead = graph.add("Reshape", [projected, split], `${name}_${part}_split`);
    const perm = part === "key" ? [0, 2, 3, 1] : [0, 2, 1, 3];
    return graph.add("Transpose", [byHead], `${name}_${part}_heads`, { perm });
  }) as [string, string, string];
  const factor = graph.tensor(`${name}_factor`, [1], Float32Array.of(1 / Math.sqrt(width / heads)));
  const scaled = graph.add("Mul", [query, factor], `${name}_scaled`);
  const products = graph.add("MatMul", [scaled, key], `${name}_products`);
  const masked = graph.add("Add", [products, attentionBias], `${name}_masked`);
  const shares = graph.add("Softmax", [masked], `${name}_shares`, { axis: 3 });
  const mixed = graph.add("MatMul", [shares, value], `${name}_mixed`);
  const byToken = graph.add("Transpose", [mixed], `${name}_by_token`, { perm: [0, 2, 1, 3] });
  const joined = graph.add("Reshape", [byToken, graph.index(`${name}_join`, 0, 0, width)], `${name}_heads`);
  return graph.dense(joined, `${name}_attention_out`, layer.attentionOutKernel, layer.attentionOutBias);
}

function columnsOf(matrix: Float32Array, columns: number, from: number, count: number): Float32Array {
  const rows = matrix.length / columns;
  const part = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    part.set(matrix.subarray(row * columns + from, row * columns + from + count), row * count);
  }
  return part;
}

function addNorm(
  graph: GraphBuilder,
  name: string,
  state: string,
  { scale, bias }: { scale: Float32Array; bias: Float32Array },
): string {
  const mean = graph.add("ReduceMean", [state], `${name}_mean`, { axes: [2], keepdims: 1 });
  const centred = graph.add("Sub", [state, mean], `${name}_centred`);
  const squares = graph.add("Mul", [centred, centred], `${name}_squares`);
  const variance = graph.add("ReduceMean", [squares], `${name}_variance`, { axes: [2], keepdims: 1 });
  const padded = graph.add("Add", [variance, "norm_epsilon"], `${name}_padded`);
  const deviation = graph.add("Sqrt", [padded], `${name}_deviation`);
  const normed = graph.add("Div", [centred, deviation], `${name}_normed`);
  const scales = graph.tensor(`${name}_scale`, [scale.length], scale);
  const scaled = graph.add("Mul", [normed, scales], `${name}_scaled`);
  return graph.add("Add", [scaled, graph.tensor(`${name}_bias`, [bias.length], bias)], `${name}_out`);
}

/** Nodes and constants of one graph; each method gives the name of what it adds. */
class GraphBuilder {
  private readonly nodes: ProtobufWriter[] = [];
  private readonly constants = new Map<string, ProtobufWriter>();

  add(
    operation: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    this.nodes.push(node(operation, inputs, output, attributes));
    return output;
  }

  tensor(name: string, shape: readonly number[], values: Float32Array): string {
    this.constants.set(name, floatTensor(name, shape, values));
    return name;
  }

  index(name: string, ...values: readonly number[]): string {
    this.constants.set(name, indexTensor(name, ...values));
    return name;
  }

  /** input x kernel + bias; the kernel has a column for each value of bias. */
  dense(input: string, name: string, kernel: Float32Array, bias: Float32Array): string {
    const shape = [kernel.length / bias.length, bias.length];
    const product = this.add(
      "MatMul",
      [input, this.tensor(`${name}_kernel`, shape, kernel)],
      `${name}_product`,
    );
    return this.add("Add", [product, this.tensor(`${name}_bias`, [bias.length], bias)], name);
  }

  finish(dim: number): Uint8Array {
    const graph = new ProtobufWriter();
    for (const message of this.nodes) graph.message(1, message);
    graph.string(2, "universal_sentence_encoder_lite");
    for (const message of this.constants.values()) graph.message(5, message);
    graph.message(11, valueInfo("input_ids", elementType.int64, ["N", "L"]));
    graph.message(11, valueInfo("attention_mask", elementType.int64, ["N", "L"]));
    graph.message(12, valueInfo("sentence_embedding", elementType.float32, ["N", dim]));
    return modelOf(graph, {});
  }
}
