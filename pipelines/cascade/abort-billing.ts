import type { PolicyModel } from "@signalbox/runtime";
import type { ReplayData } from "../replay/replay-data.js";
import type { CascadeTimes } from "./cascade-times.js";
import { classOfAnswer } from "./logged-times.js";

/** What an aborted strong call still costs. */
export interface AbortBilling {
  /** Share of the strong call's cost that is billed when the first answer is accepted, in [0, 1]. */
  billedShare: (row: number) => number;
  /** Whether the bill of an attempt stops at the abort. */
  stops: (row: number) => boolean;
}

/** Bill aborted calls: input always, output as far as it was streamed when the gate accepts. A call that doesn't stream, and one whose prices or
 * times are unknown, is billed in full.
 * @param billing full = the provider bills the whole answer, aborted or not */
export function abortBilling(
  replay: ReplayData,
  { times, strong, billing }: { times: CascadeTimes; strong: PolicyModel; billing: "streamed" | "full" },
): AbortBilling {
  const streamed = times.composed.map((composed) => composed?.streamed ?? Number.NaN);
  const billedShare = (row: number): number => {
    if (billing === "full" || replay.isStream[row] !== 1) return 1;
    const unstreamed =
      outputShare(replay, row, strong) * (1 - streamed[classOfAnswer(replay.outputTokens[row]!)]!);
    return Number.isNaN(unstreamed) ? 1 : 1 - unstreamed;
  };
  return { billedShare, stops: (row) => billedShare(row) < 1 };
}

/** Share of an attempt's cost on a model that its output makes, at list price; NaN where tokens or prices are unknown. Where the model itself
 * answered, logged cache reads have their own price, else they are priced as the rest of the input. */
function outputShare(replay: ReplayData, row: number, model: PolicyModel): number {
  const { input_usd_per_mtok: input, output_usd_per_mtok: output } = model;
  const [tokens, out] = [replay.inputTokens[row]!, replay.outputTokens[row]!];
  if (input === null || output === null || tokens < 0 || out < 0) return Number.NaN;
  const isServed = replay.served[row] === replay.models.length - 1;
  const cached = isServed ? Math.min(tokens, Math.max(0, replay.cacheReadTokens[row]!)) : 0;
  const inputCost = (tokens - cached) * input + cached * (model.cache_read_usd_per_mtok ?? input);
  const all = inputCost + out * output;
  return all > 0 ? (out * output) / all : Number.NaN;
}
