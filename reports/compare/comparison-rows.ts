import type { ReportDocuments } from "../documents.js";
import { type ReportFigure, reportFigures } from "../figures/report-figures.js";
import { type Bounded, difference } from "./difference.js";

/** One figure before and after; the JSON of a comparison holds these. */
export interface ComparisonRow extends Pick<ReportFigure, "key" | "label" | "unit"> {
  before: FigureValue;
  after: FigureValue;
  /** After minus before; null where one of them isn't known. */
  change: FigureValue | null;
}

/** A value with its 95 % interval where it has one. */
export type FigureValue = Pick<ReportFigure, "value" | "low" | "high">;

/** The figures of two reports side by side, and the spend of each model that either of them has. */
export function comparisonRows(before: ReportDocuments, after: ReportDocuments): ComparisonRow[] {
  const others = new Map(reportFigures(after).map((figure) => [figure.key, figure]));
  return [
    ...reportFigures(before).map(({ key, label, unit, ...figure }) => {
      const other = others.get(key)!;
      return rowOf({ key, label, unit }, figure, other);
    }),
    ...modelRows(before, after),
  ];
}

/** Keys of the rows that are a model's spend begin so. */
export const modelKey = "billed_usd:";

function modelRows(before: ReportDocuments, after: ReportDocuments): ComparisonRow[] {
  const spends = [before, after].map(
    ({ audit }) =>
      new Map((audit?.by_model ?? []).map((row) => [row.key, row.priced_requests > 0 ? row.usd : null])),
  );
  const models = [...new Set(spends.flatMap((spend) => [...spend.keys()]))];
  const spent = (model: string, i: number) => sum(spends[i]!.has(model) ? spends[i]!.get(model)! : 0);
  return models
    .map((model) =>
      rowOf({ key: `${modelKey}${model}`, label: model, unit: "usd" }, spent(model, 0), spent(model, 1)),
    )
    .sort(
      (a, b) =>
        Math.abs(b.change?.value ?? 0) - Math.abs(a.change?.value ?? 0) || (a.label < b.label ? -1 : 1),
    );
}

function sum(value: number | null): FigureValue {
  return { value, low: null, high: null };
}

function rowOf(
  name: Pick<ComparisonRow, "key" | "label" | "unit">,
  before: FigureValue,
  after: FigureValue,
): ComparisonRow {
  const pick = ({ value, low, high }: FigureValue) => ({ value, low, high });
  return { ...name, before: pick(before), after: pick(after), change: changeOf(before, after) };
}

function changeOf(before: FigureValue, after: FigureValue): FigureValue | null {
  if (before.value === null || after.value === null) return null;
  if (isBounded(before) && isBounded(after)) return difference(before, after);
  return sum(after.value - before.value);
}

function isBounded(figure: FigureValue): figure is Bounded {
  return figure.value !== null && figure.low !== null && figure.high !== null;
}
