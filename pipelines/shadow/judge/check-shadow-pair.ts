import type { ShadowPairRecord, ShadowSide } from "@signalbox/runtime";
import type { ShadowTexts } from "./preference-call.js";
import type { ShadowPreference } from "./read-preference.js";

/** What facts alone say of a pair. */
export interface ExactDecision {
  /** Name of the check, as `check:NAME` in the verdict table. */
  check: "both_failed" | "candidate_refused" | "candidate_empty" | "candidate_invalid_json" | "equal";
  verdict: ShadowPreference;
  baselineServes: boolean | null;
  candidateServes: boolean | null;
}

/** Decide what needs no judge: a candidate that refused, said nothing, or broke the JSON that was demanded where the baseline did not, and
 * answers that are equal but for white space. A baseline that refused or said nothing decides nothing by itself: that the candidate answered
 * may be worse, so a judge reads both.
 * @returns null when a judge has to be asked */
export function checkShadowPair(
  { baseline, candidate }: Pick<ShadowPairRecord, "baseline" | "candidate">,
  texts: Pick<ShadowTexts, "baseline" | "candidate">,
): ExactDecision | null {
  const isBaselineVoid = isVoid(baseline, texts.baseline);
  if (candidate !== null && isVoid(candidate, texts.candidate)) {
    if (isBaselineVoid)
      return { check: "both_failed", verdict: "tie", baselineServes: false, candidateServes: false };
    const check = candidate.is_refusal === true ? "candidate_refused" : "candidate_empty";
    return { check, verdict: "baseline", baselineServes: null, candidateServes: false };
  }
  if (candidate?.is_valid_json === false && baseline.is_valid_json === true && !isBaselineVoid)
    return {
      check: "candidate_invalid_json",
      verdict: "baseline",
      baselineServes: null,
      candidateServes: false,
    };
  return normalised(texts.baseline) === normalised(texts.candidate)
    ? { check: "equal", verdict: "tie", baselineServes: null, candidateServes: null }
    : null;
}

function isVoid({ is_refusal }: ShadowSide, text: string): boolean {
  return is_refusal === true || normalised(text) === "";
}

function normalised(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
