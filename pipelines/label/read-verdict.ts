import type { JudgeReply } from "./judge.js";

/** What a judge said about one pair in one order. */
export type SufficiencyVerdict = "sufficient" | "insufficient" | "cannot_tell";

/** A verdict read defensively: whatever is not exactly what was demanded is `cannot_tell`, with the reason. */
export interface ReadVerdict<V extends string> {
  verdict: V | "cannot_tell";
  rationale: string | null;
  /** Null when the judge itself decided. */
  failure: "truncated" | "refused" | "malformed_verdict" | "call_failed" | null;
}

/** Read the reply to a tier question. */
export function readTier(reply: JudgeReply): ReadVerdict<"0" | "1" | "2"> & { isStakes: boolean | null } {
  const read = readObject(reply, ["rationale", "tier", "stakes"]);
  const isValid =
    read.failure === null &&
    isOneOf(read.object.tier, ["0", "1", "2", "cannot_tell"]) &&
    typeof read.object.stakes === "boolean";
  if (!isValid)
    return {
      verdict: "cannot_tell",
      rationale: null,
      failure: read.failure ?? "malformed_verdict",
      isStakes: null,
    };
  const { rationale, tier, stakes } = read.object;
  return {
    verdict: tier as "0" | "1" | "2" | "cannot_tell",
    rationale: String(rationale),
    failure: null,
    isStakes: stakes as boolean,
  };
}

/** Read the reply to a sufficiency question. */
export function readSufficiency(reply: JudgeReply): ReadVerdict<SufficiencyVerdict> {
  return readVerdict(reply, ["sufficient", "insufficient", "cannot_tell"]);
}

/** Read the reply to a question whose answer is one word and a rationale.
 * @param allowed every verdict that was offered */
export function readVerdict<V extends string>(reply: JudgeReply, allowed: readonly V[]): ReadVerdict<V> {
  const read = readObject(reply, ["rationale", "verdict"]);
  if (read.failure !== null || !isOneOf(read.object.verdict, allowed))
    return { verdict: "cannot_tell", rationale: null, failure: read.failure ?? "malformed_verdict" };
  return {
    verdict: read.object.verdict as V,
    rationale: String(read.object.rationale),
    failure: null,
  };
}

/** Read a reply that must be a JSON object with exactly these keys, a rationale among them.
 * @returns an empty object with the reason when it is not */
export function readObject(
  reply: JudgeReply,
  keys: readonly string[],
): { object: Record<string, unknown>; failure: ReadVerdict<never>["failure"] } {
  if (reply.error !== null)
    return { object: {}, failure: reply.error === "refused" ? "refused" : "call_failed" };
  if (reply.finishReason === "refusal") return { object: {}, failure: "refused" };
  if (reply.finishReason === "length") return { object: {}, failure: "truncated" };
  const object = parseObject(reply.text ?? "");
  const isExact =
    object !== null &&
    typeof object.rationale === "string" &&
    Object.keys(object).sort().join() === [...keys].sort().join();
  return isExact ? { object, failure: null } : { object: {}, failure: "malformed_verdict" };
}

/** A JSON object, also when an endpoint without structured output wraps it in a Markdown fence. */
function parseObject(text: string): Record<string, unknown> | null {
  const bare = text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, "$1");
  try {
    const value: unknown = JSON.parse(bare);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Whether a value is one of the words that were offered. */
export function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === "string" && allowed.includes(value);
}
