import { InputError } from "./errors.js";

/** Bounds of a number that the user gives; every bound that is absent is open. */
interface NumberRange {
  above?: number;
  from?: number;
  below?: number;
  to?: number;
  isWhole?: boolean;
}

/** Refuse a number that makes no sense as an option, before any work is done.
 * @param name of the option, as the user knows it
 * @throws {InputError} naming the range; also for NaN, which is what a word given for a number becomes */
export function checkNumber(name: string, value: number, range: NumberRange): void {
  const { above = Number.NEGATIVE_INFINITY, from = Number.NEGATIVE_INFINITY } = range;
  const { below = Number.POSITIVE_INFINITY, to = Number.POSITIVE_INFINITY, isWhole = false } = range;
  const isInside = value > above && value >= from && value < below && value <= to;
  if (Number.isFinite(value) && isInside && (!isWhole || Number.isSafeInteger(value))) return;
  const given = Number.isNaN(value) ? "not a number" : String(value);
  throw new InputError(`${name} is ${given}; give a ${isWhole ? "whole " : ""}number${inWords(range)}`);
}

function inWords({ above, from, below, to }: NumberRange): string {
  const bounds = [
    above === undefined ? "" : `above ${above}`,
    from === undefined ? "" : `from ${from}`,
    below === undefined ? "" : `below ${below}`,
    to === undefined ? "" : `at most ${to}`,
  ].filter((bound) => bound !== "");
  return bounds.length === 0 ? "" : ` ${bounds.join(" and ")}`;
}
