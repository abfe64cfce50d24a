import type { Breather } from "../life/breather.js";
import type { RouterModel } from "./onnx-decode.js";
import { joinTables, type Pool, tileIds } from "./pool.js";
import { assembleWasm, type WasmFunction, wasm } from "./wasm-module.js";

/** Pool with WebAssembly's 128-bit instructions, four columns at a time: about five times as fast as JavaScript. Sums are float32
 * within a tile of ids and float64 across tiles; for weights of length 1 and rows of unit variance they are exact to 1e-6.
 * @returns null where there is no WebAssembly, or no memory for the table: use the scalar pool there */
export function createSimdPool(model: RouterModel): Pool | null {
  try {
    const { pool, table, width } = instantiate(model);
    joinTables(model, { table, width, from: 0, to: model.buckets });
    return pool;
  } catch {
    return null;
  }
}

/** The same in steps, each of which writes a part of the table: a large one takes tens of milliseconds where memory is slow to get.
 * @param breathe called between the steps */
export async function createSimdPoolInSteps(model: RouterModel, breathe: Breather): Promise<Pool | null> {
  try {
    const { pool, table, width } = instantiate(model);
    for (let from = 0; from < model.buckets; from += rowsPerStep) {
      joinTables(model, { table, width, from, to: Math.min(model.buckets, from + rowsPerStep) });
      await breathe();
    }
    return pool;
  } catch {
    return null;
  }
}

const rowsPerStep = 1_024;

const bytesPerVector = 16;
const bytesPerPage = 65_536;

/** Byte offsets in the module's memory. */
interface Layout {
  ids: number;
  weights: number;
  sums: number;
  table: number;
}

/** A pool whose table is all zero yet. */
function instantiate({ buckets, columns, hidden }: RouterModel): {
  pool: Pool;
  table: Float32Array;
  width: number;
} {
  const vectors = Math.ceil((columns + hidden) / 4);
  const layout = layOut(buckets, vectors);
  const end = layout.table + buckets * vectors * bytesPerVector;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / bytesPerPage) });
  const module = new WebAssembly.Module(assembleWasm(sumRows(vectors, layout)));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const idsIn = new Int32Array(memory.buffer, layout.ids, buckets);
  const weightsIn = new Float32Array(memory.buffer, layout.weights, buckets);
  const tileSums = new Float32Array(memory.buffer, layout.sums, vectors * 4);
  const width = vectors * 4;
  const table = new Float32Array(memory.buffer, layout.table, buckets * width);
  const sums = new Float64Array(width);
  const pool: Pool = ({ ids, weights }) => {
    idsIn.set(ids);
    weightsIn.set(weights);
    sums.fill(0);
    for (let from = 0; from < ids.length; from += tileIds) {
      run(4 * from, 4 * Math.min(ids.length, from + tileIds));
      for (let k = 0; k < sums.length; k++) sums[k]! += tileSums[k]!;
    }
    return sums;
  };
  return { pool, table, width };
}

/** A request has each id at most once, so there is room for as many ids as buckets. */
function layOut(buckets: number, vectors: number): Layout {
  const sums = 2 * 4 * buckets;
  return { ids: 0, weights: 4 * buckets, sums, table: sums + vectors * bytesPerVector };
}

/** run(at, end): for the ids at [at, end) of the list, in bytes and at least one, add weight x row to one register per four columns;
 * then store the registers. */
function sumRows(vectors: number, layout: Layout): WasmFunction {
  const [at, end, row, weight, firstSum] = [0, 1, 2, 3, 4] as const;
  const { get, set, tee } = wasm;
  const eachVector = (instructions: (sum: number, offset: number) => number[][]) =>
    Array.from({ length: vectors }, (_, v) => instructions(firstSum + v, v * bytesPerVector).flat()).flat();
  const addRow = eachVector((sum, offset) => [
    [...get(row), ...wasm.v128Load(layout.table + offset)],
    [...get(weight), ...wasm.f32x4Mul()],
    [...get(sum), ...wasm.f32x4Add(), ...set(sum)],
  ]);
  const loop = [
    [...get(at), ...wasm.i32Load(layout.ids)],
    [...wasm.i32Const(vectors * bytesPerVector), ...wasm.i32Mul(), ...set(row)],
    [...get(at), ...wasm.v128Load32Splat(layout.weights), ...set(weight)],
    addRow,
    [...get(at), ...wasm.i32Const(4), ...wasm.i32Add(), ...tee(at)],
    [...get(end), ...wasm.i32LessUnsigned()],
  ];
  const store = eachVector((sum, offset) => [
    [...wasm.i32Const(0), ...get(sum), ...wasm.v128Store(layout.sums + offset)],
  ]);
  return {
    locals: { i32: 1, v128: 1 + vectors },
    code: [...wasm.repeatWhile(loop.flat()), ...store],
  };
}

/** The part of the WebAssembly API that is used; Node's types leave it to the DOM library. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: { env: { memory: object } },
  ) => { exports: { run: (at: number, end: number) => void } };
};
