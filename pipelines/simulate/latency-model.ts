import { fitTimeLine } from "../../models/latency/fit-time-line.js";
import type { ReplayColumns } from "./replay-columns.js";

/** The columns that times are fitted to. */
export type LatencyColumns = Pick<ReplayColumns, "models" | "latency" | "outputTokens" | "served">;

/** What requests would take on each model, as the log's own answers tell. */
export interface LatencyFit {
  /** Mean milliseconds of a replayed attempt on a model; NaN for a model without logged latencies. */
  msOf: (model: number, row: number) => number;
  /** Error that the fit brings into a total, as what each answer of the log adds to it; over all answers it sums to 0.
   * @param change by model: how many requests, and tokens of output, the total asks it for, less those that it doesn't any more
   * @param add gets the row of the answer, and milliseconds */
  errors: (
    change: { requests: readonly number[]; tokens: readonly number[] },
    add: (row: number, ms: number) => void,
  ) => void;
}

/** Mean milliseconds of a replayed attempt on a model; NaN for a model without logged latencies. See {@link fitLatency}. */
export function latencyModel(
  columns: LatencyColumns,
  rows: Int32Array,
): (model: number, row: number) => number {
  return fitLatency(columns, rows).msOf;
}

/** Fit the time of an answer on each model as a straight line in its tokens of output. A mean by classes of lengths would compare long answers
 * of one model with short ones of another that is only asked for those. A model with fewer than 20 answers has the mean of its answers. */
export function fitLatency(columns: LatencyColumns, rows: Int32Array): LatencyFit {
  const { models, served, outputTokens, latency } = columns;
  const timed = rows.filter((row) => latency[row]! >= 0);
  const lines = Array.from({ length: models }, (_, model) => {
    const own = timed.filter((row) => served[row] === model);
    return fitTimeLine(
      Int32Array.from(own, (row) => outputTokens[row]!),
      Float64Array.from(own, (row) => latency[row]!),
    );
  });
  const msOf = (model: number, row: number) =>
    lines[model]!.start + lines[model]!.perToken * outputTokens[row]!;
  return {
    msOf,
    errors: ({ requests, tokens }, add) => {
      for (const row of timed) {
        const model = served[row]!;
        const pull = lines[model]!.pullOf(outputTokens[row]!, requests[model]!, tokens[model]!);
        add(row, pull * (latency[row]! - msOf(model, row)));
      }
    },
  };
}
