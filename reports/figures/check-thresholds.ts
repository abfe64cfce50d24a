import { InputError } from "../../datasets/errors.js";
import type { ReportFigure } from "./report-figures.js";

/** What a report must not be: `saving<0.1` fails when the saving is under 0.1. */
export interface Threshold {
  /** As it was given. */
  text: string;
  key: string;
  operator: "<" | "<=" | ">" | ">=";
  limit: number;
}

/** Read thresholds such as `saving_low<0.1`, `unpriced_share>2%`: a figure's key, or with `_low` or `_high` its interval's bound.
 * @param keys keys of the figures that there are
 * @throws {InputError} for another form or an unknown key */
export function readThresholds(given: readonly string[], figures: readonly ReportFigure[]): Threshold[] {
  return given.map((text) => {
    const [, key = "", operator, number, percent] =
      /^\s*([a-z_]+)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
    if (operator === undefined) {
      throw new InputError(
        `--fail-on ${text}: not a threshold; write KEY<NUMBER or KEY>NUMBER, such as saving<0.1`,
      );
    }
    if (figureOf(figures, key) === null) {
      const known = figures.map((figure) => figure.key).join(", ");
      throw new InputError(
        `--fail-on ${text}: no figure ${key}; there are ${known}, and KEY_low and KEY_high`,
      );
    }
    const limit = Number(number) / (percent === "%" ? 100 : 1);
    return { text, key, operator: operator as Threshold["operator"], limit };
  });
}

/** Thresholds that a report breaks, one line each. A figure that isn't known breaks every threshold on it: a check that can't be
 * made has not passed. */
export function checkThresholds(
  thresholds: readonly Threshold[],
  figures: readonly ReportFigure[],
): string[] {
  return thresholds.flatMap(({ text, key, operator, limit }) => {
    const { figure, bound } = figureOf(figures, key)!;
    const value = figure[bound];
    if (value === null) {
      return figure.value === null
        ? [`${text}: ${key} is not known; run ${figure.command}`]
        : [`${text}: ${figure.key} has no interval; name ${figure.key} itself`];
    }
    return holds(value, operator, limit) ? [`${text}: ${key} is ${value}`] : [];
  });
}

function figureOf(
  figures: readonly ReportFigure[],
  key: string,
): { figure: ReportFigure; bound: "value" | "low" | "high" } | null {
  const [, stem = key, end] = /^(.*)_(low|high)$/.exec(key) ?? [];
  const figure = figures.find((each) => each.key === stem);
  return figure === undefined ? null : { figure, bound: (end as "low" | "high" | undefined) ?? "value" };
}

function holds(value: number, operator: Threshold["operator"], limit: number): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
  }
}
