import { lengthClasses, type SumLayout } from "./sum-layout.js";

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
  /** Time of it: the model's mean by length of the answer, for the lengths that `from` answered with. */
  answeredMs: (from: number, model: number) => number;
}

/** Read the means out of the sums. */
export function attemptMeans(sums: readonly number[], layout: SumLayout): AttemptMeans {
  const { models, classes } = layout;
  const [rest, lengths] = [models + 1, lengthClasses.length];
  const over = (count: number, of: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += sums[of(i)]!;
    return sum;
  };
  const allFailedUsd = over(rest, (i) => layout.failedUsd + i) / over(rest, (i) => layout.failedUsdKnown + i);
  const meanMs = (model: number) =>
    over(lengths, (c) => layout.lengthMs + model * lengths + c) /
    over(lengths, (c) => layout.lengthMsKnown + model * lengths + c);
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
      const mean = meanMs(model);
      const answers = over(lengths, (c) => layout.answeredLengths + from * lengths + c);
      if (answers === 0) return mean;
      let sum = 0;
      for (let c = 0; c < lengths; c++) {
        const known = sums[layout.lengthMsKnown + model * lengths + c]!;
        const own = known >= leastForMean ? sums[layout.lengthMs + model * lengths + c]! / known : mean;
        const weight = sums[layout.answeredLengths + from * lengths + c]!;
        if (weight > 0) sum += weight * own;
      }
      return sum / answers;
    },
  };
}
