import type { ReplayData } from "../replay/replay-data.js";
import { latencyModel } from "../simulate/latency-model.js";
import { sufficiencyOf } from "./kept-quality.js";

/** What the router changes on each attempt, by row number. */
export interface RoutedAmounts {
  /** 1 = it goes to a weaker, or a stronger model than the one that answered. */
  weaker: Float64Array;
  stronger: Float64Array;
  /** Expected quality of the answer as billed, and how much of it is lost where a weaker model answers. */
  billedQuality: Float64Array;
  loss: Float64Array;
  /** USD. */
  saved: Float64Array;
  /** Milliseconds that it takes longer; NaN where a model's latency isn't logged. */
  slower: Float64Array;
}

/** Work out what the router changes on each of the audited attempts. */
export function routedAmounts(replay: ReplayData, rows: Int32Array): RoutedAmounts {
  const column = () => new Float64Array(replay.rows);
  const amounts: RoutedAmounts = {
    weaker: column(),
    stronger: column(),
    billedQuality: column(),
    loss: column(),
    saved: column(),
    slower: column(),
  };
  const latencyOf = latencyModel({ ...replay, models: replay.models.length }, rows);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const [served, chosen] = [replay.served[row]!, replay.chosen[row]!];
    const before = sufficiencyOf(replay, row, served);
    amounts.billedQuality[row] = before;
    amounts.saved[row] =
      replay.billed[row]! -
      (chosen === served ? replay.billed[row]! : replay.usd[chosen * replay.rows + row]!);
    amounts.slower[row] = chosen === served ? 0 : latencyOf(chosen, row) - latencyOf(served, row);
    if (chosen < served) {
      amounts.weaker[row] = 1;
      amounts.loss[row] = Math.max(0, before - sufficiencyOf(replay, row, chosen));
    } else if (chosen > served) amounts.stronger[row] = 1;
  }
  return amounts;
}
