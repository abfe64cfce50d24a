import type { PlantedModel } from "../../../datasets/synthetic/planted-world.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { type GatewayBill, layOutBill } from "../../../pipelines/levers/gateway-bill.js";
import { measureLevers } from "../../../pipelines/levers/measure-levers.js";
import type { ModelRates } from "../../../pipelines/levers/model-rates.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";

/** What `signalbox simulate levers` says of each lever alone, of each step of the waterfall and of all together. Hits of a cache grow faster
 * than a log, so the truth is the mean over other logs of the same size; each figure is a difference of two sums over the log. */
export const leverHeadlines: HeadlineGroup = {
  title: "Levers and waterfall, USD a session",
  estimate: (draw) => {
    const { levers, waterfall, saving } = measureLevers(draw.replay, {
      rates: draw.world.models.map(ratesOf),
      isBatchable: batchableRows(draw),
      markup: plantedBill(draw),
      routerUsd: 1e-6,
      minPrefixTokens: 256,
    });
    const found: Record<string, Interval | null> = { levers_saving: perSession(saving, draw) };
    for (const { lever, alone } of levers) found[`lever_${lever}`] = perSession(alone, draw);
    for (const { step, change } of waterfall) found[`waterfall_${step}`] = perSession(change, draw);
    return found;
  },
  bySession: [
    "levers_saving",
    "lever_router",
    "lever_prompt_cache",
    "waterfall_router_cache",
    "waterfall_prompt_cache",
    "waterfall_markup",
    "waterfall_batch",
  ],
};

function ratesOf({ inputUsd, cacheReadUsd, outputUsd }: PlantedModel): ModelRates {
  const tier = {
    minInputTokens: 0,
    input: inputUsd / 1e6,
    cacheRead: cacheReadUsd / 1e6,
    cacheWrite: Number.NaN,
    output: outputUsd / 1e6,
  };
  return { windows: [{ from: Number.NEGATIVE_INFINITY, tiers: [tier] }], batchRatio: 0.5 };
}

/** Nobody waits for what the app without a conversation asks. */
function batchableRows({ attempts }: PlantedDraw): Uint8Array {
  return Uint8Array.from(attempts, ({ app, isBatch }) => Number(app === "extract" && !isBatch));
}

/** The planted share and fee of what was charged; other models are at list price in a planted replay. */
function plantedBill({ attempts, world }: PlantedDraw): GatewayBill {
  const billed = { markup: world.markup, fee_usd: world.feeUsd };
  const groups = Int32Array.from(attempts, ({ listUsd }) => (listUsd > 0 ? 0 : -1));
  return layOutBill([{ billed, on: world.models.map(() => null) }], world.models.length, groups);
}
