import type { StreamItem } from "../cache-stream.js";

/** A public data set's query as a request without tenant, time, system prompt or conversation, but for what is given. */
export function streamItemOf(
  id: string,
  text: string,
  given: Pick<StreamItem, "segment" | "answer_key"> & Partial<StreamItem>,
): StreamItem {
  return { id, text, tenant: null, created_at: null, system: null, history: [], ...given };
}
