import type { FeatureMatrix } from "./feature-matrix.js";
import { type DeepModel, deepLogits } from "./fit-deep.js";
import { type LinearModel, linearLogits } from "./linear-model.js";

/** Members fitted to the same rows and columns. */
export interface Ensemble {
  linear: LinearModel[];
  /** The hidden layer; null = none. */
  deep: DeepModel | null;
}

/** An ensemble melted into one wide and deep model: its logits are the shares' mean of the members' logits. */
export interface WideDeepModel {
  linear: LinearModel;
  /** Its outputs already carry its shares; null = no hidden layer. */
  deep: DeepModel | null;
}

/** Logits of each member, linear ones first: (rows, columns) each. */
export function memberLogits(matrix: FeatureMatrix, { linear, deep }: Ensemble): Float32Array[] {
  return [
    ...linear.map((model) => linearLogits(matrix, model)),
    ...(deep === null ? [] : [deepLogits(matrix, deep)]),
  ];
}

/** Average members into one model: linear ones add up to a linear one, and the hidden layer's outputs take its share.
 * @param shares (members, columns), linear members first, each column summing to 1 */
export function meltEnsemble({ linear, deep }: Ensemble, shares: readonly Float64Array[]): WideDeepModel {
  const first = linear[0]!;
  const average: LinearModel = {
    columns: first.columns,
    wideTable: new Float32Array(first.wideTable.length),
    denseWide: new Float32Array(first.denseWide.length),
    bias: new Float32Array(first.bias.length),
  };
  linear.forEach((model, member) => {
    addWeighted(average.wideTable, model.wideTable, shares[member]!);
    addWeighted(average.denseWide, model.denseWide, shares[member]!);
    addWeighted(average.bias, model.bias, shares[member]!);
  });
  if (deep === null) return { linear: average, deep: null };
  const share = shares[linear.length]!;
  const scaled = (values: Float32Array) => values.map((value, i) => value * share[i % share.length]!);
  return { linear: average, deep: { ...deep, deepOut: scaled(deep.deepOut), bias: scaled(deep.bias) } };
}

/** Logits of every row, (rows, columns). */
export function wideDeepLogits(matrix: FeatureMatrix, { linear, deep }: WideDeepModel): Float32Array {
  const logits = linearLogits(matrix, linear);
  if (deep === null) return logits;
  const extra = deepLogits(matrix, deep);
  return logits.map((logit, i) => logit + extra[i]!);
}

function addWeighted(into: Float32Array, values: Float32Array, weights: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += weights[i % weights.length]! * values[i]!;
}
