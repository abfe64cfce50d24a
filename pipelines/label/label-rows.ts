import { LabelKind, type LabelRow } from "../../datasets/labels.js";
import type { OutcomeItemRow, OutcomeRow } from "../../datasets/outcomes.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import type { CallPrice } from "./call-price.js";
import { pairQuality } from "./combine-orders.js";
import type { ExactDecision } from "./exact-checks/check-answer.js";
import type { Journal } from "./journal.js";
import type { JudgeReply } from "./judge.js";
import type { CallFactory } from "./label-calls.js";
import { hashOf, type LabelItem, readHistory } from "./label-item.js";
import type { ItemLabels, NeededCall, PairLabel } from "./read-labels.js";
import { readSufficiency, readTier } from "./read-verdict.js";
import type { SampledRequest } from "./sample-requests.js";

/** Rows that a run leaves in the workspace. */
export interface LabelRows {
  labels: LabelRow[];
  outcomes: OutcomeRow[];
  outcomeItems: OutcomeItemRow[];
}

/** Turn what was learnt about each item into rows. An item without a tier and without a comparison has none in the outcomes.
 * Quality is relative: the logged answer is 1 by definition, a candidate's is 1, 0 or (contradicting orders) 0.5.
 * Weights are inverse inclusion probabilities, raised within a stratum for sampled items that could not be labelled. */
export function labelRows(
  labelled: readonly ItemLabels[],
  { factory, journal, price }: { factory: CallFactory; journal: Journal; price: CallPrice },
): LabelRows {
  const used = labelled.filter(isLabelled);
  const drawn = weightPerStratum(labelled);
  const kept = weightPerStratum(used);
  return {
    labels: labelled.flatMap(({ item, calls, pairs }) => [
      ...calls.filter(({ reply }) => reply !== null).map((call) => labelRow(call, factory, journal)),
      ...pairs.flatMap((pair) => (pair.exact === null ? [] : [exactRow(item, pair, pair.exact)])),
    ]),
    outcomes: used.flatMap(({ item, pairs }) => outcomeRows(item.row, pairs, price)),
    outcomeItems: used.map((labels) => {
      const { stratum, inclusion_probability } = labels.item.row;
      return itemRow(labels, drawn.get(stratum)! / kept.get(stratum)! / inclusion_probability);
    }),
  };
}

function weightPerStratum(labelled: readonly ItemLabels[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { item } of labelled) {
    const { stratum, inclusion_probability } = item.row;
    sums.set(stratum, (sums.get(stratum) ?? 0) + 1 / inclusion_probability);
  }
  return sums;
}

/** Whether anything was learnt about an item. */
export function isLabelled({ tier, pairs }: ItemLabels): boolean {
  return (tier !== null && tier.verdict !== "cannot_tell") || pairs.some(isCompared);
}

function isCompared({ verdict }: PairLabel): boolean {
  return verdict !== null && verdict !== "cannot_tell";
}

function labelRow(
  { kind, item, call, candidate, order, reply }: NeededCall,
  factory: CallFactory,
  journal: Journal,
): LabelRow {
  const { row } = item;
  const tier = kind === LabelKind.tier ? readTier(reply!) : null;
  const read = kind === LabelKind.sufficiency ? readSufficiency(reply!) : tier;
  const isFailed = reply!.error !== null;
  return {
    label_id: call.key,
    request_id: row.request_id,
    kind,
    rubric: kind === LabelKind.answer ? factory.answerRubric : factory.rubrics[kind].id,
    judge: reply!.model ?? call.model,
    is_simulated: reply!.isSimulated,
    baseline_model: candidate === null ? null : row.model,
    candidate_model: candidate === null ? null : canonicalModel(candidate),
    answer_order: order,
    verdict: read === null || isFailed ? null : read.verdict,
    is_stakes: tier?.isStakes ?? null,
    rationale: read?.rationale ?? null,
    answer_text: kind === LabelKind.answer ? reply!.text : null,
    inclusion_probability: row.inclusion_probability,
    cost_usd: journal.replies.get(call.key)?.costUsd ?? null,
    input_tokens: reply!.usage?.inputTokens ?? null,
    output_tokens: reply!.usage?.outputTokens ?? null,
    call_id: reply!.callId,
    error:
      reply!.error ??
      read?.failure ??
      (kind === LabelKind.answer && reply!.finishReason === "length" ? "truncated" : null),
  };
}

/** A decision that no judge was asked for, as a label without a cost. */
function exactRow(item: LabelItem, { candidate, answer }: PairLabel, exact: ExactDecision): LabelRow {
  const { row } = item;
  return {
    label_id: hashOf("exact", exact.check, item.hash, item.answer, candidate, answer!.text),
    request_id: row.request_id,
    kind: LabelKind.sufficiency,
    rubric: exactRubric,
    judge: `exact:${exact.check}`,
    is_simulated: answer!.isSimulated,
    baseline_model: row.model,
    candidate_model: canonicalModel(candidate),
    answer_order: null,
    verdict: exact.verdict,
    is_stakes: null,
    rationale: exact.reason,
    answer_text: null,
    inclusion_probability: row.inclusion_probability,
    cost_usd: 0,
    input_tokens: null,
    output_tokens: null,
    call_id: null,
    error: null,
  };
}

/** Version of the exact checks: what they decide, and on what. */
const exactRubric = "exact.v1";

function outcomeRows(row: SampledRequest, pairs: readonly PairLabel[], price: CallPrice): OutcomeRow[] {
  const compared = pairs.filter(isCompared);
  if (compared.length === 0) return [];
  const reference: OutcomeRow = {
    item_id: row.request_id,
    model: row.model,
    quality: 1,
    cost_usd: row.cost_reported_usd ?? row.cost_list_usd,
    cost_source:
      row.cost_reported_usd !== null ? "given" : row.cost_list_usd !== null ? "price_book" : "missing",
    output_tokens: row.output_total_tokens,
    latency_ms: row.latency_ms,
    origin: "judged",
  };
  return [reference, ...compared.map((pair) => candidateRow(row, pair, pair.answer!, price))];
}

/** Latency stays null: how long an endpoint took while many answers were fetched at once says nothing about production. */
function candidateRow(
  row: SampledRequest,
  pair: PairLabel,
  answer: JudgeReply,
  price: CallPrice,
): OutcomeRow {
  const cost = answer.usage ? price(pair.candidate, answer.usage, false) : null;
  return {
    item_id: row.request_id,
    model: canonicalModel(pair.candidate),
    quality: pairQuality(pair.verdict!)!,
    cost_usd: cost,
    cost_source: cost === null ? "missing" : "price_book",
    output_tokens: answer.usage?.outputTokens ?? null,
    latency_ms: null,
    origin: "judged",
  };
}

function itemRow({ item, tier }: ItemLabels, weight: number): OutcomeItemRow {
  const { row } = item;
  const isTiered = tier !== null && tier.verdict !== "cannot_tell";
  const messages = [
    ...(row.system_text ? [{ role: "system", content: row.system_text }] : []),
    ...readHistory(row.history_json),
    { role: "user", content: row.user_text },
  ];
  return {
    item_id: row.request_id,
    messages_json: JSON.stringify({ messages, maxTokens: row.max_tokens }),
    group: row.app,
    session_id: row.session_id,
    created_at: row.created_at,
    weight,
    tier: isTiered ? Number(tier.verdict) : null,
    is_stakes: isTiered ? tier.isStakes : null,
  };
}
