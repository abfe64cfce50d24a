import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import { readManifest, readResult, type Workspace } from "../../datasets/workspace.js";
import { correctQuality } from "../../models/statistics/correct-quality.js";
import type { TrainingItem } from "../train/read-training-items.js";

/** Judged quality rid of the judge's errors, ready for estimates over many items. */
export interface CorrectedOutcomes {
  /** Corrected quality of a model's answer to each item, by model; NaN where the model has no outcome. Models without a rating, and
   * outcomes that no judge made, keep what they had. Single values leave [0, 1]; only means of many say anything. */
  quality: ReadonlyMap<string, Float64Array>;
  /** Items that one rating stands for, at most: how much quality a single undetected error of the judge may hide. */
  lossUnit: number;
  ratings: number;
}

/** What the correction needs of an item. */
type LabelledItem = Pick<TrainingItem, "id" | "outcomes">;

/** Correct judged quality by the human ratings of results/judge_calibration.json, or say why it stays raw.
 * @param models those whose quality is to be corrected where a judge compared it; the reference's is 1 by definition */
export function correctedOutcomes(
  workspace: Workspace,
  items: readonly LabelledItem[],
  models: readonly string[],
): { corrected: CorrectedOutcomes | null; note: string | null } {
  const judged = models.filter((model) => items.some(({ outcomes }) => outcomes.get(model)?.isJudged));
  if (judged.length === 0) return { corrected: null, note: null };
  const calibration = readResult<JudgeCalibration>(workspace, "judge_calibration");
  if (calibration === null) return { corrected: null, note: `${rawNote}: ${howToCorrect}` };
  if (calibration.labelled_at !== (readManifest(workspace, "label")?.completed_at ?? null)) {
    return { corrected: null, note: `${rawNote}: the calibration is of other labels; ${howToCorrect}` };
  }
  const ratings = calibration.ratings.filter(({ candidate }) => judged.includes(candidate));
  const byPair = new Map(ratings.map((rating) => [`${rating.candidate}\0${rating.request_id}`, rating]));
  const quality = new Map(
    judged.map((model) => [model, correctModel(items, model, (id) => byPair.get(`${model}\0${id}`))]),
  );
  const unrated = judged.filter((model) => ratings.every(({ candidate }) => candidate !== model));
  const kappa = calibration.overall.kappa?.value.toFixed(2) ?? "not defined";
  return {
    corrected: {
      quality,
      lossUnit: Math.max(1, ...ratings.map(({ inclusion_probability: inclusion }) => 1 / inclusion)),
      ratings: ratings.length,
    },
    note: `quality is corrected for the judge's errors by ${ratings.length} human ratings (kappa ${kappa}); bounds carry their uncertainty${unrated.length > 0 ? `, except of ${unrated.join(", ")}, which has none` : ""}. Mean qualities and figures of calibration are the judge's own`,
  };
}

const rawNote = "quality is the judge's own, not corrected for its errors";
const howToCorrect = "have some pairs rated with signalbox label sheet, then signalbox label calibrate";

function correctModel(
  items: readonly LabelledItem[],
  model: string,
  ratingOf: (itemId: string) => JudgeCalibration["ratings"][number] | undefined,
): Float64Array {
  const quality = Float64Array.from(items, ({ outcomes }) => outcomes.get(model)?.quality ?? Number.NaN);
  const judged = [...items.keys()].filter((row) => items[row]!.outcomes.get(model)?.isJudged);
  const corrected = correctQuality(
    judged.map((row) => {
      const rating = ratingOf(items[row]!.id);
      return {
        judge: quality[row]!,
        human: rating?.quality ?? null,
        inclusion: rating?.inclusion_probability ?? 1,
      };
    }),
  );
  judged.forEach((row, i) => {
    quality[row] = corrected[i]!;
  });
  return quality;
}
