import type { CascadeTake } from "../../datasets/cascade-result.js";
import { emptyGatedSums, type GatedSums } from "../../models/cascade/gated-sums.js";
import { type CascadeRows, canTake, modelWithout } from "./cascade-rows.js";
import type { CascadeTimes } from "./cascade-times.js";
import { classOfAnswer, lengthClasses } from "./logged-times.js";

/** How the compared attempts are treated. */
export interface Treatment {
  /** null = no cascade: each attempt goes to one model. */
  cascade: {
    takes: CascadeTake;
    /** Confidence in the first model from which it is asked, in [0, 1]. */
    askFrom: number;
    gateUsd: number;
    /** Strong call at once, aborted when the gate accepts: the share of its cost that is billed then. null = strong call only on rejection. */
    abortedShare: ((row: number) => number) | null;
  } | null;
  /** Model of an attempt without a cascade, by row. */
  modelOf: (row: number) => number;
}

/** What a treatment adds up to, by group of sessions. */
export interface TreatmentSums {
  usd: GatedSums;
  kept: GatedSums;
  /** Attempts that the strong model answers to the end. */
  strong: GatedSums;
  /** Attempts that the first model is asked, and those of them that escalate. */
  asked: GatedSums;
  escalated: GatedSums;
  /** Milliseconds, and attempts that count in them: batch calls don't. */
  ms: GatedSums;
  timed: GatedSums;
  /** Attempts by [model * classes + class] that go to one model. */
  direct: Float64Array;
  /** By class: attempts that the first model is asked, and the sum of its sufficiency. */
  askedByClass: Float64Array;
  sufficientByClass: Float64Array;
}

/** Add up a treatment of the compared attempts in one pass, by group of sessions. */
export function sumCascade(rows: CascadeRows, times: CascadeTimes, treatment: Treatment): TreatmentSums {
  const { replay, first, strong, group } = rows;
  const { cascade, modelOf } = treatment;
  const sums = emptySums(rows);
  const { usd, kept, escalated, ms } = sums;
  const isRace = cascade?.abortedShare != null;
  const means = meanTimes(times);
  const accepted = times.composed.map((composed) => composed?.accepted ?? Number.NaN);
  const extra = times.composed.map((composed) =>
    composed === null ? Number.NaN : (isRace ? composed.race : composed.sequential) - composed.accepted,
  );
  for (let i = 0; i < rows.rows.length; i++) {
    const row = rows.rows[i]!;
    const g = group[row]!;
    const place = classOfAnswer(replay.outputTokens[row]!);
    const isTimed = replay.isBatch[row] !== 1;
    if (isTimed) sums.timed.fixed[g]! += 1;
    const sufficiency = replay.sufficiency[first * replay.rows + row]!;
    if (cascade === null || !canTake(rows, row, cascade.takes) || sufficiency < cascade.askFrom) {
      const model = cascade === null ? modelOf(row) : modelWithout(rows, row, cascade.takes);
      usd.fixed[g]! += replay.usd[model * replay.rows + row]!;
      kept.fixed[g]! += replay.sufficiency[model * replay.rows + row]!;
      if (model === strong) sums.strong.fixed[g]! += 1;
      if (!isTimed) continue;
      ms.fixed[g]! += means[model * lengthClasses + place]!;
      sums.direct[model * lengthClasses + place]! += 1;
      continue;
    }
    const wrong = 1 - sufficiency;
    const strongUsd = replay.usd[strong * replay.rows + row]!;
    const aborted = isRace ? cascade.abortedShare!(row) : 0;
    usd.fixed[g]! += replay.usd[first * replay.rows + row]! + cascade.gateUsd + strongUsd * aborted;
    usd.falseAlarms[g]! += sufficiency * strongUsd * (1 - aborted);
    usd.caught[g]! += wrong * strongUsd * (1 - aborted);
    kept.fixed[g]! += sufficiency;
    kept.caught[g]! += wrong;
    sums.asked.fixed[g]! += 1;
    escalated.falseAlarms[g]! += sufficiency;
    escalated.caught[g]! += wrong;
    ms.fixed[g]! += accepted[place]!;
    ms.falseAlarms[g]! += sufficiency * extra[place]!;
    ms.caught[g]! += wrong * extra[place]!;
    sums.askedByClass[place]! += 1;
    sums.sufficientByClass[place]! += sufficiency;
  }
  return sums;
}

function emptySums({ replay, groups }: CascadeRows): TreatmentSums {
  const empty = () => emptyGatedSums(groups);
  const escalated = empty();
  return {
    usd: empty(),
    kept: empty(),
    // what escalates ends at the strong model
    strong: { ...escalated, fixed: new Float64Array(groups) },
    asked: empty(),
    escalated,
    ms: empty(),
    timed: empty(),
    direct: new Float64Array(replay.models.length * lengthClasses),
    askedByClass: new Float64Array(lengthClasses),
    sufficientByClass: new Float64Array(lengthClasses),
  };
}

/** Mean milliseconds by [model * classes + class], NaN = unknown. */
function meanTimes({ models }: CascadeTimes): Float64Array {
  return Float64Array.from(models.flatMap((byClass) => byClass.map((points) => points?.mean ?? Number.NaN)));
}
