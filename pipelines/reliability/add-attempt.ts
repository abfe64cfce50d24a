import { lineWeight } from "../../models/latency/fit-time-line.js";
import { costOfAttempt } from "./cost-of-attempt.js";
import type { Gathering } from "./gather-sums.js";

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
    if (ms >= 0 && ms < Infinity) addTime({ replay, layout, sums }, row);
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
  if (ms >= 0 && ms < Infinity && replay.isBatch[row] === 0) {
    sums.add(layout.failedMs + failure, row, ms);
    sums.add(layout.failedMsKnown + failure, row, 1);
  }
}

/** An answer's time at its length; one of unknown length says nothing. */
function addTime({ replay, layout, sums }: Pick<Gathering, "replay" | "layout" | "sums">, row: number): void {
  const { line } = layout;
  const [model, ms] = [replay.served[row]!, replay.latency[row]!];
  if (replay.outputTokens[row]! < 0) return;
  const weight = lineWeight(replay.outputTokens[row]!);
  sums.add(line.answers + model, row, 1);
  sums.add(line.ms + model, row, ms);
  sums.add(line.weightedMs + model, row, weight * ms);
  sums.add(line.weight + model, row, weight);
  sums.add(line.tokens + model, row, 1 / weight);
}

/** What an answered request would have cost on each model, where all of these are known. */
function addMoved(
  { replay, layout, sums }: Pick<Gathering, "replay" | "layout" | "sums">,
  row: number,
): void {
  const from = replay.served[row]!;
  const usdOn = (model: number) => replay.usd[model * replay.rows + row]!;
  for (let model = 0; model < layout.models; model++) if (Number.isNaN(usdOn(model))) return;
  sums.add(layout.moved + from, row, 1);
  for (let model = 0; model < layout.models; model++) {
    sums.add(layout.movedUsd + from * layout.models + model, row, usdOn(model));
  }
}
