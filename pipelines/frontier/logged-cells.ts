import { ClassLengths, outputClasses } from "../../models/latency/length-classes.js";
import { timesByLength } from "../../models/latency/times-by-length.js";
import type { SweepRows } from "./sweep-rows.js";

/** Logged answers that stand for one model and class of lengths; see {@link timesByLength}. */
export interface LoggedCell {
  /** Milliseconds, and the same ascending. */
  ms: Float64Array;
  sorted: Float64Array;
  /** Group of each answer's session, in the order of `ms`. */
  group: Int32Array;
  /** Answers by group. */
  perGroup: Float64Array;
  /** Relative error of all of the times through the line that they are stretched along, by group. */
  stretchError: Float64Array;
}

/** Logged answers by cell: place model * classes + class.
 * @param half 0 or 1 for one half of the sessions alone; null for all */
export function loggedCells(sweep: SweepRows, half: number | null): LoggedCell[] {
  const { replay, group, groups, lengthClass } = sweep;
  const { times, lengths } = timesAndLengths(sweep);
  const classLengths = meanLengths(sweep, half);
  return replay.models.flatMap((_, model) => {
    const answers = timedAnswers(sweep, half, model);
    return timesByLength({ answers, times, lengths, classOf: lengthClass }, classLengths).map((stand) => {
      const count = stand.answers.length;
      const [ms, of] = [new Float64Array(count), new Int32Array(count)];
      const [perGroup, stretchError] = [new Float64Array(groups.count), new Float64Array(groups.count)];
      for (let i = 0; i < count; i++) {
        const answer = stand.answers[i]!;
        ms[i] = stand.factors[i]! * times[answer]!;
        of[i] = group[answer]!;
        perGroup[of[i]!]! += 1;
        stretchError[of[i]!]! += stand.errorOf(i);
      }
      return { ms, sorted: ms.slice().sort(), group: of, perGroup, stretchError };
    });
  });
}

/** Columns with a place for each row of the sweep. */
function timesAndLengths({ replay, rows }: SweepRows): { times: Float64Array; lengths: Int32Array } {
  const [times, lengths] = [new Float64Array(rows.length), new Int32Array(rows.length)];
  for (let i = 0; i < rows.length; i++) {
    times[i] = replay.latency[rows[i]!]!;
    lengths[i] = replay.outputTokens[rows[i]!]!;
  }
  return { times, lengths };
}

function meanLengths({ replay, rows, group, groups, lengthClass }: SweepRows, half: number | null) {
  const lengths = new ClassLengths(outputClasses.length);
  for (let i = 0; i < rows.length; i++) {
    if (half === null || groups.half[group[i]!] === half)
      lengths.add(lengthClass[i]!, replay.outputTokens[rows[i]!]!);
  }
  return lengths.means();
}

function timedAnswers(sweep: SweepRows, half: number | null, model: number): Int32Array {
  const { replay, rows, group, groups, isTimed } = sweep;
  const found = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (isTimed[i] !== 1 || replay.served[row] !== model) continue;
    if (half !== null && groups.half[group[i]!] !== half) continue;
    if (replay.latency[row]! >= 0 && replay.latency[row]! < Number.POSITIVE_INFINITY) found[count++] = i;
  }
  return found.subarray(0, count);
}
