import type { JudgeReply } from "../../label/judge.js";
import { isOneOf, type ReadVerdict, readObject } from "../../label/read-verdict.js";

/** Whose answer is better. */
export type ShadowPreference = "baseline" | "candidate" | "tie";

/** What a judge said about one pair in one order, in the pair's terms. */
export interface ReadPreference {
  verdict: ShadowPreference | "cannot_tell";
  /** Null when it can't be told. */
  baselineServes: boolean | null;
  candidateServes: boolean | null;
  failure: ReadVerdict<never>["failure"];
}

/** Read one reply; whatever is not exactly what was demanded is `cannot_tell`, with the reason.
 * @param isBaselineFirst whose answer was ANSWER_1 */
export function readPreference(reply: JudgeReply, isBaselineFirst: boolean): ReadPreference {
  const read = readObject(reply, ["rationale", "first_serves", "second_serves", "verdict"]);
  const { first_serves, second_serves, verdict } = read.object;
  const isValid =
    read.failure === null &&
    isOneOf(verdict, ["first", "second", "tie", "cannot_tell"]) &&
    typeof first_serves === "boolean" &&
    typeof second_serves === "boolean";
  if (!isValid)
    return {
      verdict: "cannot_tell",
      baselineServes: null,
      candidateServes: null,
      failure: read.failure ?? "malformed_verdict",
    };
  if (verdict === "cannot_tell")
    return { verdict, baselineServes: null, candidateServes: null, failure: null };
  const [baselineServes, candidateServes] = isBaselineFirst
    ? [first_serves, second_serves]
    : [second_serves, first_serves];
  const isBaseline = (verdict === "first") === isBaselineFirst;
  return {
    verdict: verdict === "tie" ? "tie" : isBaseline ? "baseline" : "candidate",
    baselineServes,
    candidateServes,
    failure: null,
  };
}
