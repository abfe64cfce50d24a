import type { ErrorTimeline } from "../../datasets/reliability-result.js";
import type { ReplayData } from "../replay/replay-data.js";

const mostPoints = 90;
const steps = [5, 15, 60, 180, 360, 720, 1_440, 2_880, 10_080];

/** Attempts and failures over time, in the finest of a few steps that gives at most 90 of them. Attempts without a time are left out. */
export function errorTimeline({ rows, createdAt, isSuccess }: ReplayData): ErrorTimeline {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    const at = createdAt[row]!;
    if (at < from) from = at;
    if (at > to) to = at;
  }
  if (!(to >= from)) return { step_minutes: steps[0]!, points: [] };
  const placesOf = (minutes: number) =>
    Math.floor(to / (minutes * 60e6)) - Math.floor(from / (minutes * 60e6));
  const minutes =
    steps.find((step) => placesOf(step) < mostPoints) ?? Math.ceil((to - from) / 60e6 / (mostPoints - 1));
  const width = minutes * 60e6;
  const first = Math.floor(from / width);
  const attempts = new Int32Array(mostPoints + 1);
  const failures = new Int32Array(mostPoints + 1);
  for (let row = 0; row < rows; row++) {
    const place = Math.floor(createdAt[row]! / width) - first;
    if (Number.isNaN(place)) continue;
    attempts[place]! += 1;
    failures[place]! += 1 - isSuccess[row]!;
  }
  const points = [...attempts.keys()]
    .filter((place) => attempts[place]! > 0)
    .map((place) => ({
      at: new Date(((first + place) * width) / 1000).toISOString(),
      attempts: attempts[place]!,
      failures: failures[place]!,
    }));
  return { step_minutes: minutes, points };
}
