import type { TrafficRow } from "./traffic-row.js";

/** Why an attempt is not replayed, and how sure its cost is then. The place in the list is its code in the columns; 0 = it is replayed. */
export const leftReasons = [
  { evidence: "replayed", note: null },
  { evidence: "measured", note: "failed attempts: left as billed" },
  { evidence: "measured", note: "embeddings and other non-chat calls: left as billed" },
  { evidence: "measured", note: "served by a model outside the router's pool: left as billed" },
  { evidence: "measured", note: "no prompt text in the log: left as billed" },
  { evidence: "unknown", note: "no known price: not in any total" },
  { evidence: "measured", note: "no token counts, so no cost on another model: left as billed" },
  { evidence: "measured", note: "no known price on another model: left as billed" },
  { evidence: "measured", note: "earlier turns can't be read: left as billed" },
] as const;

/** Codes of {@link leftReasons} by name. */
export const Left = {
  replayed: 0,
  failed: 1,
  notChat: 2,
  otherModel: 3,
  noText: 4,
  noPrice: 5,
  noTokens: 6,
  noOtherPrice: 7,
  unreadable: 8,
} as const;

/** Code of the reason to leave an attempt before it is decided.
 * @param served place of the model that answered, -1 = outside the pool */
export function leftCode(row: TrafficRow, served: number): number {
  if (row.is_unpriced || (row.billed_usd === null && row.is_success)) return Left.noPrice;
  if (!row.is_success) return Left.failed;
  if (row.endpoint === "embeddings") return Left.notChat;
  if (served < 0) return Left.otherModel;
  if (row.user_text === null) return Left.noText;
  if (!row.has_tokens) return Left.noTokens;
  return Left.replayed;
}
