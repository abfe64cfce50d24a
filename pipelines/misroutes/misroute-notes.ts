import type { PoweredStratum } from "../../models/statistics/powered-rows.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { LabelledAttempts } from "./labelled-attempts.js";
import type { MeasuredAmounts } from "./measured-amounts.js";

/** What a reader of a misroute audit must know beside its figures. */
export function misrouteNotes(facts: {
  replay: ReplayData;
  strata: readonly PoweredStratum[];
  /** Replayed attempts that were left out. */
  left: number;
  labelled: LabelledAttempts;
  measured: MeasuredAmounts;
}): string[] {
  const { replay, strata, left, labelled, measured } = facts;
  const modelledOnly = replay.models.filter(
    (_, place) => strata[place]!.lambda === null && strata[place]!.rows > 0,
  );
  return [
    "The cheapest sufficient model is the first, in the policy's ascending order of cost, whose answer would have been good enough. Sufficient means not worse than the strong model's answer; so the strong model always is, unless absolute grades say otherwise.",
    "Costs on other models are logged tokens at list price and what the gateway adds; logged cache reads are priced in full there, and another length of answer is not modelled. Where a cheaper model would have cost more, the difference counts against overkill.",
    ...(labelled.rows.length === 0 ? [labelled.note] : []),
    ...(measured.rows.length > 0 && modelledOnly.length > 0
      ? [`No labels of answers by ${modelledOnly.join(", ")}: their part of every figure is modelled.`]
      : []),
    ...(left > 0
      ? [
          `${left} replayed attempts are left out: the model that answered or was chosen has no sufficiency, or a model has no price.`,
        ]
      : []),
    "Intervals hold for other sessions like these. They contain the error of labels and ratings, not a wrong calibration where nothing is labelled.",
  ];
}
