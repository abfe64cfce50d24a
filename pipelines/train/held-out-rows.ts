import { DataError } from "../../datasets/errors.js";
import type { FittedRouter } from "../../models/fit-router.js";
import type { RouterTargets } from "../../models/router-targets.js";
import type { CertificationRows } from "../../models/thresholds/certify-retention.js";
import type { CorrectedOutcomes } from "../trust/corrected-outcomes.js";
import type { ModelChoice } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";

/** Rows that neither model nor calibration saw and that every model answered: what thresholds and figures rest on. */
export interface HeldOut extends CertificationRows {
  /** Row number of each among the training items. */
  rows: Int32Array;
  /** Sufficiency as the router sees it: -1 where the stakes flag or the out-of-distribution score sends the row to the strong
   * model. */
  sufficiency: Float64Array[];
  /** The heads' own probabilities, flag or not. */
  probabilities: Float64Array[];
  /** The same by a calibration that did not see the row: for figures of calibration only. */
  crossCalibrated: Float64Array[];
  /** What each candidate's probability stands for, in [0, 1]. */
  targets: Float64Array[];
  quality: Float64Array[];
  strongQuality: Float64Array;
  /** Cost in USD of each candidate, then of the strong model; an unknown cost is the model's mean. */
  costs: Float64Array[];
  clusters: Int32Array;
  weights: Float64Array;
  /** What the quality rests on, for the method of estimates: empty when it is as labelled. */
  correction: string;
}

/** Collect the held-out rows of a fitted router.
 * @throws {DataError} if there are none */
export function heldOutRows({
  items,
  groups,
  choice,
  targets,
  fitted,
  stakes,
  flags,
  corrected = null,
}: {
  items: readonly TrainingItem[];
  groups: Int32Array;
  choice: ModelChoice;
  targets: RouterTargets;
  fitted: FittedRouter;
  stakes: number | null;
  /** Per item: whether it is out of distribution. */
  flags: ReadonlyArray<boolean | null>;
  /** Quality rid of a judge's errors; null = as labelled. */
  corrected?: CorrectedOutcomes | null;
}): HeldOut {
  const { strong, candidates } = choice;
  const models = [...candidates, strong];
  // Places in fitted.heldOut, not row numbers.
  const places = [...fitted.heldOut.keys()].filter((place) => {
    const { outcomes } = items[fitted.heldOut[place]!]!;
    return models.every(({ model }) => outcomes.has(model));
  });
  if (places.length === 0)
    throw new DataError("no held-out item was answered by every candidate: label more requests");
  const rows = places.map((place) => fitted.heldOut[place]!);
  const stakesHead = targets.heads.findIndex(({ head }) => head.kind === "stakes");
  const isStakes = (place: number) =>
    stakes !== null && stakesHead >= 0 && fitted.probabilities[stakesHead]![place]! >= stakes;
  const perModel = (model: string, of: (outcome: { quality: number; costUsd: number | null }) => number) =>
    Float64Array.from(rows, (row) => of(items[row]!.outcomes.get(model)!));
  const qualityOf = (model: string) => {
    const column = corrected?.quality.get(model);
    return column
      ? Float64Array.from(rows, (row) => column[row]!)
      : perModel(model, ({ quality }) => quality);
  };
  // Candidates are the first heads, in order.
  const probabilities = candidates.map((_, c) =>
    Float64Array.from(places, (place) => fitted.probabilities[c]![place]!),
  );
  const isVetoed = rows.map((row, i) => isStakes(places[i]!) || flags[row] === true);
  return {
    rows: Int32Array.from(rows),
    sufficiency: probabilities.map((all) => all.map((p, i) => (isVetoed[i]! ? -1 : p))),
    probabilities,
    crossCalibrated: candidates.map((_, c) =>
      Float64Array.from(places, (place) => fitted.crossCalibrated[c]![place]!),
    ),
    targets: candidates.map((_, c) => Float64Array.from(rows, (row) => targets.heads[c]!.calibrate[row]!)),
    quality: candidates.map(({ model }) => qualityOf(model)),
    lossUnit: corrected?.lossUnit,
    correction: corrected ? `; quality corrected by ${corrected.ratings} human ratings` : "",
    strongQuality: qualityOf(strong.model),
    costs: models.map(({ model, meanCostUsd }) => perModel(model, ({ costUsd }) => costUsd ?? meanCostUsd)),
    clusters: Int32Array.from(rows, (row) => groups[row]!),
    weights: Float64Array.from(rows, (row) => items[row]!.weight),
  };
}
