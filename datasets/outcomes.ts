import { defineTable, type RowOf } from "./table.js";

/** How good one model's answer to one request was, and what it cost. Imported, judged, or from shadow pairs. */
export const outcomes = defineTable({
  name: "outcomes",
  grain: "one row per item and model",
  columns: {
    item_id: { type: "VARCHAR", required: true, about: "Id of the item; rows of one item share it" },
    model: { type: "VARCHAR", required: true, about: "Model that answered" },
    quality: { type: "DOUBLE", required: true, about: "Quality of the answer, 0 to 1" },
    cost_usd: { type: "DOUBLE", unit: "USD", about: "What the answer cost; NULL when unknown" },
    cost_source: { type: "VARCHAR", about: "given, price_book or missing" },
    output_tokens: { type: "BIGINT", unit: "tokens", about: "Length of the answer" },
    latency_ms: { type: "DOUBLE", unit: "ms", about: "Time the answer took" },
    origin: { type: "VARCHAR", required: true, about: "imported, judged or shadow" },
  },
});
/** A row of {@link outcomes}. */
export type OutcomeRow = RowOf<typeof outcomes>;

/** The prompts that outcomes belong to, in the form the featuriser reads. */
export const outcomeItems = defineTable({
  name: "outcome_items",
  grain: "one row per item",
  columns: {
    item_id: { type: "VARCHAR", required: true, about: "Id of the item" },
    messages_json: { type: "VARCHAR", required: true, about: "The request as JSON: {messages, tools?, ...}" },
    group: { type: "VARCHAR", about: "Task or slice that the item belongs to" },
    session_id: { type: "VARCHAR", about: "Conversation; items of one session never straddle a split" },
    created_at: { type: "TIMESTAMP", unit: "UTC", about: "When it was asked" },
    weight: {
      type: "DOUBLE",
      required: true,
      about: "Inverse of the inclusion probability; 1 when not sampled",
    },
    tier: { type: "INTEGER", about: "Difficulty 0 to 2, when judged" },
    is_stakes: { type: "BOOLEAN", about: "Whether errors are expensive, when judged" },
  },
});
/** A row of {@link outcomeItems}. */
export type OutcomeItemRow = RowOf<typeof outcomeItems>;
