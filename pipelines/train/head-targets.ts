import type { Head } from "@signalbox/runtime";
import { DataError } from "../../datasets/errors.js";
import type { RouterTargets } from "../../models/fit-router.js";
import type { ModelChoice } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";

/** Levels of the length head: a low, a middle and a high guess of the answer's length. */
const lengthLevels = [0.1, 0.5, 0.9];

/** A head needs this many rows of each class, and a length head this many lengths. */
const leastOfClass = 20;

/** Targets of every head that the items can support.
 *
 * A sufficiency head is *fitted* to the expected gain, (1 + q_m - q_s) / 2, and *calibrated* to sufficiency,
 * 1 - clamp(q_s - q_m, 0, 1). Ranking by the gain also credits rows where only the cheaper model is right, which
 * sufficiency alone can't see (docs/lab-notes.md has the figures); calibration gives the number its plain meaning. */
export function headTargets(
  items: readonly TrainingItem[],
  { strong, candidates }: ModelChoice,
): RouterTargets {
  const targets: RouterTargets = { heads: [], lengthQuantiles: [], columns: [] };
  const meanWeight = items.reduce((sum, { weight }) => sum + weight, 0) / items.length;
  const weightOf = (item: TrainingItem) => item.weight / meanWeight;
  const add = (head: Head, target: (item: TrainingItem) => { fit: number; calibrate: number } | null) => {
    const values = items.map(target);
    targets.heads.push(head);
    targets.columns.push({
      loss: { kind: "logistic" },
      fit: Float64Array.from(values, (value) => value?.fit ?? 0),
      calibrate: Float64Array.from(values, (value) => value?.calibrate ?? 0),
      weights: Float64Array.from(values, (value, i) => (value === null ? 0 : weightOf(items[i]!))),
    });
  };
  for (const { model } of candidates) {
    add({ kind: "sufficiency", model }, ({ outcomes }) => {
      const better = outcomes.get(strong.model);
      const cheaper = outcomes.get(model);
      if (!better || !cheaper) return null;
      const gap = better.quality - cheaper.quality;
      return { fit: (1 - gap) / 2, calibrate: 1 - Math.min(1, Math.max(0, gap)) };
    });
  }
  for (const level of [1, 2] as const) {
    if (hasBothClasses(items, ({ tier }) => (tier === null ? null : tier >= level))) {
      add({ kind: "difficulty", level }, ({ tier }) => (tier === null ? null : both(tier >= level)));
    }
  }
  if (hasBothClasses(items, ({ isStakes }) => isStakes)) {
    add({ kind: "stakes" }, ({ isStakes }) => (isStakes === null ? null : both(isStakes)));
  }
  addLengths(targets, items, strong.model, weightOf);
  return targets;
}

/** Refuse data in which no candidate's sufficiency varies: there is nothing to learn.
 * @throws {DataError} saying which class is the only one */
export function refuseOneClass({ heads, columns }: RouterTargets, { candidates, strong }: ModelChoice): void {
  const classes = heads.flatMap((head, c) => {
    if (head.kind !== "sufficiency") return [];
    const { calibrate, weights } = columns[c]!;
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
    targets.lengthQuantiles.push(level);
    targets.columns.push({ loss: { kind: "quantile", level }, fit: values, calibrate: values, weights });
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

function both(value: boolean): { fit: number; calibrate: number } {
  return { fit: Number(value), calibrate: Number(value) };
}
