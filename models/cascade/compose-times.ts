import type { TimePoints } from "./time-points.js";

/** When the answer of a cascade is there, and when the race's strong call is aborted, from the times of both models; times of the two models
 * are taken as independent within a class of lengths. */
export interface ComposedTimes {
  /** Mean milliseconds when the first answer is accepted: its time and the gate's. */
  accepted: number;
  /** When it is rejected: first model, gate, then the strong model. */
  sequential: number;
  /** When it is rejected in a race: the later of the gate's word and the strong answer. */
  race: number;
  /** Mean share of the strong answer that was streamed when the gate accepts, among points with a logged first token; NaN without any. */
  streamed: number;
}

/** Compose a cascade's times by going through all pairs of points of both distributions.
 * @param gateMs milliseconds of the gate */
export function composeTimes(first: TimePoints, strong: TimePoints, gateMs: number): ComposedTimes {
  let race = 0;
  let streamed = 0;
  let timed = 0;
  for (const cheap of first.total) {
    const word = cheap + gateMs;
    for (let j = 0; j < strong.total.length; j++) {
      race += Math.max(word, strong.total[j]!);
      if (Number.isNaN(strong.first[j]!)) continue;
      streamed += streamedShare(word, strong.first[j]!, strong.total[j]!);
      timed += 1;
    }
  }
  const pairs = first.total.length * strong.total.length;
  const accepted = first.mean + gateMs;
  return { accepted, sequential: accepted + strong.mean, race: race / pairs, streamed: streamed / timed };
}

/** Share of an answer that has been streamed at some moment, at a steady rate from the first token to the last: what
 * min(tokens, (moment - first) * tokens per second) is of all its tokens. */
export function streamedShare(moment: number, first: number, last: number): number {
  if (last <= first) return moment >= last ? 1 : 0;
  return Math.min(1, Math.max(0, (moment - first) / (last - first)));
}
