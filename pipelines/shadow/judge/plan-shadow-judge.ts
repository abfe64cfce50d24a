import { DataError } from "../../../datasets/errors.js";
import type { Workspace } from "../../../datasets/workspace.js";
import type { CallPrice } from "../../label/call-price.js";
import { affordableItems, type CallEstimate, estimateCalls } from "../../label/estimate-calls.js";
import { type JudgeApiName, JudgeMode } from "../../label/judge.js";
import { hashOf } from "../../label/label-item.js";
import { openPrices, type PriceOptions } from "../../label/open-prices.js";
import { createTextCleaner } from "../../label/text-cleaner.js";
import { checkShadowPair, type ExactDecision } from "./check-shadow-pair.js";
import { type LoadedPairs, loadShadowPairs } from "./load-shadow-pairs.js";
import { createShadowCalls, type ShadowCallFactory, type ShadowTexts } from "./preference-call.js";
import type { JudgedRecord } from "./read-shadow-record.js";
import { plantShadowCanaries, type ShadowCanary } from "./shadow-canaries.js";

/** Which pairs to judge, by whom, and how much it may cost. */
export interface ShadowJudgeOptions extends PriceOptions {
  /** JSONL files of a response shadow. */
  pairs: readonly string[];
  /** JSONL files of contents that were kept by reference. */
  contents: readonly string[];
  /** Base URL of the judge; nothing is sent without one. */
  judgeUrl: string | null;
  /** Protocol that it speaks; default openai. */
  judgeApi?: JudgeApiName;
  judgeModel: string;
  mode: JudgeMode;
  /** Pairs to judge at most; null = all. */
  sample: number | null;
  seed: number;
  isSentUnredacted: boolean;
}

/** What a run would ask and cost. */
export interface ShadowJudgePlan extends CallEstimate<"pair" | "canary"> {
  run_id: string;
  /** Records that were read, pairs that can be judged, and those that would be. */
  records: number;
  pairs: number;
  items: number;
  /** Of the items, those that facts decide. */
  exact: number;
  excluded: LoadedPairs["excluded"];
  contents: LoadedPairs["contents"];
  /** Items that the cap pays for at the expected price, at most all; null without a cap. */
  affordable_items: number | null;
  unpriced_models: string[];
  redactions: Array<{ kind: string; count: number }>;
}

/** A drawn pair as it may leave the machine. */
export interface ShadowItem {
  id: string;
  record: JudgedRecord;
  texts: ShadowTexts;
  /** What facts say of it; null when a judge has to be asked. */
  exact: ExactDecision | null;
}

/** A plan with all that is needed to carry it out. */
export interface PreparedShadowJudge {
  plan: ShadowJudgePlan;
  items: ShadowItem[];
  canaries: ShadowCanary[];
  factory: ShadowCallFactory;
  price: CallPrice;
}

/** Draw the pairs and price them; sends nothing and writes nothing.
 * @throws {DataError} if no pair can be judged
 * @throws {InputError} if a file isn't there, or the budget can't be kept because a price is unknown */
export async function planShadowJudge(
  workspace: Workspace,
  options: ShadowJudgeOptions,
): Promise<ShadowJudgePlan> {
  return (await prepareShadowJudge(workspace, options)).plan;
}

/** {@link planShadowJudge}, with the items and the calls. */
export async function prepareShadowJudge(
  workspace: Workspace,
  options: ShadowJudgeOptions,
): Promise<PreparedShadowJudge> {
  const { price, unpriced } = openPrices([options.judgeModel], options);
  const loaded = await loadShadowPairs(options);
  if (loaded.pairs.length === 0) throw new DataError(nothingToJudge(loaded));
  const { items, redactions } = drawItems(workspace, loaded, options);
  const { judgeUrl, judgeModel, seed } = options;
  const factory = createShadowCalls({ judgeUrl: judgeUrl ?? "", judgeModel, salt: workspace.salt });
  const canaries = plantShadowCanaries(items, factory);
  const expected = estimateCalls(
    {
      pair: items.flatMap(({ exact, texts }) => (exact === null ? factory.calls(texts) : [])),
      canary: canaries.map(({ call }) => call),
    },
    { price, isBatch: options.mode === JudgeMode.batch },
  );
  const ids = items.map(({ id }) => id);
  const plan: ShadowJudgePlan = {
    run_id: hashOf(judgeUrl, judgeModel, seed, factory.rubric.id, ids).slice(0, 12),
    records: loaded.records,
    pairs: loaded.pairs.length,
    items: items.length,
    exact: items.filter(({ exact }) => exact !== null).length,
    excluded: loaded.excluded,
    contents: loaded.contents,
    ...expected,
    affordable_items: affordableItems(items.length, options.maxUsd, expected.estimated_usd),
    unpriced_models: unpriced,
    redactions,
  };
  return { plan, items, canaries, factory, price };
}

/** Draw at random, by a hash of seed and pair id: more pairs of the same shadow leave those that were drawn in the order in which they were,
 * so that a later run pays only for what is new. What the log calls redacted is redacted again, unless the user wants it sent as it is. */
function drawItems(
  workspace: Workspace,
  { pairs }: LoadedPairs,
  { sample, seed, isSentUnredacted }: ShadowJudgeOptions,
): { items: ShadowItem[]; redactions: ShadowJudgePlan["redactions"] } {
  const cleaner = createTextCleaner(workspace, isSentUnredacted);
  const drawn = pairs
    .map((pair) => ({ pair, place: hashOf(seed, pair.record.pair_id) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, sample ?? pairs.length);
  const items = drawn.map(({ pair: { record, texts } }): ShadowItem => {
    const { system, prompt, baseline, candidate } = texts;
    return {
      id: record.pair_id,
      record,
      texts: {
        system: system === null ? null : cleaner.any(system),
        prompt: cleaner.any(prompt),
        baseline: cleaner.any(baseline),
        candidate: cleaner.any(candidate),
      },
      exact: checkShadowPair(record, texts),
    };
  });
  return { items, redactions: cleaner.redactions() };
}

function nothingToJudge({ records, excluded }: LoadedPairs): string {
  const reasons = excluded.map(({ reason, records: count }) => `${count} ${reason}`).join(", ");
  return `none of ${records} records can be judged (${reasons || "the files are empty"}); log pairs with content, or name the contents with --contents`;
}
