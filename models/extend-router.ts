import type { Head } from "@signalbox/runtime";
import type { Calibration } from "./calibration/calibration.js";
import { mixOutputs } from "./mix-outputs.js";
import type { NewColumn } from "./new-column.js";
import type { HeadTarget, ScoreTerm } from "./router-targets.js";
import { outputCount, type RouterWeights } from "./router-weights.js";

/** A head for a logit that a router gets. */
export interface NewHead {
  head: Head;
  /** Place among the heads. */
  place: number;
  /** The new logit is the column after the router's own. */
  terms: ScoreTerm[];
  calibration: Calibration;
}

/** A router with one more logit, its last, and one more head. Every weight that was there stays as it was, so the other outputs
 * are the same bits. */
export function extendRouter(
  weights: RouterWeights,
  { factors, own }: NewColumn,
  head: NewHead,
): RouterWeights {
  const append = (values: Float32Array, extra: ArrayLike<number>) => appendColumn(values, factors, extra);
  return {
    ...weights,
    heads: weights.heads.toSpliced(head.place, 0, head.head),
    wideTable: append(weights.wideTable, own.wideTable),
    denseWide: append(weights.denseWide, own.denseWide),
    bias: append(weights.bias, own.bias),
    deepOut: append(weights.deepOut, new Float32Array(weights.hidden)),
    ...extendMix(weights, head),
  };
}

/** Values (rows, columns) with one more column: what the factors make of the others, plus something of its own. */
function appendColumn(values: Float32Array, factors: Float64Array, extra: ArrayLike<number>): Float32Array {
  const columns = factors.length;
  const out = new Float32Array(extra.length * (columns + 1));
  for (let row = 0; row < extra.length; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    out.set(own, row * (columns + 1));
    out[row * (columns + 1) + columns] = own.reduce(
      (sum, value, c) => sum + factors[c]! * value,
      extra[row]!,
    );
  }
  return out;
}

function extendMix(
  weights: RouterWeights,
  { head, place, terms, calibration }: NewHead,
): Pick<RouterWeights, "mix" | "shift" | "knots" | "bends"> {
  const columns = weights.bias.length;
  const outputs = outputCount(weights);
  const none = new Float64Array(0);
  const column = { loss: { kind: "logistic" as const }, values: none, weights: none };
  const target: HeadTarget = { head, terms, calibrate: none, weights: none };
  const fresh = mixOutputs({ columns: new Array(columns + 1).fill(column), heads: [target], lengths: [] }, [
    calibration,
  ]);
  const half = weights.mix.length / 2;
  const noUse = new Float32Array(outputs);
  const mix = [weights.mix.subarray(0, half), noUse, weights.mix.subarray(half), noUse];
  const perOutput = Math.max(weights.knots.length / outputs, fresh.knots.length);
  const bent = (old: Float32Array, added: Float32Array) =>
    insertRow(widen(old, outputs, perOutput), widen(added, 1, perOutput), place * perOutput);
  return {
    mix: insertOutput(concatenate(mix), outputs, place, fresh.mix),
    shift: insertOutput(weights.shift, outputs, place, fresh.shift),
    knots: bent(weights.knots, fresh.knots),
    bends: bent(weights.bends, fresh.bends),
  };
}

/** Values (rows, outputs) with one more output at a place. */
function insertOutput(
  values: Float32Array,
  outputs: number,
  place: number,
  added: Float32Array,
): Float32Array {
  const rows = Array.from({ length: added.length }, (_, row) =>
    insertRow(values.subarray(row * outputs, (row + 1) * outputs), added.subarray(row, row + 1), place),
  );
  return concatenate(rows);
}

function insertRow(values: Float32Array, added: Float32Array, at: number): Float32Array {
  return concatenate([values.subarray(0, at), added, values.subarray(at)]);
}

/** Values (rows, any) as (rows, columns), zeros on the right. */
function widen(values: Float32Array, rows: number, columns: number): Float32Array {
  const before = values.length / rows;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    out.set(values.subarray(row * before, (row + 1) * before), row * columns);
  return out;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
