import { fitTimeLine, type TimeLine } from "../../models/latency/fit-time-line.js";
import type { ReplayColumns } from "./replay-columns.js";

/** What requests would take on each model, as the log's own answers tell. */
export interface LatencyModel {
  /** Mean milliseconds of a replayed attempt on a model; NaN for a model without logged latencies. */
  msOf: (model: number, row: number) => number;
  /** Error that the models' times bring into a total, as what each answer of the log adds to it, by session; it sums to 0.
   * @param requests by model: how many the total asks it, less how many it doesn't any more
   * @param tokens the same for tokens of output */
  errorOf: (requests: readonly number[], tokens: readonly number[]) => Float64Array;
}

/** Fit the time of an answer on each model as a straight line in its tokens of output. A mean by classes of lengths would compare long answers
 * of one model with short ones of another that is only asked for those. A model with fewer than 20 answers has the mean of its answers.
 * @param sessions count of sessions */
export function latencyModel(columns: ReplayColumns, rows: Int32Array, sessions: number): LatencyModel {
  const timed = rows.filter((row) => columns.latency[row]! >= 0);
  const fits = Array.from({ length: columns.models }, (_, model) => fitModel(columns, timed, model));
  const msOf = (model: number, row: number) => {
    const { start, perToken } = fits[model]!;
    return start + perToken * columns.outputTokens[row]!;
  };
  const errorOf = (requests: readonly number[], tokens: readonly number[]) => {
    const errors = new Float64Array(sessions);
    for (const row of timed) {
      const model = columns.served[row]!;
      const fit = fits[model]!;
      const length = columns.outputTokens[row]!;
      const pull = fit.pullOf(length, requests[model]!, tokens[model]!);
      errors[columns.session[row]!]! += pull * (columns.latency[row]! - msOf(model, row));
    }
    return errors;
  };
  return { msOf, errorOf };
}

function fitModel(
  { served, outputTokens, latency }: ReplayColumns,
  timed: Int32Array,
  model: number,
): TimeLine {
  const own = timed.filter((row) => served[row] === model);
  return fitTimeLine(
    Int32Array.from(own, (row) => outputTokens[row]!),
    Float64Array.from(own, (row) => latency[row]!),
  );
}
