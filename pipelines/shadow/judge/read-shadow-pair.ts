import type { Journal } from "../../label/journal.js";
import type { JudgeCall, JudgeReply } from "../../label/judge.js";
import type { ShadowItem } from "./plan-shadow-judge.js";
import type { ShadowCallFactory } from "./preference-call.js";
import { type ReadPreference, readPreference, type ShadowPreference } from "./read-preference.js";

/** All that is known of one pair. */
export interface ShadowLabel {
  item: ShadowItem;
  /** None for what facts decide. */
  calls: JudgeCall[];
  /** Null while a call is neither answered nor failed: then nothing is known. */
  replies: JudgeReply[] | null;
  /** Verdict with the baseline's answer first, and with the candidate's first; null = none. */
  verdicts: [ShadowPreference | null, ShadowPreference | null];
  /** Mean of the two orders, -1 to 1, 1 = the baseline is better; null unless both orders have a verdict. */
  difference: number | null;
  baselineSuccess: boolean | null;
  candidateSuccess: boolean | null;
  /** Why there is no difference. */
  error: string | null;
}

/** Read what the journal holds about a pair. One order alone is no verdict: it holds the judge's favour for a place. */
export function readShadowPair(
  item: ShadowItem,
  { factory, journal }: { factory: ShadowCallFactory; journal: Pick<Journal, "replies" | "failures"> },
): ShadowLabel {
  if (item.exact !== null) {
    const { verdict, baselineServes, candidateServes } = item.exact;
    return {
      ...nothingKnown(item),
      replies: [],
      verdicts: [verdict, verdict],
      difference: signOf(verdict),
      baselineSuccess: baselineServes,
      candidateSuccess: candidateServes,
    };
  }
  const calls = factory.calls(item.texts);
  const replies = calls.flatMap(({ key }) => {
    const reply = journal.replies.get(key)?.reply ?? journal.failures.get(key);
    return reply ? [reply] : [];
  });
  if (replies.length < calls.length) return { ...nothingKnown(item), calls };
  const read = replies.map((reply, i) => readPreference(reply, i === 0));
  const [first, second] = read.map(({ verdict }) => (verdict === "cannot_tell" ? null : verdict));
  const isWhole = first != null && second != null;
  return {
    item,
    calls,
    replies,
    verdicts: [first ?? null, second ?? null],
    difference: isWhole ? (signOf(first) + signOf(second)) / 2 : null,
    baselineSuccess: isWhole ? agreed(read.map(({ baselineServes }) => baselineServes)) : null,
    candidateSuccess: isWhole ? agreed(read.map(({ candidateServes }) => candidateServes)) : null,
    error: isWhole ? null : errorOf(replies, read),
  };
}

function nothingKnown(item: ShadowItem): ShadowLabel {
  return {
    item,
    calls: [],
    replies: null,
    verdicts: [null, null],
    difference: null,
    baselineSuccess: null,
    candidateSuccess: null,
    error: null,
  };
}

/** Worth of a verdict: 1 = the baseline is better. */
export function signOf(verdict: ShadowPreference): -1 | 0 | 1 {
  return verdict === "tie" ? 0 : verdict === "baseline" ? 1 : -1;
}

/** An answer serves only if both orders say so: a doubt is no success, on either side. */
function agreed(serves: ReadonlyArray<boolean | null>): boolean {
  return serves.every((value) => value === true);
}

function errorOf(replies: readonly JudgeReply[], read: readonly ReadPreference[]): string {
  return (
    replies.find(({ error }) => error !== null)?.error ??
    read.find(({ failure }) => failure !== null)?.failure ??
    "cannot_tell"
  );
}
