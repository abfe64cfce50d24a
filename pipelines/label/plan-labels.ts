import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { CallPrice } from "./call-price.js";
import { plantCanaries } from "./canaries.js";
import { affordableItems } from "./estimate-calls.js";
import { expectedInputTokens, verdictTokens } from "./expected-tokens.js";
import type { ExpectedWidth } from "./expected-width.js";
import { type JudgeApiName, JudgeMode } from "./judge.js";
import { type CallFactory, createCallFactory } from "./label-calls.js";
import { hashOf, type LabelItem } from "./label-item.js";
import { openSample } from "./open-sample.js";
import { planWidth } from "./plan-width.js";
import type { Sample } from "./sample-requests.js";
import type { LabelFocus, Uncertainty } from "./uncertainty.js";

/** What to label, by whom, and how much it may cost. */
export interface LabelOptions {
  /** Base URL of the judge; nothing is sent without one. */
  judgeUrl: string | null;
  /** Protocol that it speaks; default openai. */
  judgeApi?: JudgeApiName;
  judgeModel: string;
  /** Models whose answers are fetched and compared with the logged ones; none = tiers only. */
  candidates: readonly string[];
  /** Where the candidates answer; default the judge's endpoint. */
  answers?: AnswersEndpoint | null;
  /** Only requests that this model served; null = any. */
  reference: string | null;
  mode: JudgeMode;
  /** Requests to sample. */
  sample: number;
  /** Hard cap on what the run costs in all; null = none. */
  maxUsd: number | null;
  /** When prices are taken, microseconds since 1970; default now. */
  pricedAt?: number;
  /** Price of every token of models that the price book doesn't know; null = unknown stays unknown. */
  assumeUsdPerMTok: number | null;
  concurrency: number;
  seed: number;
  /** Draw requests alike, or those more often about which the workspace's model is unsure; default even. */
  focus?: LabelFocus;
  /** Send stored full text as it is. */
  isSentUnredacted: boolean;
  /** File of what is known about right answers; see readItemChecks. */
  checks?: string | null;
  /** The user's word that the code in answers may be run with the tests of that file. */
  isRunningTests?: boolean;
}

/** An endpoint that serves candidate models. */
export interface AnswersEndpoint {
  url: string;
  api: JudgeApiName;
}

/** What a run would ask and cost. */
export interface LabelPlan {
  run_id: string;
  population: number;
  items: number;
  strata: Sample["strata"];
  excluded: Sample["excluded"];
  /** Calls by kind; equal questions of several items count once per item here. */
  calls: { tier: number; answer: number; sufficiency: number; canary: number };
  estimated_input_tokens: number;
  estimated_output_tokens: number;
  /** Expected cost at list price; null when a model's price is unknown. */
  estimated_usd: number | null;
  /** Items that the cap pays for at the expected price, at most all; null without a cap. */
  affordable_items: number | null;
  unpriced_models: string[];
  redactions: Array<{ kind: string; count: number }>;
  /** How precise the figures would be; null when no candidate is compared. */
  expected_width: ExpectedWidth | null;
}

/** A plan with all that is needed to carry it out. */
export interface PreparedLabels {
  plan: LabelPlan;
  sample: Sample;
  items: LabelItem[];
  factory: CallFactory;
  price: CallPrice;
}

/** Draw the sample and price it; sends nothing and writes nothing.
 * @throws {StageError} if nothing was ingested
 * @throws {DataError} if no request can be labelled
 * @throws {InputError} if the budget can't be kept because a price is unknown */
export async function planLabels(workspace: Workspace, options: LabelOptions): Promise<LabelPlan> {
  return (await prepareLabels(workspace, options)).plan;
}

/** {@link planLabels}, with the sample, the items and the calls. */
export async function prepareLabels(workspace: Workspace, options: LabelOptions): Promise<PreparedLabels> {
  const { sample, items, redactions, price, unpriced, uncertainty } = await openSample(workspace, {
    ...options,
    models: [options.judgeModel, ...options.candidates],
  });
  const factory = createCallFactory({
    judgeUrl: options.judgeUrl ?? "",
    judgeModel: options.judgeModel,
    answersUrl: options.answers?.url ?? options.judgeUrl ?? "",
    salt: workspace.salt,
  });
  const expected = estimate(items, options, { factory, price });
  const plan: LabelPlan = {
    run_id: runIdOf(options, { items, factory, uncertainty }),
    population: sample.population,
    items: items.length,
    strata: sample.strata,
    excluded: sample.excluded,
    ...expected,
    affordable_items: affordableItems(items.length, options.maxUsd, expected.estimated_usd),
    unpriced_models: unpriced,
    redactions,
    expected_width: planWidth(workspace, sample.requests, options, expected.estimated_usd),
  };
  return { plan, sample, items, factory, price };
}

/** A run is what decides its questions; how fast, how dear and through which API they are asked does not matter. */
function runIdOf(
  { judgeUrl, judgeModel, answers, candidates, reference, sample, seed }: LabelOptions,
  {
    items,
    factory,
    uncertainty,
  }: { items: readonly LabelItem[]; factory: CallFactory; uncertainty: Uncertainty | null },
): string {
  const { tier, sufficiency } = factory.rubrics;
  const checked = items.flatMap(({ hash, checks }) =>
    checks === null ? [] : [[hash, checks.gold, checks.jsonSchema?.schema]],
  );
  return hashOf(
    judgeUrl,
    judgeModel,
    [...candidates],
    answers?.url ?? null,
    reference,
    sample,
    seed,
    tier.id,
    sufficiency.id,
    checked,
    ...(uncertainty === null ? [] : [uncertainty.modelId]),
  ).slice(0, 12);
}

type PlanEstimate = Pick<
  LabelPlan,
  "calls" | "estimated_input_tokens" | "estimated_output_tokens" | "estimated_usd"
>;

/** Expected calls and tokens; answers are taken to be as long as the logged ones. */
function estimate(
  items: readonly LabelItem[],
  { candidates, mode }: LabelOptions,
  { factory, price }: { factory: CallFactory; price: CallPrice },
): PlanEstimate {
  const total: PlanEstimate = {
    calls: { tier: 0, answer: 0, sufficiency: 0, canary: 0 },
    estimated_input_tokens: 0,
    estimated_output_tokens: 0,
    estimated_usd: 0,
  };
  const add = (
    kind: keyof LabelPlan["calls"],
    call: ReturnType<CallFactory["tier"]>,
    outputTokens: number,
  ): void => {
    const inputTokens = expectedInputTokens(call);
    const usd = price(call.model, { inputTokens, cachedTokens: 0, outputTokens }, mode === JudgeMode.batch);
    total.calls[kind] += 1;
    total.estimated_input_tokens += inputTokens;
    total.estimated_output_tokens += outputTokens;
    total.estimated_usd = usd === null || total.estimated_usd === null ? null : total.estimated_usd + usd;
  };
  for (const item of items) {
    add("tier", factory.tier(item), verdictTokens);
    for (const candidate of candidates.filter(
      (name) => canonicalModel(name) !== item.row.model && item.answer !== null,
    )) {
      add(
        "answer",
        factory.answer(item, candidate),
        item.row.output_total_tokens ?? Math.ceil(item.answer!.length / 4),
      );
      const call = factory.sufficiency(
        item,
        { reference: item.answer!, candidate: item.answer! },
        "reference_first",
      );
      add("sufficiency", call, verdictTokens);
      add("sufficiency", call, verdictTokens);
    }
  }
  if (candidates.length > 0)
    for (const { call } of plantCanaries(items, factory)) add("canary", call, verdictTokens);
  return total;
}
