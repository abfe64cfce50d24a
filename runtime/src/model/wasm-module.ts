/** The few WebAssembly instructions that the runtime needs, as bytes. Offsets are added to the address on the stack; locals are numbered
 * after the parameters.
 * @see https://webassembly.github.io/spec/core/binary/instructions.html */
export const wasm = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  tee: (local: number) => [0x22, ...unsigned(local)],
  /** Repeat `body` for as long as it leaves a number other than 0. */
  repeatWhile: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
  i32Const: (value: number) => [0x41, ...signed(value)],
  i32Load: (offset: number) => [0x28, 2, ...unsigned(offset)],
  i32Add: () => [0x6a],
  i32Mul: () => [0x6c],
  i32LessUnsigned: () => [0x49],
  v128Load: (offset: number) => [0xfd, 0x00, 2, ...unsigned(offset)],
  /** One float32 in all four places. */
  v128Load32Splat: (offset: number) => [0xfd, 0x09, 2, ...unsigned(offset)],
  v128Store: (offset: number) => [0xfd, 0x0b, 2, ...unsigned(offset)],
  f32x4Add: () => [0xfd, 0xe4, 0x01],
  f32x4Mul: () => [0xfd, 0xe6, 0x01],
} as const;

const valueType = { i32: 0x7f, v128: 0x7b } as const;

/** A function of two i32 parameters without result. */
export interface WasmFunction {
  /** Locals, all of the first type before those of the second. */
  locals: { i32: number; v128: number };
  code: readonly number[];
}

/** Assemble a module that imports the memory `env.memory` and exports one function as `run`.
 * @see https://webassembly.github.io/spec/core/binary/modules.html */
export function assembleWasm({ locals, code }: WasmFunction): Uint8Array<ArrayBuffer> {
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const type = [0x60, ...list([[valueType.i32], [valueType.i32]]), 0];
  const memoryImport = [...text("env"), ...text("memory"), 0x02, 0x00, 1];
  const declared = [
    [...unsigned(locals.i32), valueType.i32],
    [...unsigned(locals.v128), valueType.v128],
  ];
  const body = [...list(declared), ...code, 0x0b];
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, list([type])),
    ...section(2, list([memoryImport])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text("run"), 0x00, 0]])),
    ...section(10, list([[...unsigned(body.length), ...body]])),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: ReadonlyArray<readonly number[]>): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(ascii: string): number[] {
  return [...unsigned(ascii.length), ...new TextEncoder().encode(ascii)];
}

/** LEB128 of a number in [0, 2^32). */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** LEB128 of a number in [0, 2^31): as unsigned, with a last bit 0x40 that is no sign. */
function signed(value: number): number[] {
  const bytes = unsigned(value);
  if ((bytes.at(-1)! & 0x40) === 0) return bytes;
  return [...bytes.slice(0, -1), bytes.at(-1)! | 0x80, 0];
}
