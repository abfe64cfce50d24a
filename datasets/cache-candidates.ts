import { defineTable, type RowOf } from "./table.js";

/** What `cache replay` leaves behind: requests with the entry that a semantic cache would have offered them. Pairs to judge are
 * drawn from it, and thresholds are calibrated on it. */
export const cacheCandidates = defineTable({
  name: "cache_candidates",
  grain:
    "one row per request of the third quarter of a replay, when the cache had filled; of a short one, all",
  columns: {
    request_id: { type: "VARCHAR", required: true, about: "Request that asked" },
    segment: { type: "VARCHAR", required: true, about: "Part of the traffic with a threshold of its own" },
    created_at: { type: "TIMESTAMP", unit: "UTC", about: "When it asked" },
    tier: {
      type: "VARCHAR",
      required: true,
      about: "exact (an equal request was cached), semantic (a neighbour was), miss, or uncacheable",
    },
    reason: { type: "VARCHAR", about: "Why it is uncacheable" },
    entry_id: { type: "VARCHAR", about: "Request whose cached answer was offered" },
    similarity: { type: "DOUBLE", about: "Cosine of the two prompts" },
    score: { type: "DOUBLE", about: "Same-answer score where a pair model was used, 0 to 1" },
    features_json: { type: "VARCHAR", about: "What the same-answer score reads, JSON list of numbers" },
    is_same_answer: {
      type: "BOOLEAN",
      about: "Whether the log's own answers to request and entry are the same; NULL where one isn't known",
    },
    saved_usd: { type: "DOUBLE", unit: "USD", about: "Billed cost of the request, which a hit would save" },
  },
});
/** A row of {@link cacheCandidates}. */
export type CacheCandidateRow = RowOf<typeof cacheCandidates>;
