import { defineTable } from "../../datasets/table.js";
import type { CacheItem } from "../../models/cache/cache-item.js";

/** A request as the cache sees it, with what the figures need besides. */
export interface TracedItem extends CacheItem {
  /** Number of the conversation that it belongs to, by which intervals are clustered. */
  session: number;
  tenant: string;
  /** Microseconds since 1970, UTC; null = only the order is known. */
  createdAt: number | null;
  /** Key that a cache would have which looks at the tenant and the last user turn alone. */
  lastTurnKey: string;
  /** Tokens that an embedding model is paid for; 0 where embedding is free. */
  embedTokens: number;
}

/** {@link TracedItem}s at rest, between reading and the replays. */
export const tracedItems = defineTable({
  name: "traced_items",
  grain: "one row per request to replay",
  columns: {
    place: { type: "BIGINT", required: true, about: "Place in the order of reading, from 0" },
    id: { type: "VARCHAR", required: true, about: "Request" },
    text: {
      type: "VARCHAR",
      required: true,
      about: "Last user turn; empty when only the exact tier can know it",
    },
    scope: { type: "VARCHAR", required: true, about: "Hash of what must be equal" },
    exact_key: { type: "VARCHAR", required: true, about: "Hash of scope and text" },
    last_turn_key: { type: "VARCHAR", required: true, about: "Hash of tenant and text" },
    segment: { type: "VARCHAR", required: true, about: "Part of the traffic" },
    session: { type: "INTEGER", required: true, about: "Number of the conversation" },
    tenant: { type: "VARCHAR", required: true, about: "Tenant; empty when none is named" },
    created_at: { type: "TIMESTAMP", unit: "UTC", about: "When it was asked" },
    answer_group: { type: "INTEGER", required: true, about: "Id of the logged answer; -1 = unknown" },
    truth: { type: "INTEGER", required: true, about: "Id of the right answer; -1 = unknown" },
    never_cache: { type: "VARCHAR", about: "Why it must not be cached" },
    cost_usd: { type: "DOUBLE", unit: "USD", about: "What was billed for it; NULL = unknown" },
    embed_tokens: { type: "BIGINT", required: true, unit: "tokens", about: "What embedding it takes" },
  },
});
