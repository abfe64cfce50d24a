import type { Head } from "@signalbox/runtime";
import { DataError } from "../../datasets/errors.js";
import type { RouterTargets, ScoreTerm } from "../../models/router-targets.js";
import type { ModelChoice } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";

/** Levels of the length head: a low, a middle and a high guess of the answer's length. */
const lengthLevels = [0.1, 0.5, 0.9];

/** A head needs this many rows of each class, and a length head this many lengths. */
const leastOfClass = 20;

/** Targets of every head that the items can support.
 *
 * A model's sufficiency is scored by its expected gain over the strong model: the difference of the two models' own expected
 * quality, q_m - q_s, each fitted on the logistic scale that near-certain answers need. It also credits rows where only the
 * cheaper model is right, which a fit to sufficiency itself can't see (docs/lab-notes.md has the figures). The score is
 * then *calibrated* to sufficiency, 1 - clamp(q_s - q_m, 0, 1), which gives the number its plain meaning. Where the strong
 * model's quality never varies, as in judged pairs, the cheaper model's quality says it all. */
export function headTargets(
  items: readonly TrainingItem[],
  { strong, candidates }: ModelChoice,
): RouterTargets {
  const targets: RouterTargets = { columns: [], heads: [], lengths: [] };
  const meanWeight = items.reduce((sum, { weight }) => sum + weight, 0) / items.length;
  const weightOf = (item: TrainingItem) => item.weight / meanWeight;
  const known = (read: (item: TrainingItem) => number | null) => {
    const values = items.map(read);
    return {
      values: Float64Array.from(values, (value) => value ?? 0),
      weights: Float64Array.from(values, (value, i) => (value === null ? 0 : weightOf(items[i]!))),
    };
  };
  const addColumn = (read: (item: TrainingItem) => number | null): number =>
    targets.columns.push({ loss: { kind: "logistic" }, ...known(read) }) - 1;
  const addHead = (head: Head, terms: ScoreTerm[], read: (item: TrainingItem) => number | null) => {
    const { values, weights } = known(read);
    targets.heads.push({ head, terms, calibrate: values, weights });
  };
  const qualityOf = (model: string) => (item: TrainingItem) => item.outcomes.get(model)?.quality ?? null;
  const gainOf =
    (model: string) =>
    ({ outcomes }: TrainingItem): number | null => {
      const [ours, theirs] = [outcomes.get(model), outcomes.get(strong.model)];
      return ours && theirs ? ours.quality - theirs.quality : null;
    };
  const strongColumn = varies(items, qualityOf(strong.model)) ? addColumn(qualityOf(strong.model)) : null;
  for (const { model } of candidates) {
    const quality = addColumn(qualityOf(model));
    const gain = gainOf(model);
    addHead({ kind: "sufficiency", model }, sufficiencyTerms(quality, strongColumn), (item) =>
      map(gain(item), (value) => 1 - Math.min(1, Math.max(0, -value))),
    );
  }
  const addClass = (head: Head, isPositive: (item: TrainingItem) => boolean | null) => {
    if (!hasBothClasses(items, isPositive)) return;
    const read = (item: TrainingItem) => map(isPositive(item), Number);
    addHead(head, [logitOf(addColumn(read))], read);
  };
  for (const level of [1, 2] as const) {
    addClass({ kind: "difficulty", level }, ({ tier }) => map(tier, (value) => value >= level));
  }
  addClass({ kind: "stakes" }, ({ isStakes }) => isStakes);
  addLengths(targets, items, strong.model, weightOf);
  return targets;
}

/** What a model's sufficiency is scored by: its expected gain over the strong model, or its quality alone.
 * @param quality column of the model's quality
 * @param strong column of the strong model's; null where that never varies */
export function sufficiencyTerms(quality: number, strong: number | null): ScoreTerm[] {
  return strong === null ? [logitOf(quality)] : gainTerms(quality, strong);
}

/** The expected gain, on about the natural-log scale: a sigmoid's slope is at most 1/4. */
function gainTerms(quality: number, strong: number): ScoreTerm[] {
  return [
    { column: quality, of: "probability", factor: 4 },
    { column: strong, of: "probability", factor: -4 },
  ];
}

function logitOf(column: number): ScoreTerm {
  return { column, of: "logit", factor: 1 };
}

function map<A, B>(value: A | null, to: (value: A) => B): B | null {
  return value === null ? null : to(value);
}

function varies(items: readonly TrainingItem[], read: (item: TrainingItem) => number | null): boolean {
  return new Set(items.flatMap((item) => read(item) ?? [])).size > 1;
}

/** Refuse data in which no candidate's sufficiency varies: there is nothing to learn.
 * @throws {DataError} saying which class is the only one */
export function refuseOneClass({ heads }: RouterTargets, { candidates, strong }: ModelChoice): void {
  const classes = heads.flatMap(({ head, calibrate, weights }) => {
    if (head.kind !== "sufficiency") return [];
    const known = calibrate.filter((_, row) => weights[row]! > 0);
    return [{ hasGood: known.some((value) => value > 0.5), hasBad: known.some((value) => value < 1) }];
  });
  if (classes.some(({ hasGood, hasBad }) => hasGood && hasBad)) return;
  const names = candidates.map(({ model }) => model).join(", ");
  throw new DataError(
    classes.some(({ hasGood }) => hasGood)
      ? `every labelled answer of ${names} is as good as ${strong.model}'s: there is nothing to learn; label more requests, or use the cheapest model`
      : `no labelled answer of ${names} is as good as ${strong.model}'s: there is nothing to route to it`,
  );
}

function addLengths(
  targets: RouterTargets,
  items: readonly TrainingItem[],
  strong: string,
  weightOf: (item: TrainingItem) => number,
): void {
  const lengths = items.map(({ outcomes }) => outcomes.get(strong)?.outputTokens ?? null);
  if (lengths.filter((length) => length !== null).length < 2 * leastOfClass) return;
  const values = Float64Array.from(lengths, (length) => Math.log1p(length ?? 0));
  const weights = Float64Array.from(lengths, (length, i) => (length === null ? 0 : weightOf(items[i]!)));
  for (const level of lengthLevels) {
    const column = targets.columns.push({ loss: { kind: "quantile", level }, values, weights }) - 1;
    targets.lengths.push({ level, column });
  }
}

function hasBothClasses(
  items: readonly TrainingItem[],
  classOf: (item: TrainingItem) => boolean | null,
): boolean {
  const positive = items.filter((item) => classOf(item) === true).length;
  const negative = items.filter((item) => classOf(item) === false).length;
  return Math.min(positive, negative) >= leastOfClass;
}
