import { defineTable, type RowOf } from "./table.js";

/** Logged attempts, each once, with what the simulation knows of it. Written by `signalbox simulate`, read by every counterfactual. */
export const replay = defineTable({
  name: "replay",
  grain: "one row per logged attempt, in the order in which production saw it",
  columns: {
    row: { type: "INTEGER", required: true, about: "Place in order of time, from 0" },
    request_id: { type: "VARCHAR", required: true, about: "As in requests" },
    logical_id: { type: "VARCHAR", required: true, about: "Joins the attempts of one logical request" },
    attempt_no: { type: "INTEGER", required: true, about: "1 for the first attempt" },
    session: {
      type: "INTEGER",
      required: true,
      about: "Number of the session, or of the logical request without one; intervals are clustered by it",
    },
    evidence: {
      type: "VARCHAR",
      required: true,
      about:
        "replayed: the router decided it and it is priced on every model; else left as billed (measured) or unknown",
    },
    left_reason: { type: "VARCHAR", about: "Why it is not replayed; NULL when it is" },
    created_at: { type: "TIMESTAMP", unit: "UTC", required: true, about: "When the attempt was sent" },
    app: { type: "VARCHAR", about: "As in requests" },
    tenant: { type: "VARCHAR", about: "As in requests" },
    user_hash: { type: "VARCHAR", about: "As in requests" },
    endpoint: { type: "VARCHAR", about: "As in requests" },
    served: {
      type: "INTEGER",
      required: true,
      about: "Place among the policy's models of the one that answered; -1 = none of them",
    },
    chosen: {
      type: "INTEGER",
      required: true,
      about: "Place of the model that the router chooses; -1 = not replayed",
    },
    tier: { type: "INTEGER", about: "Difficulty 0, 1 or 2 as the router sees it" },
    is_stakes: { type: "BOOLEAN", about: "Whether the router thinks that errors are expensive" },
    confidence: { type: "DOUBLE", about: "The router's confidence in its choice" },
    is_success: { type: "BOOLEAN", required: true, about: "Whether the attempt was answered" },
    error_class: { type: "VARCHAR", about: "As in requests" },
    finish_reason: { type: "VARCHAR", about: "As in requests" },
    is_stream: { type: "BOOLEAN", about: "As in requests" },
    is_batch: { type: "BOOLEAN", about: "As in requests" },
    input_tokens: { type: "INTEGER", unit: "tokens", about: "All input, cached or not" },
    cache_read_tokens: {
      type: "INTEGER",
      unit: "tokens",
      about: "Input that the provider's prompt cache held",
    },
    cache_write_tokens: { type: "INTEGER", unit: "tokens", about: "Input that was written to it" },
    output_tokens: { type: "INTEGER", unit: "tokens", about: "Output, reasoning included" },
    billed_usd: {
      type: "DOUBLE",
      unit: "USD",
      about:
        "What the attempt cost as logged, a gateway's mark-up included, else at list price; NULL = unknown, never 0",
    },
    latency_ms: { type: "DOUBLE", unit: "ms", about: "To the last token" },
    ttft_ms: { type: "DOUBLE", unit: "ms", about: "To the first token" },
    user_chars: { type: "INTEGER", about: "UTF-16 units of the last user turn" },
    has_tools: { type: "BOOLEAN", about: "Whether tools were offered" },
    prompt_hash: {
      type: "VARCHAR",
      about: "Hash of scope and prompt: equal for exact repeats; NULL where the prompt is not in the log",
    },
  },
});

/** A row of {@link replay}. */
export type ReplayRow = RowOf<typeof replay>;

/** What each replayed attempt would have cost on each model of the policy, and how well that model would do. */
export const replayModels = defineTable({
  name: "replay_models",
  grain: "one row per replayed attempt and model of the policy, ordered by model, then row",
  columns: {
    model: {
      type: "INTEGER",
      required: true,
      about: "Place of the model in the policy, ascending in cost; the last is the strong one",
    },
    row: { type: "INTEGER", required: true, about: "Row of replay" },
    usd: {
      type: "DOUBLE",
      unit: "USD",
      required: true,
      about:
        "Cost on this model: as billed where it answered, else logged tokens at its list price, with the gateway's mark-up and fee where these are known (gateway_terms of results/simulate.json)",
    },
    sufficiency: {
      type: "DOUBLE",
      about:
        "Calibrated probability that its answer is not worse than the strong model's; 1 for the strong model, NULL without a head",
    },
  },
});
/** A row of {@link replayModels}. */
export type ReplayModelRow = RowOf<typeof replayModels>;
