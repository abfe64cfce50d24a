import type { CascadeTake } from "../../datasets/cascade-result.js";
import { emptyGatedSums, type GatedSums } from "../../models/cascade/gated-sums.js";
import { type CascadeRows, canTake, modelWithout } from "./cascade-rows.js";
import type { CascadeTimes } from "./cascade-times.js";
import { lengthClass, lengthClasses } from "./logged-times.js";

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

/** What a treatment adds up to, by session. */
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

/** Add up a treatment of the compared attempts in one pass. */
export function sumCascade(rows: CascadeRows, times: CascadeTimes, treatment: Treatment): TreatmentSums {
  const { replay, first, strong } = rows;
  const { cascade, modelOf } = treatment;
  const empty = () => emptyGatedSums(replay.sessions);
  const sums: TreatmentSums = {
    usd: empty(),
    kept: empty(),
    strong: empty(),
    asked: empty(),
    escalated: empty(),
    ms: empty(),
    timed: empty(),
    direct: new Float64Array(replay.models.length * lengthClasses),
    askedByClass: new Float64Array(lengthClasses),
    sufficientByClass: new Float64Array(lengthClasses),
  };
  const isRace = cascade?.abortedShare != null;
  const extra = times.composed.map((composed) =>
    composed === null ? Number.NaN : (isRace ? composed.race : composed.sequential) - composed.accepted,
  );
  for (const row of rows.rows) {
    const g = replay.session[row]!;
    const place = lengthClass(replay.outputTokens[row]!);
    const isTimed = replay.isBatch[row] !== 1;
    if (isTimed) sums.timed.fixed[g]! += 1;
    const sufficiency = replay.sufficiency[first * replay.rows + row]!;
    if (cascade === null || !canTake(rows, row, cascade.takes) || sufficiency < cascade.askFrom) {
      const model = cascade === null ? modelOf(row) : modelWithout(rows, row, cascade.takes);
      sums.usd.fixed[g]! += replay.usd[model * replay.rows + row]!;
      sums.kept.fixed[g]! += replay.sufficiency[model * replay.rows + row]!;
      if (model === strong) sums.strong.fixed[g]! += 1;
      if (!isTimed) continue;
      sums.ms.fixed[g]! += times.models[model]![place]?.mean ?? Number.NaN;
      sums.direct[model * lengthClasses + place]! += 1;
      continue;
    }
    const wrong = 1 - sufficiency;
    const strongUsd = replay.usd[strong * replay.rows + row]!;
    const aborted = cascade.abortedShare?.(row) ?? 0;
    sums.usd.fixed[g]! += replay.usd[first * replay.rows + row]! + cascade.gateUsd + strongUsd * aborted;
    sums.usd.falseAlarms[g]! += sufficiency * strongUsd * (1 - aborted);
    sums.usd.caught[g]! += wrong * strongUsd * (1 - aborted);
    sums.kept.fixed[g]! += sufficiency;
    sums.kept.caught[g]! += wrong;
    sums.asked.fixed[g]! += 1;
    for (const calls of [sums.strong, sums.escalated]) {
      calls.falseAlarms[g]! += sufficiency;
      calls.caught[g]! += wrong;
    }
    sums.ms.fixed[g]! += times.composed[place]?.accepted ?? Number.NaN;
    sums.ms.falseAlarms[g]! += sufficiency * extra[place]!;
    sums.ms.caught[g]! += wrong * extra[place]!;
    sums.askedByClass[place]! += 1;
    sums.sufficientByClass[place]! += sufficiency;
  }
  return sums;
}
