import { timeZone } from "../../time-zone.js";
import { readDuration, readNumber } from "../read-value.js";
import { isRelativeTime, type Verdict } from "./judge-time.js";

const context = { zone: timeZone("UTC")!, decimal: "." } as const;

/** What else of the sampled records tells a duration's unit, value by value. */
export interface DurationEvidence {
  /** Milliseconds from start to end, where both are there. */
  spanMs: ReadonlyArray<number | null>;
  outputTokens: ReadonlyArray<number | null>;
}

/** How a column can be read as durations: by the unit in its name, by start and end, by the speed of the answer, by size.
 * @param values one per sampled record, undefined where there is none
 * @param named unit in the column's name */
export function judgeDuration(
  values: readonly unknown[],
  named: string | null,
  { spanMs, outputTokens }: DurationEvidence,
): Verdict | null {
  const present = values.filter((value) => value !== undefined);
  if (present.filter((value) => readDuration(value, "text", context) !== null).length >= 0.8 * present.length)
    return { fit: 1, unit: "text", why: `durations as text, such as ${JSON.stringify(present[0])}` };
  if (isRelativeTime(present)) return null;
  const numbers = values.map((value) => (value === undefined ? null : readNumber(value, context)));
  const known = numbers.filter((number): number is number => number !== null && number >= 0);
  if (known.length < 0.8 * present.length || known.length === 0) return null;
  if (named !== null && ["ms", "s", "us", "ns"].includes(named))
    return { fit: 1, unit: named, why: `its name says ${named}` };
  const pairs = numbers.flatMap((number, i) =>
    number !== null && spanMs[i] != null && spanMs[i]! > 0 ? [number / spanMs[i]!] : [],
  );
  const measured = units.find(([, ms]) => pairs.length > 0 && Math.abs(Math.log(median(pairs) * ms)) < 0.4);
  if (measured) return { fit: 1, unit: measured[0], why: `${measured[0]}: it equals end minus start` };
  const speeds = numbers.flatMap((number, i) =>
    number !== null && number > 0 && (outputTokens[i] ?? 0) > 0 ? [outputTokens[i]! / number] : [],
  );
  if (speeds.length > 0) {
    const perSecond = median(speeds);
    const plausible = units.filter(
      ([, ms]) => perSecond * (1000 / ms) >= 2 && perSecond * (1000 / ms) <= 2000,
    );
    if (plausible.length === 1) {
      const [[unit, ms]] = plausible as [readonly [string, number]];
      return {
        fit: 0.95,
        unit,
        why: `${unit}: ${(perSecond * (1000 / ms)).toPrecision(2)} output tokens a second`,
      };
    }
    if (plausible.length > 1)
      return bySize(
        known,
        plausible.map(([unit]) => unit),
      );
  }
  return bySize(
    known,
    units.map(([unit]) => unit),
  );
}

/** Milliseconds in each unit. */
const units = [
  ["ms", 1],
  ["s", 1000],
  ["us", 1e-3],
  ["ns", 1e-6],
] as const;

/** A call takes from some 50 ms to ten minutes; in milliseconds, the commonest unit, embeddings and cache hits may take less. */
function bySize(values: readonly number[], allowed: readonly string[]): Verdict {
  const middle = median(values);
  const shown = Number(middle.toPrecision(3));
  const plausible = units
    .filter(([unit, ms]) => allowed.includes(unit) && middle * ms >= (unit === "ms" ? 5 : 50))
    .filter(([, ms]) => middle * ms <= 600_000)
    .map(([unit]) => unit);
  if (plausible.length === 1)
    return { fit: 0.9, unit: plausible[0], why: `${plausible[0]} by size: the median is ${shown}` };
  const choices = plausible.length > 0 ? plausible : [...allowed];
  return {
    fit: 0.7,
    unit: choices[0],
    why: `the median is ${shown}: more than one unit is possible`,
    choices,
  };
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
