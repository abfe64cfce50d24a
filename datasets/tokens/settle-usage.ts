import type { RequestDraft } from "../sources/source.js";
import type { TokenUsage } from "./token-usage.js";

/** The one rule for calls of which a log counts the input alone: the output is 0 where there can be none (embeddings, reranking,
 * moderation, a failed call without an answer), else unknown, and with it the usage: half of it would be priced as if it were all.
 * (A call of which the output alone is counted has no usage at all: see {@link normaliseUsage}.) */
export function settleUsage(draft: RequestDraft): TokenUsage | null {
  if (draft.usage?.outputUnknown !== true) return draft.usage;
  const { outputUnknown: _, ...usage } = draft.usage;
  return hasNoOutput(draft) ? usage : null;
}

function hasNoOutput({ endpoint, modelServed, modelRequested, status, output }: RequestDraft): boolean {
  if (status === "error" && output === null) return true;
  return [endpoint, modelServed, modelRequested].some((name) => name !== null && answerless.test(name));
}

/** Operations and models that answer with vectors, ranks or scores. */
const answerless = /embed|rerank|moderation|^(?:.*\/)?(?:voyage-|bge-|gte-|e5-)/i;
