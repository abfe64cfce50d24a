import type { Journal } from "../../label/journal.js";
import type { JudgeCall, JudgeReply } from "../../label/judge.js";
import { type ReadVerdict, readVerdict } from "../../label/read-verdict.js";
import type { PairCallFactory } from "./pair-calls.js";
import type { PairItem } from "./pair-item.js";

/** Whether the cached answer serves the request. */
export type PairVerdict = "same" | "different" | "cannot_tell";

/** All that is known of one pair. */
export interface PairLabel {
  item: PairItem;
  /** None for what facts decide. */
  calls: JudgeCall[];
  /** Null while a call is neither answered nor failed: then nothing is known. */
  replies: JudgeReply[] | null;
  /** Null while nothing is known, or when a call failed. */
  verdict: PairVerdict | null;
  /** Why there is no verdict, or why it can't be told. */
  error: string | null;
}

/** Read what the journal holds about a pair. */
export function readPair(
  item: PairItem,
  { factory, journal }: { factory: PairCallFactory; journal: Pick<Journal, "replies" | "failures"> },
): PairLabel {
  if (item.isEqual) return { item, calls: [], replies: [], verdict: "same", error: null };
  const calls = factory.calls(item);
  const replies = calls.flatMap(({ key }) => {
    const reply = journal.replies.get(key)?.reply ?? journal.failures.get(key);
    return reply ? [reply] : [];
  });
  if (replies.length < calls.length) return { item, calls, replies: null, verdict: null, error: null };
  const failed = replies.find(({ error }) => error !== null);
  if (failed) return { item, calls, replies, verdict: null, error: failed.error };
  const read = replies.map(readPairVerdict);
  return {
    item,
    calls,
    replies,
    verdict: combinePairOrders(read.map(({ verdict }) => verdict)),
    error: read.find(({ failure }) => failure !== null)?.failure ?? null,
  };
}

/** Read one reply; whatever is not exactly what was demanded is `cannot_tell`, with the reason. */
export function readPairVerdict(reply: JudgeReply): ReadVerdict<PairVerdict> {
  return readVerdict<PairVerdict>(reply, ["same", "different", "cannot_tell"]);
}

/** What all orders of a pair say together: `same` only if every one does, `different` if any does. */
export function combinePairOrders(verdicts: readonly PairVerdict[]): PairVerdict {
  if (verdicts.includes("different")) return "different";
  return verdicts.every((verdict) => verdict === "same") ? "same" : "cannot_tell";
}
