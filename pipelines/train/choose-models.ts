import { DataError } from "../../datasets/errors.js";
import { listPrice } from "../../datasets/prices/price-book.js";
import type { TrainingItem } from "./read-training-items.js";

/** A model with its means over the items that every compared model answered. */
export interface ModelFacts {
  model: string;
  meanQuality: number;
  meanCostUsd: number;
  /** given (the outcomes' own costs), or price_book (list price times tokens, input estimated at 4 characters a token) */
  costSource: "given" | "price_book";
}

/** Which models the router chooses between. */
export interface ModelChoice {
  strong: ModelFacts;
  /** Cheaper models, in ascending cost. */
  candidates: ModelFacts[];
  /** Models that were left out, and why. */
  excluded: Array<{ model: string; reason: string; facts: ModelFacts | null }>;
}

/** Least number of items that all compared models answered. */
export const leastCommonItems = 50;

/** Choose the reference ("strong") model and the cheaper candidates. Strong is the model with the highest mean quality, of
 * equals the cheapest. A model that is dearer than another and not better is dominated: it is left out and named, so that
 * it can't serve as a flattering baseline.
 * @throws {DataError} if there is nothing to route between, or a cost is unknown */
export function chooseModels(
  items: readonly TrainingItem[],
  { strong, candidates }: { strong?: string; candidates?: readonly string[] },
): ModelChoice {
  const wanted = candidates && candidates.length > 0 && strong ? [...candidates, strong] : null;
  const { models, common, excluded } = compareModels(items, wanted, strong);
  const facts = models.map((model) => describeModel(model, common));
  const reference = strong
    ? facts.find(({ model }) => model === strong)!
    : [...facts].sort((a, b) => b.meanQuality - a.meanQuality || a.meanCostUsd - b.meanCostUsd)[0]!;
  const kept: ModelFacts[] = [];
  const byCost = facts
    .filter((model) => model !== reference)
    .filter(
      ({ model }) =>
        !candidates?.length ||
        candidates.includes(model) ||
        exclude(excluded, facts, model, "not among --candidate"),
    )
    .sort((a, b) => a.meanCostUsd - b.meanCostUsd || b.meanQuality - a.meanQuality);
  for (const model of byCost) {
    const dominator = [...kept, reference].find((other) => dominates(other, model));
    if (dominator)
      exclude(excluded, facts, model.model, `dominated by ${dominator.model}: not cheaper and not better`);
    else if (model.meanCostUsd >= reference.meanCostUsd)
      exclude(excluded, facts, model.model, `dearer than ${reference.model}`);
    else kept.push(model);
  }
  const better = kept.find(({ meanQuality }) => meanQuality >= reference.meanQuality);
  if (better) {
    throw new DataError(
      `${better.model} is cheaper than ${reference.model} and at least as good on these ${common.length} items ` +
        `(${better.meanQuality.toFixed(3)} against ${reference.meanQuality.toFixed(3)}): no router is needed, use ${better.model}`,
    );
  }
  if (kept.length === 0) {
    throw new DataError(
      `nothing to route to: no model is cheaper than ${reference.model}, which has the highest mean quality ` +
        `(${reference.meanQuality.toFixed(3)} on ${common.length} items). Add outcomes of a cheaper model.`,
    );
  }
  return { strong: reference, candidates: kept, excluded };
}

/** Models that can be compared on the same items: those with the fewest items are dropped until enough are common. */
function compareModels(
  items: readonly TrainingItem[],
  wanted: readonly string[] | null,
  strong: string | undefined,
): { models: string[]; common: TrainingItem[]; excluded: ModelChoice["excluded"] } {
  const counts = new Map<string, number>();
  for (const { outcomes } of items)
    for (const model of outcomes.keys()) counts.set(model, (counts.get(model) ?? 0) + 1);
  for (const model of [...(wanted ?? []), ...(strong ? [strong] : [])]) {
    if (!counts.has(model))
      throw new DataError(`no outcomes of ${model}; there are: ${[...counts.keys()].sort().join(", ")}`);
  }
  const models = [...counts.keys()]
    .filter((model) => wanted === null || wanted.includes(model))
    .sort(
      (a, b) =>
        Number(b === strong) - Number(a === strong) || counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
    );
  const excluded: ModelChoice["excluded"] = [];
  for (;;) {
    const common = items.filter(({ outcomes }) => models.every((model) => outcomes.has(model)));
    if (models.length < 2) {
      throw new DataError(
        `need at least ${leastCommonItems} items answered by two models; there are ${items.length} items and the models ` +
          `${[...counts].map(([model, n]) => `${model} (${n})`).join(", ") || "none"}`,
      );
    }
    if (common.length >= leastCommonItems) return { models, common, excluded };
    const dropped = models.pop()!;
    excluded.push({
      model: dropped,
      reason: `only ${counts.get(dropped)} items, too few in common with the others`,
      facts: null,
    });
  }
}

/** Weighted means of one model over items that it answered.
 * @throws {DataError} if its cost is unknown */
export function describeModel(model: string, items: readonly TrainingItem[]): ModelFacts {
  let weights = 0;
  let quality = 0;
  let costWeight = 0;
  let cost = 0;
  for (const { outcomes, weight } of items) {
    const outcome = outcomes.get(model)!;
    weights += weight;
    quality += weight * outcome.quality;
    if (outcome.costUsd === null) continue;
    costWeight += weight;
    cost += weight * outcome.costUsd;
  }
  const meanQuality = quality / weights;
  if (costWeight > 0) return { model, meanQuality, meanCostUsd: cost / costWeight, costSource: "given" };
  return { model, meanQuality, meanCostUsd: listCost(model, items), costSource: "price_book" };
}

const charsPerToken = 4;

function listCost(model: string, items: readonly TrainingItem[]): number {
  const price = listPrice(model, null, latestTime(items));
  const lengths = items.flatMap(({ outcomes }) => outcomes.get(model)!.outputTokens ?? []);
  if (price === null || lengths.length === 0) {
    throw new DataError(
      `the cost of ${model} is unknown: its outcomes have no cost_usd, and ` +
        `${price === null ? "it is not in the price book" : "no output_tokens to price"}. Give cost_usd in the outcomes file, or leave it out with --candidate.`,
    );
  }
  const input = items.reduce((sum, { text }) => sum + text.length, 0) / items.length / charsPerToken;
  const output = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return (input * price.inputUsdPerMtok + output * price.outputUsdPerMtok) / 1e6;
}

/** Latest time of the items, microseconds; undated items are priced as of the price book's own last day. */
function latestTime(items: readonly TrainingItem[]): number {
  const times = items.flatMap(({ createdAt }) => createdAt ?? []);
  return times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : undatedPriceTime;
}

const undatedPriceTime = Date.UTC(2026, 0, 1) * 1000;

function dominates(other: ModelFacts, model: ModelFacts): boolean {
  return other.meanCostUsd <= model.meanCostUsd && other.meanQuality >= model.meanQuality;
}

function exclude(
  excluded: ModelChoice["excluded"],
  facts: readonly ModelFacts[],
  model: string,
  reason: string,
): false {
  excluded.push({ model, reason, facts: facts.find((other) => other.model === model) ?? null });
  return false;
}
