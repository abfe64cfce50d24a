import { type TimePoints, timePoints } from "../../models/cascade/time-points.js";
import {
  ClassLengths,
  lengthClass,
  lengthClassesOf,
  outputClasses,
} from "../../models/latency/length-classes.js";
import { timesByLength } from "../../models/latency/times-by-length.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Number of classes of lengths. */
export const lengthClasses = outputClasses.length;

/** Class of an answer by its output tokens. */
export function classOfAnswer(tokens: number): number {
  return lengthClass(outputClasses, tokens);
}

/** Logged times of each model's answers, by class of lengths; a class with fewer than 20 answers takes all of the model's, stretched to it,
 * and is null without any answer. Failed and batch attempts, and those of an unknown length, don't count.
 * @returns [model][class] */
export function loggedTimes(replay: ReplayData): Array<Array<TimePoints | null>> {
  const { rows, latency, ttft, outputTokens, isSuccess } = replay;
  const classOf = lengthClassesOf(outputClasses, outputTokens);
  const lengths = new ClassLengths(lengthClasses);
  for (let row = 0; row < rows; row++)
    if (isSuccess[row] === 1) lengths.add(classOf[row]!, outputTokens[row]!);
  const classLengths = lengths.means();
  const firstOf = (row: number) => (ttft[row]! >= 0 && ttft[row]! <= latency[row]! ? ttft[row]! : Number.NaN);
  return replay.models.map((_, model) => {
    const logged = { answers: timedRows(replay, model), times: latency, lengths: outputTokens, classOf };
    return timesByLength(logged, classLengths).map(({ answers, factors }) =>
      timePoints(
        factors.map((factor, i) => factor * latency[answers[i]!]!),
        factors.map((factor, i) => factor * firstOf(answers[i]!)),
      ),
    );
  });
}

function timedRows(replay: ReplayData, model: number): Int32Array {
  const { rows, served, isSuccess, isBatch, latency, outputTokens } = replay;
  const found = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const isAnswer = served[row] === model && isSuccess[row] === 1 && isBatch[row] !== 1;
    if (!isAnswer || !(outputTokens[row]! >= 0)) continue;
    if (latency[row]! >= 0 && latency[row]! < Number.POSITIVE_INFINITY) found[count++] = row;
  }
  return found.slice(0, count);
}
