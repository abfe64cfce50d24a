import { readFields, readPackedVarints } from "./protobuf-reader.js";

/** A tensor of an ONNX file: float32 or int64, little-endian raw data or int64_data. */
interface OnnxTensor {
  dims: number[];
  floats: Float32Array | null;
  integers: number[] | null;
}

/** One operation of a graph, as far as this package reads it. */
export interface OnnxNode {
  opType: string;
  inputs: string[];
  outputs: string[];
  /** Integer attributes; the graphs read here have no others. */
  attributes: Map<string, number>;
}

/** The parts of an ONNX ModelProto that a reader of one known graph needs. */
export interface OnnxGraph {
  irVersion: number;
  opset: number;
  nodes: OnnxNode[];
  initializers: Map<string, OnnxTensor>;
  inputs: string[];
  outputs: string[];
  metadata: Record<string, string>;
}

const floatType = 1;
const int64Type = 7;
const text = new TextDecoder();

/** Parse an ONNX file.
 * @throws {RangeError} on bytes that are no ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose field numbers appear below */
export function parseOnnx(bytes: Uint8Array): OnnxGraph {
  const graph: OnnxGraph = {
    irVersion: 0,
    opset: 0,
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    metadata: {},
  };
  for (const field of readFields(bytes)) {
    if (field.number === 1) graph.irVersion = field.integer;
    else if (field.number === 7) parseGraph(field.bytes, graph);
    else if (field.number === 8) parseOpset(field.bytes, graph);
    else if (field.number === 14) parseMetadata(field.bytes, graph);
  }
  return graph;
}

function parseGraph(bytes: Uint8Array, graph: OnnxGraph): void {
  for (const field of readFields(bytes)) {
    if (field.number === 1) graph.nodes.push(parseNode(field.bytes));
    else if (field.number === 5) parseTensor(field.bytes, graph);
    else if (field.number === 11) graph.inputs.push(parseName(field.bytes));
    else if (field.number === 12) graph.outputs.push(parseName(field.bytes));
  }
}

function parseOpset(bytes: Uint8Array, graph: OnnxGraph): void {
  for (const field of readFields(bytes)) if (field.number === 2) graph.opset = field.integer;
}

function parseMetadata(bytes: Uint8Array, graph: OnnxGraph): void {
  let [key, value] = ["", ""];
  for (const field of readFields(bytes)) {
    if (field.number === 1) key = text.decode(field.bytes);
    else if (field.number === 2) value = text.decode(field.bytes);
  }
  graph.metadata[key] = value;
}

function parseNode(bytes: Uint8Array): OnnxNode {
  const node: OnnxNode = { opType: "", inputs: [], outputs: [], attributes: new Map() };
  for (const field of readFields(bytes)) {
    if (field.number === 1) node.inputs.push(text.decode(field.bytes));
    else if (field.number === 2) node.outputs.push(text.decode(field.bytes));
    else if (field.number === 4) node.opType = text.decode(field.bytes);
    else if (field.number === 5) parseAttribute(field.bytes, node);
  }
  return node;
}

function parseAttribute(bytes: Uint8Array, node: OnnxNode): void {
  let name = "";
  let integer = Number.NaN;
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = text.decode(field.bytes);
    else if (field.number === 3) integer = field.integer;
  }
  node.attributes.set(name, integer);
}

function parseTensor(bytes: Uint8Array, graph: OnnxGraph): void {
  let name = "";
  let dataType = 0;
  let raw: Uint8Array | null = null;
  const dims: number[] = [];
  const integers: number[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) dims.push(...integersOf(field));
    else if (field.number === 2) dataType = field.integer;
    else if (field.number === 7) integers.push(...integersOf(field));
    else if (field.number === 8) name = text.decode(field.bytes);
    else if (field.number === 9) raw = field.bytes;
  }
  const size = dims.reduce((product, dim) => product * dim, 1);
  const tensor: OnnxTensor = { dims, floats: null, integers: null };
  if (dataType === floatType && raw !== null) tensor.floats = readFloats(raw);
  else if (dataType === int64Type) tensor.integers = raw === null ? integers : readIntegers(raw);
  const held = (tensor.floats ?? tensor.integers)?.length;
  if (held !== size)
    throw new RangeError(`tensor ${name} holds ${held ?? "no"} values for a shape of [${dims.join(", ")}]`);
  graph.initializers.set(name, tensor);
}

function integersOf(field: { integer: number; bytes: Uint8Array }): number[] {
  return field.bytes.length > 0 ? readPackedVarints(field.bytes) : [field.integer];
}

/** Copied, since raw data in a file need not be aligned to four bytes. */
function readFloats(raw: Uint8Array): Float32Array {
  if (raw.length % 4 !== 0) throw new RangeError(`${raw.length} bytes are no float32 values`);
  return new Float32Array(new Uint8Array(raw).buffer);
}

function readIntegers(raw: Uint8Array): number[] {
  if (raw.length % 8 !== 0) throw new RangeError(`${raw.length} bytes are no int64 values`);
  return Array.from(new BigInt64Array(new Uint8Array(raw).buffer), Number);
}

function parseName(bytes: Uint8Array): string {
  for (const field of readFields(bytes)) if (field.number === 1) return text.decode(field.bytes);
  return "";
}
