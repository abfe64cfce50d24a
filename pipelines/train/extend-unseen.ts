import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { newColumnLogits } from "../../models/new-column.js";
import { clampMatrix, type DenseRange } from "../../models/robustness/dense-range.js";
import type { FittedHead } from "./fit-new-head.js";
import type { NewModelRows } from "./new-model-rows.js";
import type { TrainingItem } from "./read-training-items.js";
import type { UnseenLogits } from "./unseen-logits.js";

/** What the router with its new logit says of items that no fit saw, so that another model can be added later: the new model's
 * own rows with their out-of-fold logit, then all others that the router had. Items that left the workspace are dropped. */
export function extendUnseen({
  unseen,
  all,
  rows,
  fitted,
  range,
}: {
  unseen: UnseenLogits;
  all: readonly TrainingItem[];
  rows: NewModelRows;
  fitted: Pick<FittedHead, "column" | "logits">;
  range: DenseRange | null;
}): UnseenLogits {
  const columns = fitted.column.factors.length;
  const fittedNow = new Set(rows.items.map(({ id }) => id));
  const itemOf = new Map(all.map((item) => [item.id, item]));
  const others = [...unseen.itemIds.keys()].filter((place) => {
    const id = unseen.itemIds[place]!;
    return itemOf.has(id) && !fittedNow.has(id);
  });
  const raw = featureMatrix(others.map((place) => itemOf.get(unseen.itemIds[place]!)!.request));
  const logitsOfOthers = Float32Array.from(
    { length: others.length * columns },
    (_, i) => unseen.logits[others[Math.floor(i / columns)]! * columns + (i % columns)]!,
  );
  const added = newColumnLogits(
    fitted.column,
    logitsOfOthers,
    range === null ? raw : clampMatrix(raw, range),
  );
  const logits = new Float32Array((rows.items.length + others.length) * (columns + 1));
  const place = (row: number, old: Float32Array, oldRow: number, value: number) => {
    logits.set(old.subarray(oldRow * columns, (oldRow + 1) * columns), row * (columns + 1));
    logits[row * (columns + 1) + columns] = value;
  };
  fitted.logits.forEach((value, row) => {
    place(row, rows.logits, row, value);
  });
  added.forEach((value, i) => {
    place(rows.items.length + i, logitsOfOthers, i, value);
  });
  return {
    itemIds: [...rows.items.map(({ id }) => id), ...others.map((other) => unseen.itemIds[other]!)],
    isStrange: [...rows.isStrange, ...others.map((other) => unseen.isStrange[other]!)],
    logits,
    fittedIds: unseen.fittedIds,
  };
}
