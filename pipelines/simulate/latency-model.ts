import type { ReplayColumns } from "./replay-columns.js";

/** Answers that a model needs for a time per token of its own. */
const leastAnswers = 20;

/** What requests would take on each model, as the log's own answers tell. */
export interface LatencyModel {
  /** Mean milliseconds of a replayed attempt on a model; NaN for a model without logged latencies. */
  msOf: (model: number, row: number) => number;
  /** Error that the models' times bring into a total, as what each answer of the log adds to it, by session; it sums to 0.
   * @param requests by model: how many the total asks it, less how many it doesn't any more
   * @param tokens the same for tokens of output */
  errorOf: (requests: readonly number[], tokens: readonly number[]) => Float64Array;
}

/** Fit the time of an answer on each model as a time to begin and a time per token of output: least squares, each answer weighted by 1 over
 * its tokens, since variance grows with length. A mean by classes of lengths would compare long answers of one model with short ones of
 * another that is only asked for those. A model with fewer than 20 answers, or answers of one length, has the mean of its answers.
 * @param sessions count of sessions
 * @see Agrawal et al. 2024, Etalon, sec. 2, for time to first token and time per output token */
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

interface ModelFit {
  /** Milliseconds, and milliseconds a token. */
  start: number;
  perToken: number;
  /** How much a total of so many requests and tokens moves with 1 ms of an answer of this length. */
  pullOf: (length: number, requests: number, tokens: number) => number;
}

/** Weighted least squares of one straight line, by its centred moments. */
function fitModel(columns: ReplayColumns, timed: Int32Array, model: number): ModelFit {
  const { served, outputTokens, latency } = columns;
  let [count, ms, weight, meanLength, meanMs] = [0, 0, 0, 0, 0];
  for (const row of timed) {
    if (served[row] !== model) continue;
    const w = weightOf(outputTokens[row]!);
    count += 1;
    ms += latency[row]!;
    weight += w;
    meanLength += w * outputTokens[row]!;
    meanMs += w * latency[row]!;
  }
  meanLength /= weight;
  meanMs /= weight;
  let [spread, common] = [0, 0];
  for (const row of timed) {
    if (served[row] !== model) continue;
    const w = weightOf(outputTokens[row]!);
    const away = outputTokens[row]! - meanLength;
    spread += w * away * away;
    common += w * away * latency[row]!;
  }
  if (count < leastAnswers || !(spread > 1e-9 * weight)) {
    return { start: ms / count, perToken: 0, pullOf: (_, requests) => requests / count };
  }
  const perToken = common / spread;
  return {
    start: meanMs - perToken * meanLength,
    perToken,
    pullOf: (length, requests, tokens) =>
      weightOf(length) *
      (requests / weight + ((tokens - requests * meanLength) * (length - meanLength)) / spread),
  };
}

function weightOf(tokens: number): number {
  return 1 / Math.max(1, tokens);
}
