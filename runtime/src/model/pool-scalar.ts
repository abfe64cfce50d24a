import type { RouterModel } from "./onnx-decode.js";
import { joinTables, type Pool, tileIds } from "./pool.js";

/** Columns are summed eight at a time, so that the sums stay in registers. */
const blockColumns = 8;

/** Pool in plain JavaScript, for where there is no WebAssembly. Sums are float64, ids in the order given. */
export function createScalarPool(model: RouterModel): Pool {
  const width = Math.ceil((model.columns + model.hidden) / blockColumns) * blockColumns;
  const table = new Float32Array(model.buckets * width);
  joinTables(model, { table, width, from: 0, to: model.buckets });
  const sums = new Float64Array(width);
  return ({ ids, weights }) => {
    sums.fill(0);
    for (let from = 0; from < ids.length; from += tileIds) {
      const to = Math.min(ids.length, from + tileIds);
      for (let column = 0; column < width; column += blockColumns) {
        poolBlock(table, ids, weights, from, to, sums, column);
      }
    }
    return sums;
  };
}

function poolBlock(
  table: Float32Array,
  ids: Int32Array,
  weights: Float32Array,
  from: number,
  to: number,
  sums: Float64Array,
  column: number,
): void {
  const width = sums.length;
  let a = sums[column]!;
  let b = sums[column + 1]!;
  let c = sums[column + 2]!;
  let d = sums[column + 3]!;
  let e = sums[column + 4]!;
  let f = sums[column + 5]!;
  let g = sums[column + 6]!;
  let h = sums[column + 7]!;
  for (let i = from; i < to; i++) {
    const weight = weights[i]!;
    const at = ids[i]! * width + column;
    a += weight * table[at]!;
    b += weight * table[at + 1]!;
    c += weight * table[at + 2]!;
    d += weight * table[at + 3]!;
    e += weight * table[at + 4]!;
    f += weight * table[at + 5]!;
    g += weight * table[at + 6]!;
    h += weight * table[at + 7]!;
  }
  sums[column] = a;
  sums[column + 1] = b;
  sums[column + 2] = c;
  sums[column + 3] = d;
  sums[column + 4] = e;
  sums[column + 5] = f;
  sums[column + 6] = g;
  sums[column + 7] = h;
}
