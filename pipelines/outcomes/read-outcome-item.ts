import type { RouteRequest } from "@signalbox/runtime";
import { readConversation } from "../../datasets/sources/conversation.js";
import { asRecord, asString, firstOf, type JsonRecord } from "../../datasets/sources/json-access.js";
import { readTimestamp } from "../../datasets/sources/read-time.js";

/** One imported item as it was understood, before storage. */
export interface OutcomeItem {
  id: string;
  request: RouteRequest;
  group: string | null;
  session: string | null;
  /** Microseconds since 1970, UTC. */
  createdAt: number | null;
  outcomes: GivenOutcome[];
}

/** How one model did on an item. */
export interface GivenOutcome {
  model: string;
  quality: number;
  costUsd: number | null;
  outputTokens: number | null;
  latencyMs: number | null;
}

/** Read one item: `{id, prompt | messages, system?, tools?, group?, session?, created_at?, outcomes: {MODEL: {quality,
 * cost_usd?, output_tokens?, latency_ms?}}}`. An item is taken whole or not at all.
 * @returns the item, or what is wrong with it */
export function readOutcomeItem(value: unknown): OutcomeItem | { error: string } {
  const record = asRecord(value);
  if (record === null) return { error: "not a JSON object" };
  const id = idOf(record.id);
  if (id === null) return { error: "id is missing" };
  const request = requestOf(record);
  if (request === null) return { error: "no prompt: give prompt (text) or messages ([{role, content}])" };
  const createdAt = record.created_at == null ? null : readTimestamp(record.created_at);
  if (record.created_at != null && createdAt === null)
    return { error: `created_at is no time (${show(record.created_at)})` };
  const outcomes = outcomesOf(record.outcomes);
  if ("error" in outcomes) return outcomes;
  return {
    id,
    request,
    group: idOf(record.group),
    session: idOf(firstOf(record, ["session", "session_id"])),
    createdAt,
    outcomes,
  };
}

function idOf(value: unknown): string | null {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : asString(value);
}

function requestOf(record: JsonRecord): RouteRequest | null {
  const { messages, system, tools, hasJsonSchema, maxTokens } = readConversation(record);
  const hasText = messages.some(({ content }) => typeof content !== "string" || content.trim() !== "");
  if (!hasText) return null;
  return {
    messages,
    ...(system !== null && { system }),
    ...(tools !== null && { tools }),
    ...(hasJsonSchema && { responseFormat: record.response_format ?? { type: "json_object" } }),
    ...(maxTokens !== null && { maxTokens }),
  };
}

function outcomesOf(value: unknown): GivenOutcome[] | { error: string } {
  const models = Object.entries(asRecord(value) ?? {});
  if (models.length === 0) return { error: "no outcomes: give outcomes as {MODEL: {quality: 0 to 1}}" };
  const outcomes: GivenOutcome[] = [];
  for (const [model, given] of models) {
    const outcome = outcomeOf(model, asRecord(given));
    if ("error" in outcome) return { error: `outcomes.${model}: ${outcome.error}` };
    outcomes.push(outcome);
  }
  return outcomes;
}

function outcomeOf(model: string, given: JsonRecord | null): GivenOutcome | { error: string } {
  if (model.trim() === "") return { error: "the model has no name" };
  if (given === null) return { error: "not an object with a quality" };
  const {
    quality,
    cost_usd: costUsd = null,
    output_tokens: outputTokens = null,
    latency_ms: latencyMs = null,
  } = given;
  if (quality === undefined || quality === null) return { error: "quality is missing" };
  if (typeof quality !== "number" || !(quality >= 0 && quality <= 1)) {
    return { error: `quality is ${show(quality)}, not a number from 0 to 1` };
  }
  if (!isAbsentOrCount(costUsd)) return { error: `cost_usd is ${show(costUsd)}, not a number from 0` };
  if (!isAbsentOrCount(latencyMs)) return { error: `latency_ms is ${show(latencyMs)}, not a number from 0` };
  if (!isAbsentOrCount(outputTokens) || (outputTokens !== null && !Number.isSafeInteger(outputTokens))) {
    return { error: `output_tokens is ${show(outputTokens)}, not a whole number from 0` };
  }
  return { model, quality, costUsd, outputTokens, latencyMs };
}

function isAbsentOrCount(value: unknown): value is number | null {
  return value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
