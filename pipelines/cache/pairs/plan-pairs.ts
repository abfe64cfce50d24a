import { openTables, requireManifest, type Workspace } from "../../../datasets/workspace.js";
import type { CallPrice } from "../../label/call-price.js";
import { affordableItems, estimateCalls } from "../../label/estimate-calls.js";
import { type JudgeApiName, type JudgeCall, JudgeMode } from "../../label/judge.js";
import { hashOf } from "../../label/label-item.js";
import { openPrices, type PriceOptions } from "../../label/open-prices.js";
import type { DrawOptions, PairFocus } from "./draw-pairs.js";
import { type ExpectedPairs, expectPairs } from "./expect-pairs.js";
import { createPairCalls, type PairCallFactory } from "./pair-calls.js";
import { plantPairCanaries } from "./pair-canaries.js";
import { type PairItem, preparePairs } from "./pair-item.js";
import { type PairSample, samplePairs } from "./sample-pairs.js";

/** Which pairs to judge, by whom, and how much it may cost. */
export interface PairOptions extends DrawOptions, PriceOptions {
  /** Base URL of the judge; nothing is sent without one. */
  judgeUrl: string | null;
  /** Protocol that it speaks; default openai. */
  judgeApi?: JudgeApiName;
  judgeModel: string;
  mode: JudgeMode;
  /** Least score or cosine that a threshold will be set to: pairs below are never served and not judged. */
  floor: number;
  /** Ask about each pair twice, once with what is cached first; a contradiction counts as different. */
  isBothOrders: boolean;
  /** Share of wrong hits in all requests that is to be certified, and the probability with which that may fail. */
  alpha: number;
  delta: number;
  isSentUnredacted: boolean;
}

/** What a run would ask and cost, and what its labels would buy. */
export interface PairPlan {
  run_id: string;
  basis: PairSample["basis"];
  floor: number;
  focus: PairFocus;
  /** Distinct pairs that can be judged, and those that would be. */
  pairs: number;
  items: number;
  /** Of the items, those that facts decide. */
  exact: number;
  excluded: PairSample["excluded"];
  calls: { pair: number; canary: number };
  estimated_input_tokens: number;
  estimated_output_tokens: number;
  /** Expected cost at list price as asked for, and with every pair asked about in both orders; null when the price is unknown. */
  estimated_usd: number | null;
  estimated_usd_both_orders: number | null;
  /** Items that the cap pays for at the expected price, at most all; null without a cap. */
  affordable_items: number | null;
  unpriced_models: string[];
  redactions: Array<{ kind: string; count: number }>;
  /** What can be certified from what the budget pays for. */
  expected: ExpectedPairs;
}

/** A plan with all that is needed to carry it out. */
export interface PreparedPairs {
  plan: PairPlan;
  sample: PairSample;
  items: PairItem[];
  factory: PairCallFactory;
  price: CallPrice;
}

/** Draw the pairs and price them; sends nothing and writes nothing.
 * @throws {StageError} if nothing was replayed
 * @throws {DataError} if no pair can be judged
 * @throws {InputError} if the budget can't be kept because a price is unknown */
export async function planPairs(workspace: Workspace, options: PairOptions): Promise<PairPlan> {
  return (await preparePlan(workspace, options)).plan;
}

/** {@link planPairs}, with the sample, the items and the calls. */
export async function preparePlan(workspace: Workspace, options: PairOptions): Promise<PreparedPairs> {
  requireReplay(workspace);
  const { price, unpriced } = openPrices([options.judgeModel], options);
  const engine = await openTables(workspace);
  const sample = await samplePairs(engine, options).finally(() => engine.close());
  const { items, redactions } = preparePairs(workspace, sample.pairs, options.isSentUnredacted);
  const factory = createFactory(workspace, options, options.isBothOrders);
  const isBatch = options.mode === JudgeMode.batch;
  const expected = estimateCalls(callsByKind(items, factory), { price, isBatch });
  const twice = estimateCalls(callsByKind(items, createFactory(workspace, options, true)), {
    price,
    isBatch,
  });
  const affordable = affordableItems(items.length, options.maxUsd, expected.estimated_usd);
  const plan: PairPlan = {
    run_id: runIdOf(options, items, factory),
    basis: sample.basis,
    floor: options.floor,
    focus: options.focus,
    pairs: sample.segments.reduce((sum, { pairs }) => sum + pairs, 0),
    items: items.length,
    exact: items.filter(({ isEqual }) => isEqual).length,
    excluded: sample.excluded,
    ...expected,
    estimated_usd_both_orders: twice.estimated_usd,
    affordable_items: affordable,
    unpriced_models: unpriced,
    redactions,
    expected: expectPairs(sample, { ...options, labels: affordable ?? items.length }),
  };
  return { plan, sample, items, factory, price };
}

/** @throws {StageError} if nothing was replayed */
export function requireReplay(workspace: Workspace): void {
  requireManifest(workspace, "cache-replay", `signalbox cache replay --workspace ${workspace.path}`);
}

function createFactory(
  { salt }: Workspace,
  { judgeUrl, judgeModel }: PairOptions,
  isBothOrders: boolean,
): PairCallFactory {
  return createPairCalls({ judgeUrl: judgeUrl ?? "", judgeModel, salt }, isBothOrders);
}

/** A run is what decides its questions; how fast, how dear and through which API they are asked does not matter. */
function runIdOf(
  { judgeUrl, judgeModel, labels, focus, thresholds, floor, seed }: PairOptions,
  items: readonly PairItem[],
  { rubric, orders }: PairCallFactory,
): string {
  const pairs = items.map(({ id }) => id);
  return hashOf(judgeUrl, judgeModel, labels, focus, thresholds, floor, seed, rubric.id, orders, pairs).slice(
    0,
    12,
  );
}

function callsByKind(
  items: readonly PairItem[],
  factory: PairCallFactory,
): Record<"pair" | "canary", JudgeCall[]> {
  return {
    pair: items.filter(({ isEqual }) => !isEqual).flatMap((item) => factory.calls(item)),
    canary: plantPairCanaries(items, factory).map(({ call }) => call),
  };
}
