import { DataError } from "../../datasets/errors.js";
import { type FeatureMatrix, featureMatrix, selectRows } from "../../models/classifier/feature-matrix.js";
import { clampMatrix, type DenseRange } from "../../models/robustness/dense-range.js";
import { routerLogits } from "../../models/router-logits.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { groupRows } from "../../models/split.js";
import { leastCommonItems } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";
import type { UnseenLogits } from "./unseen-logits.js";

/** Items with an outcome of a new model, and what a router that did not see them says of them. */
export interface NewModelRows {
  items: TrainingItem[];
  /** Their row numbers among all labelled items. */
  places: Int32Array;
  /** Sessions, and twins together. */
  groups: Int32Array;
  /** With dense features as the model reads them. */
  matrix: FeatureMatrix;
  /** (rows, columns) */
  logits: Float32Array;
  isStrange: boolean[];
  /** How many of the rows the router was not trained on. */
  newItems: number;
  /** Items with an outcome that can't be used: the router was fitted to them, or to their twins or sessions. */
  leftOut: number;
}

/** Collect the items that a new model answered. Items that the router was trained on come with their out-of-fold logits; items
 * that it doesn't know, in any form, with its own.
 * @param isStranger whether the router's policy calls a new item out of distribution
 * @throws {DataError} if too few have the strong model's outcome as well */
export function newModelRows({
  all,
  unseen,
  weights,
  range,
  model,
  strong,
  isStranger,
}: {
  all: readonly TrainingItem[];
  unseen: UnseenLogits;
  weights: RouterWeights;
  /** Null in artifacts of before format 1.1, whose model reads features as they are. */
  range: DenseRange | null;
  model: string;
  strong: string;
  isStranger: (item: TrainingItem) => boolean;
}): NewModelRows {
  const placeOf = new Map(unseen.itemIds.map((id, place) => [id, place]));
  const known = new Set([...unseen.itemIds, ...unseen.fittedIds]);
  const groups = groupRows(
    all.map(({ sessionId }) => sessionId),
    all.map(({ text }) => text),
  );
  const knownGroups = new Set(all.flatMap(({ id }, row) => (known.has(id) ? [groups[row]!] : [])));
  const answered = [...all.keys()].filter((row) => all[row]!.outcomes.has(model));
  const usable = answered.filter((row) => placeOf.has(all[row]!.id) || !knownGroups.has(groups[row]!));
  const items = usable.map((row) => all[row]!);
  refuseFewOutcomes(items, answered.length - usable.length, model, strong);
  const raw = featureMatrix(items.map(({ request }) => request));
  const matrix = range === null ? raw : clampMatrix(raw, range);
  return {
    items,
    places: Int32Array.from(usable),
    groups: Int32Array.from(usable, (row) => groups[row]!),
    matrix,
    logits: logitsOf(items, placeOf, unseen, matrix, weights),
    isStrange: items.map((item) => {
      const place = placeOf.get(item.id);
      return place === undefined ? isStranger(item) : unseen.isStrange[place]!;
    }),
    newItems: items.filter(({ id }) => !placeOf.has(id)).length,
    leftOut: answered.length - usable.length,
  };
}

function refuseFewOutcomes(
  items: readonly TrainingItem[],
  leftOut: number,
  model: string,
  strong: string,
): void {
  const both = items.filter(({ outcomes }) => outcomes.has(strong));
  const sessions = new Set(both.map(({ sessionId, id }) => sessionId ?? id)).size;
  if (both.length >= leastCommonItems && sessions >= leastSessions) return;
  const why = leftOut > 0 ? `; ${leftOut} more can't be used, the router was fitted to them` : "";
  throw new DataError(
    `${both.length} items in ${sessions} sessions have an outcome of ${model} and of ${strong}${why}: at least ` +
      `${leastCommonItems} in ${leastSessions} sessions are needed to add a model. Import more outcomes of ${model}.`,
  );
}

const leastSessions = 10;

function logitsOf(
  items: readonly TrainingItem[],
  placeOf: ReadonlyMap<string, number>,
  unseen: UnseenLogits,
  matrix: FeatureMatrix,
  weights: RouterWeights,
): Float32Array {
  const columns = weights.bias.length;
  const out = new Float32Array(items.length * columns);
  const fresh = [...items.keys()].filter((row) => !placeOf.has(items[row]!.id));
  const own = routerLogits(weights, selectRows(matrix, fresh));
  fresh.forEach((row, i) => {
    out.set(own.subarray(i * columns, (i + 1) * columns), row * columns);
  });
  items.forEach(({ id }, row) => {
    const place = placeOf.get(id);
    if (place !== undefined)
      out.set(unseen.logits.subarray(place * columns, (place + 1) * columns), row * columns);
  });
  return out;
}
