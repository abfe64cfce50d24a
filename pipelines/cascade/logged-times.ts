import { type TimePoints, timePoints } from "../../models/cascade/time-points.js";
import { fitTimeLine } from "../../models/latency/fit-time-line.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Output tokens from which a class of lengths begins: time to the last token grows with them. The classes of `signalbox simulate run`. */
const classes = [0, 32, 128, 512, 2048] as const;
/** Answers that a class needs for a distribution of its own. */
const leastAnswers = 20;
/** Answers of a model and class that are read at most, evenly spaced in order of time. */
const mostAnswers = 20_000;

/** Number of classes of lengths. */
export const lengthClasses = classes.length;

/** Class of an answer by its output tokens. */
export function lengthClass(tokens: number): number {
  let place = classes.length - 1;
  while (place > 0 && tokens < classes[place]!) place -= 1;
  return place;
}

/** Logged times of one model's answers.
 * @returns by class of lengths; a class with fewer than 20 answers has the distribution over all of the model's, each stretched to the
 * class's mean length by the model's time to begin and per token, and null without any answer. Failed and batch attempts, and those of an unknown length, don't count */
export function loggedTimes(replay: ReplayData, model: number): Array<TimePoints | null> {
  const { rows, latency, ttft, outputTokens } = replay;
  const counts = new Float64Array(lengthClasses);
  for (let row = 0; row < rows; row++)
    if (isTimed(replay, row, model)) counts[lengthClass(outputTokens[row]!)]! += 1;
  const seen = new Float64Array(lengthClasses);
  const total: number[][] = classes.map(() => []);
  const first: number[][] = classes.map(() => []);
  const lengths: number[][] = classes.map(() => []);
  for (let row = 0; row < rows; row++) {
    if (!isTimed(replay, row, model)) continue;
    const place = lengthClass(outputTokens[row]!);
    const step = Math.max(1, Math.ceil(counts[place]! / mostAnswers));
    if (seen[place]!++ % step !== 0) continue;
    total[place]!.push(latency[row]!);
    lengths[place]!.push(outputTokens[row]!);
    first[place]!.push(ttft[row]! >= 0 && ttft[row]! <= latency[row]! ? ttft[row]! : Number.NaN);
  }
  const isRare = total.some((times) => times.length < leastAnswers);
  const stretched = isRare
    ? stretchedTimes(replay, { total: total.flat(), first: first.flat(), lengths: lengths.flat() })
    : () => null;
  return total.map((times, place) =>
    times.length >= leastAnswers ? timePoints(times, first[place]!) : stretched(place),
  );
}

/** Times of all answers of a model as if they had the mean length of a class among all models' answers. */
function stretchedTimes(
  { rows, outputTokens, isSuccess }: ReplayData,
  { total, first, lengths }: Record<"total" | "first" | "lengths", readonly number[]>,
): (place: number) => TimePoints | null {
  const [tokens, answers] = [new Float64Array(lengthClasses), new Float64Array(lengthClasses)];
  for (let row = 0; row < rows; row++) {
    if (isSuccess[row] !== 1 || outputTokens[row]! < 0) continue;
    const place = lengthClass(outputTokens[row]!);
    tokens[place]! += outputTokens[row]!;
    answers[place]! += 1;
  }
  const { start, perToken } = fitTimeLine(lengths, total);
  const at = (length: number) => start + perToken * length;
  return (place) => {
    const to = answers[place]! > 0 ? at(tokens[place]! / answers[place]!) : Number.NaN;
    const factors = lengths.map((length) => (to > 0 && at(length) > 0 ? to / at(length) : 1));
    const stretch = (times: readonly number[]) => times.map((ms, i) => ms * factors[i]!);
    return timePoints(stretch(total), stretch(first));
  };
}

function isTimed(
  { served, isSuccess, isBatch, latency, outputTokens }: ReplayData,
  row: number,
  model: number,
): boolean {
  return (
    served[row] === model &&
    isSuccess[row] === 1 &&
    isBatch[row] !== 1 &&
    latency[row]! >= 0 &&
    latency[row]! < Number.POSITIVE_INFINITY &&
    outputTokens[row]! >= 0
  );
}
