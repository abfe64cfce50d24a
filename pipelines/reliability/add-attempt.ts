import { costOfAttempt } from "./cost-of-attempt.js";
import type { Gathering } from "./gather-sums.js";
import { lengthClass, lengthClasses } from "./sum-layout.js";

/** Add what an attempt says on its own to the sums: its model's failures, their cost and time, and the time of answers. */
export function addAttempt(
  { replay, classOf, layout, sums }: Pick<Gathering, "replay" | "classOf" | "layout" | "sums">,
  row: number,
): void {
  const model = replay.served[row]!;
  const place = model < 0 ? layout.models : model;
  const ms = replay.latency[row]!;
  sums.add(layout.attempts + place, row, 1);
  if (replay.isSuccess[row] === 1) {
    if (model < 0 || replay.isBatch[row] === 1) return;
    if (ms >= 0) {
      const length = model * lengthClasses.length + lengthClass(replay.outputTokens[row]!);
      sums.add(layout.lengthMs + length, row, ms);
      sums.add(layout.lengthMsKnown + length, row, 1);
    }
    if (replay.isReplayed[row] === 1) addMoved({ replay, layout, sums }, row);
    return;
  }
  const failure = place * layout.classes + classOf[row]!;
  const usd = costOfAttempt(replay, row);
  sums.add(layout.failures + failure, row, 1);
  if (Number.isNaN(usd)) sums.add(layout.unpricedFailures + place, row, 1);
  else {
    sums.add(layout.failedUsd + place, row, usd);
    sums.add(layout.failedUsdKnown + place, row, 1);
    if (usd > 0) sums.add(layout.billedFailures + place, row, 1);
  }
  if (ms >= 0 && replay.isBatch[row] === 0) {
    sums.add(layout.failedMs + failure, row, ms);
    sums.add(layout.failedMsKnown + failure, row, 1);
  }
}

/** What answered requests of one model would have cost on each model. */
function addMoved(
  { replay, layout, sums }: Pick<Gathering, "replay" | "layout" | "sums">,
  row: number,
): void {
  const from = replay.served[row]!;
  sums.add(layout.moved + from, row, 1);
  for (let model = 0; model < layout.models; model++) {
    sums.add(layout.movedUsd + from * layout.models + model, row, replay.usd[model * replay.rows + row]!);
  }
}
