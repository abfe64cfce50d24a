import { asText } from "../../json-access.js";
import { readTimestamp } from "../../read-time.js";
import { timeZone } from "../../time-zone.js";
import { readTime } from "../read-value.js";

/** What the values of a column were taken for. */
export interface Verdict {
  /** How well the values fit the field, 0 to 1. */
  fit: number;
  unit?: string;
  why: string;
  /** Units that fit as well: one has to be chosen. */
  choices?: string[];
}

const context = { zone: timeZone("UTC")!, decimal: "." } as const;
const from = Date.UTC(2015, 0, 1) * 1000;
const until = Date.UTC(2040, 0, 1) * 1000;

/** How a column can be read as moments; null when it can't. */
export function judgeTime(values: readonly unknown[]): Verdict | null {
  const share = (unit: string) =>
    values.filter((value) => {
      const micros = readTime(value, unit, null, context);
      return micros !== null && micros >= from && micros < until;
    }).length / values.length;
  if (share("iso") >= 0.8)
    return {
      fit: values.some(hasClock) ? 1 : 0.6,
      unit: "iso",
      why: `dates as text, such as ${JSON.stringify(values[0])}`,
    };
  const numeric = ["s", "ms", "us", "ns", "ticks"].find((unit) => share(unit) >= 0.8);
  if (numeric !== undefined)
    return {
      fit: 1,
      unit: numeric,
      why: `${numeric} since ${numeric === "ticks" ? "the year 1" : "1970"} by size: ${isoOf(values[0], numeric)}`,
    };
  const [dmy, mdy] = [share("dmy"), share("mdy")];
  if (Math.max(dmy, mdy) < 0.8) return null;
  if (dmy === mdy && values.every((value) => /^\s*\d{1,2}\.\d{1,2}\.\d/.test(asText(value))))
    return { fit: 1, unit: "dmy", why: "day first, as wherever dates are written with dots" };
  if (dmy === mdy) {
    const why = "no day is above 12: day first or month first can't be told";
    return { fit: 0.9, unit: "dmy", why, choices: ["dmy", "mdy"] };
  }
  return dmy > mdy
    ? { fit: 1, unit: "dmy", why: "day first: a number above 12 comes first" }
    : { fit: 1, unit: "mdy", why: "month first: a number above 12 comes second" };
}

/** Whether a text says the hour too, not the day alone. */
export function hasClock(value: unknown): boolean {
  return /\d:\d\d/.test(asText(value));
}

/** Whether a column counts from a moment of its own: numbers that never fall, from near 0 on. */
export function isRelativeTime(values: readonly unknown[]): boolean {
  const numbers = values.map((value) =>
    typeof value === "string" && value.trim() !== "" ? Number(value) : value,
  );
  return (
    numbers.length >= 3 &&
    numbers.every((number) => typeof number === "number" && number >= 0 && readTimestampOf(number) < from) &&
    numbers.every((number, i) => i === 0 || (number as number) >= (numbers[i - 1] as number)) &&
    (numbers.at(-1) as number) > 4 * (numbers[0] as number)
  );
}

function readTimestampOf(number: number): number {
  return readTimestamp(number) ?? 0;
}

function isoOf(value: unknown, unit: string): string {
  const micros = readTime(value, unit, null, context);
  return micros === null ? "" : new Date(micros / 1000).toISOString();
}
