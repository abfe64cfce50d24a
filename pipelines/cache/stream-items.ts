import { hashExact, hashScope, NeverCache, neverCacheReasons } from "@signalbox/runtime";
import type { StreamItem } from "../../datasets/cache-stream.js";
import { numberer } from "./number-keys.js";
import type { TracedItem } from "./traced-item.js";

/** Turns stream items into what a cache replays. Answer keys become numbers. A stream names no sessions: each line is one. A text's
 * wording decides that it must not be cached only where the right answer is unknown: known answers tell what has changed.
 * @param countTokens of the embedding model; null where embedding is free */
export function streamTracer(
  countTokens: ((text: string) => number) | null = null,
): (item: StreamItem) => TracedItem {
  const truthOf = numberer();
  let session = 0;
  return (item) => {
    const scope = hashScope({
      tenant: item.tenant,
      app: item.segment,
      system: item.system,
      history: item.history.length === 0 ? null : JSON.stringify(item.history),
    });
    const truth = item.answer_key === null ? -1 : truthOf(item.answer_key);
    return {
      id: item.id,
      text: item.text,
      scope,
      exactKey: hashExact(scope, item.text),
      lastTurnKey: hashExact(item.tenant ?? "", item.text),
      segment: item.segment ?? "default",
      session: session++,
      tenant: item.tenant ?? "",
      createdAt: item.created_at,
      at: 0,
      answerGroup: truth,
      truth,
      neverCache: whyNeverCache(item),
      costUsd: null,
      embedTokens: countTokens?.(item.text) ?? 0,
    };
  };
}

function whyNeverCache({ text, history, answer_key }: StreamItem): string | null {
  const hasToolResults = history.some(({ role }) => role === "tool" || role === "function");
  const reasons = neverCacheReasons({ text, hasToolResults });
  return reasons.find((reason) => answer_key === null || !wordingReasons.has(reason)) ?? null;
}

/** Reasons that are guessed from the wording of the request. */
const wordingReasons: ReadonlySet<NeverCache> = new Set([NeverCache.timeSensitive, NeverCache.userSpecific]);
