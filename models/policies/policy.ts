import { type FeatureMatrix, selectRows } from "../classifier/feature-matrix.js";

/** Requests as a routing strategy sees them. Arrays are parallel. */
export interface PolicyRequests {
  /** Last user turn of each. */
  texts: readonly string[];
  matrix: FeatureMatrix;
  /** Task group of each, such as subject, app or endpoint; one constant where none is known. */
  groups: readonly string[];
}

/** Requests with what every model made of them. */
export interface PolicyRows extends PolicyRequests {
  /** (models)(rows), 0 to 1; NaN = that model's answer isn't known, as in logs. */
  quality: Float64Array[];
  /** (models)(rows), USD. */
  usd: Float64Array[];
}

/** Expected quality of every model on every request, (models)(rows). Only differences between models count: a strategy without a
 * notion of quality gives any numbers that order requests by their need of a better model. */
export type Forecast = Float64Array[];

/** A routing strategy: learn from some rows, forecast others. What is done with a forecast is the same for all of them:
 * `needScores` for two models, `tradeOffs` for many. */
export interface Policy {
  name: string;
  /** Learn from rows; the same rows and seed give the same forecasts. */
  fit(train: PolicyRows, seed: number): Promise<FittedPolicy>;
}

/** A strategy that has learnt. */
export interface FittedPolicy {
  forecast(requests: PolicyRequests): Promise<Forecast>;
  /** Forecasts of the training rows by fits that didn't see them, where fitting makes them anyway; else see
   * `forecastOutOfFold`. */
  heldOut?: Forecast;
}

/** Some of the rows, in the order given. */
export function selectPolicyRows(rows: PolicyRows, chosen: Int32Array): PolicyRows {
  const pick = (values: Float64Array) => Float64Array.from(chosen, (row) => values[row]!);
  return {
    texts: Array.from(chosen, (row) => rows.texts[row]!),
    matrix: selectRows(rows.matrix, chosen),
    groups: Array.from(chosen, (row) => rows.groups[row]!),
    quality: rows.quality.map(pick),
    usd: rows.usd.map(pick),
  };
}

/** Mean of the values that are known; NaN when none is. */
export function knownMean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    sum += values[i]!;
    count += 1;
  }
  return sum / count;
}
