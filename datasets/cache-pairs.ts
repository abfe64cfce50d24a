import { defineTable, type RowOf } from "./table.js";

/** Judged or imported answers to: does the cached answer serve this request? */
export const cachePairs = defineTable({
  name: "cache_pairs",
  grain: "one row per judged pair of a request and a cached entry",
  columns: {
    pair_id: { type: "VARCHAR", required: true, about: "Hash of request and entry" },
    request_id: { type: "VARCHAR", required: true, about: "Request that asked" },
    entry_id: { type: "VARCHAR", required: true, about: "Request whose cached answer was offered" },
    segment: { type: "VARCHAR", required: true, about: "Segment of the request" },
    created_at: { type: "TIMESTAMP", unit: "UTC", about: "When the request asked" },
    similarity: { type: "DOUBLE", required: true, about: "Cosine of the two prompts" },
    features_json: { type: "VARCHAR", about: "What the same-answer score reads, JSON list of numbers" },
    inclusion_probability: {
      type: "DOUBLE",
      required: true,
      about: "Probability with which the pair was sampled, above 0, at most 1",
    },
    verdict: { type: "VARCHAR", about: "same, different or cannot_tell; NULL when the call failed" },
    judge: { type: "VARCHAR", required: true, about: "Model that judged; import or human:NAME otherwise" },
    is_simulated: { type: "BOOLEAN", required: true, about: "Whether the judge is a simulation" },
    cost_usd: { type: "DOUBLE", unit: "USD", about: "What the calls cost; NULL when unknown" },
    error: { type: "VARCHAR", about: "Why there is no verdict" },
  },
});
/** A row of {@link cachePairs}. */
export type CachePairRow = RowOf<typeof cachePairs>;
