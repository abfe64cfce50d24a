import { sharedDoubles, sharedFloats, sharedInts } from "../../datasets/shared-arrays.js";

/** The replay as columns over all attempts of the log, place = `row` of the table, in memory that worker threads share: about 100 bytes an
 * attempt and 16 more per model. Every column is written at the attempt's own place, so that it doesn't matter who writes when. */
export interface ReplayColumns {
  rows: number;
  models: number;
  session: Int32Array;
  app: Int32Array;
  /** Place of the model that answered, -1 = outside the pool. */
  served: Int32Array;
  /** Place of the router's model, -1 = not replayed. */
  chosen: Int32Array;
  /** Code of the reason why it is not replayed; 0 = it is. */
  left: Int32Array;
  /** -1 = unknown, as in every column of whole numbers below. */
  tier: Int32Array;
  stakes: Int32Array;
  inputTokens: Int32Array;
  outputTokens: Int32Array;
  confidence: Float64Array;
  /** USD; NaN = unknown. */
  billed: Float64Array;
  /** Place of what the attempt's gateway adds among the terms of all gateways; below 0 = see `NoTerms`. */
  terms: Int32Array;
  /** Milliseconds; NaN = not logged. */
  latency: Float64Array;
  /** Scores by which simpler strategies order requests, higher = harder; NaN where there is none. */
  length: Float32Array;
  rules: Float32Array;
  bandit: Float32Array;
  /** USD of each attempt on each model: place model * rows + row. */
  usd: Float64Array;
  /** Calibrated probability that the model's answer is not worse than the strong one's; NaN without a head. Places as in `usd`. */
  sufficiency: Float64Array;
  /** Decisions by the time that they took, in steps of {@link tookStepUs}; the last step holds all that took longer. */
  took: Int32Array;
}

/** Microseconds of a step of `took`. */
export const tookStepUs = 0.5;
const tookSteps = 40_000;

/** Columns for a log, all empty. */
export function replayColumns(rows: number, models: number): ReplayColumns {
  const ints = () => sharedInts(rows);
  return {
    rows,
    models,
    session: ints(),
    app: ints(),
    served: ints().fill(-1),
    chosen: ints().fill(-1),
    left: ints(),
    tier: ints().fill(-1),
    stakes: ints().fill(-1),
    inputTokens: ints().fill(-1),
    outputTokens: ints().fill(-1),
    confidence: sharedDoubles(rows),
    billed: sharedDoubles(rows),
    terms: ints().fill(-1),
    latency: sharedDoubles(rows),
    length: sharedFloats(rows),
    rules: sharedFloats(rows),
    bandit: sharedFloats(rows).fill(Number.NaN),
    usd: sharedDoubles(rows * models),
    sufficiency: sharedDoubles(rows * models),
    took: sharedInts(tookSteps),
  };
}
