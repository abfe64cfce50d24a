import { timeLineOf } from "../../models/latency/fit-time-line.js";
import type { SumLayout } from "./sum-layout.js";

/** Observations that a mean of its own needs. */
const leastForMean = 20;

/** Mean cost and time of attempts, from sums; NaN where the log has none. */
export interface AttemptMeans {
  /** Cost of a failed attempt on a model; of all models' where its own is never known. */
  failedUsd: (model: number) => number;
  /** Time of an attempt that fails so; of all models' where its own are fewer than 20. */
  failedMs: (model: number, errorClass: number) => number;
  /** Cost of an answer by another model to requests that were first sent to `from`. */
  answeredUsd: (from: number, model: number) => number;
  /** Time of it: as logged where `from` itself answers, else the other model's time to begin and per token, for the tokens that `from`
   * answered with; the other model's mean where no length is known. */
  answeredMs: (from: number, model: number) => number;
}

/** Read the means out of the sums. */
export function attemptMeans(sums: readonly number[], layout: SumLayout): AttemptMeans {
  const { models, classes } = layout;
  const rest = models + 1;
  const over = (count: number, of: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += sums[of(i)]!;
    return sum;
  };
  const allFailedUsd = over(rest, (i) => layout.failedUsd + i) / over(rest, (i) => layout.failedUsdKnown + i);
  const lineOf = (model: number) =>
    timeLineOf({
      answers: sums[layout.line.answers + model]!,
      ms: sums[layout.line.ms + model]!,
      weightedMs: sums[layout.line.weightedMs + model]!,
      weight: sums[layout.line.weight + model]!,
      tokens: sums[layout.line.tokens + model]!,
    });
  return {
    failedUsd: (model) => {
      const known = sums[layout.failedUsdKnown + model]!;
      return known > 0 ? sums[layout.failedUsd + model]! / known : allFailedUsd;
    },
    failedMs: (model, errorClass) => {
      const place = model * classes + errorClass;
      const known = sums[layout.failedMsKnown + place]!;
      if (known >= leastForMean) return sums[layout.failedMs + place]! / known;
      return (
        over(rest, (i) => layout.failedMs + i * classes + errorClass) /
        over(rest, (i) => layout.failedMsKnown + i * classes + errorClass)
      );
    },
    answeredUsd: (from, model) => {
      const known = sums[layout.answeredUsdKnown + model]!;
      if (from === model && known > 0) return sums[layout.answeredUsd + model]! / known;
      const moved = sums[layout.moved + from]!;
      if (moved > 0) return sums[layout.movedUsd + from * models + model]! / moved;
      return (
        over(models, (i) => layout.movedUsd + i * models + model) / over(models, (i) => layout.moved + i)
      );
    },
    answeredMs: (from, model) => {
      const logged = sums[layout.answeredMsKnown + from]!;
      if (from === model && logged > 0) return sums[layout.answeredMs + from]! / logged;
      const { start, perToken } = lineOf(model);
      const answers = sums[layout.answeredTokensKnown + from]!;
      if (answers > 0) return start + (perToken * sums[layout.answeredTokens + from]!) / answers;
      return sums[layout.line.ms + model]! / sums[layout.line.answers + model]!;
    },
  };
}
