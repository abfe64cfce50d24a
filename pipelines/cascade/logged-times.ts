import { type TimePoints, timePoints } from "../../models/cascade/time-points.js";
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
 * @returns by class of lengths; a class with fewer than 20 answers has the model's distribution over all of them, and null without any
 * answer. Failed and batch attempts, and those of an unknown length, don't count */
export function loggedTimes(replay: ReplayData, model: number): Array<TimePoints | null> {
  const { rows, latency, ttft, outputTokens } = replay;
  const counts = new Float64Array(lengthClasses);
  for (let row = 0; row < rows; row++)
    if (isTimed(replay, row, model)) counts[lengthClass(outputTokens[row]!)]! += 1;
  const seen = new Float64Array(lengthClasses);
  const total: number[][] = classes.map(() => []);
  const first: number[][] = classes.map(() => []);
  for (let row = 0; row < rows; row++) {
    if (!isTimed(replay, row, model)) continue;
    const place = lengthClass(outputTokens[row]!);
    const step = Math.max(1, Math.ceil(counts[place]! / mostAnswers));
    if (seen[place]!++ % step !== 0) continue;
    total[place]!.push(latency[row]!);
    first[place]!.push(ttft[row]! >= 0 && ttft[row]! <= latency[row]! ? ttft[row]! : Number.NaN);
  }
  const all = timePoints(total.flat(), first.flat());
  return classes.map((_, place) =>
    total[place]!.length >= leastAnswers ? timePoints(total[place]!, first[place]!) : all,
  );
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
