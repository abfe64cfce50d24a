import { ProtobufWriter } from "./protobuf-writer.js";

const irVersion = 8;
const opset = 13;
const attributeType = { int: 2, ints: 7 } as const;

/** TensorProto's numbers of element types. */
export const elementType = { float32: 1, int64: 7 } as const;

/** Encode a model around a graph: IR 8, opset 13, which every onnxruntime since 1.10 reads.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 for the fields */
export function modelOf(graph: ProtobufWriter, metadata: Readonly<Record<string, string>>): Uint8Array {
  const model = new ProtobufWriter()
    .varint(1, irVersion)
    .string(2, "signalbox")
    .message(7, graph)
    .message(8, new ProtobufWriter().string(1, "").varint(2, opset));
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, new ProtobufWriter().string(1, key).string(2, value));
  }
  return model.finish();
}

/** A node with one output, which is also its name.
 * @param attributes whole numbers, not negative, or lists of them */
export function node(
  operation: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of inputs) message.string(1, input);
  message.string(2, output).string(3, output).string(4, operation);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attributeOf(name, value));
  return message;
}

function attributeOf(name: string, value: number | readonly number[]): ProtobufWriter {
  const attribute = new ProtobufWriter().string(1, name);
  if (typeof value === "number") return attribute.varint(3, value).varint(20, attributeType.int);
  for (const item of value) attribute.varint(8, item);
  return attribute.varint(20, attributeType.ints);
}

/** A float32 constant.
 * @throws {RangeError} if there are not as many values as the shape has places */
export function floatTensor(name: string, shape: readonly number[], values: Float32Array): ProtobufWriter {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (values.length !== size)
    throw new RangeError(`${name}: ${values.length} values for shape ${shape.join(" x ")}`);
  const bytes = new Uint8Array(size * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return tensor(name, shape, elementType.float32, bytes);
}

/** An int64 constant of one dimension: axes, shapes, bounds of slices. */
export function indexTensor(name: string, ...values: readonly number[]): ProtobufWriter {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setBigInt64(i * 8, BigInt(value), true);
  });
  return tensor(name, [values.length], elementType.int64, bytes);
}

function tensor(name: string, shape: readonly number[], type: number, bytes: Uint8Array): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const dimension of shape) message.varint(1, dimension);
  return message.varint(2, type).string(8, name).bytes(9, bytes);
}

/** Name, element type and shape of an input or output; a dimension that is a word is free. */
export function valueInfo(name: string, type: number, shape: ReadonlyArray<number | string>): ProtobufWriter {
  const shapeMessage = new ProtobufWriter();
  for (const dimension of shape) {
    const dimensionMessage = new ProtobufWriter();
    if (typeof dimension === "number") dimensionMessage.varint(1, dimension);
    else dimensionMessage.string(2, dimension);
    shapeMessage.message(1, dimensionMessage);
  }
  const tensorType = new ProtobufWriter().varint(1, type).message(2, shapeMessage);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}
