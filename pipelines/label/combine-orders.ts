import type { SufficiencyVerdict } from "./read-verdict.js";

/** What both orders of a pair say together. A tie is a contradiction: the verdict changed with the place. */
export type PairVerdict = "sufficient" | "insufficient" | "tie" | "cannot_tell";

/** Combine the verdicts of both orders. One `cannot_tell` is enough for the pair to be left out. */
export function combineOrders(
  referenceFirst: SufficiencyVerdict,
  candidateFirst: SufficiencyVerdict,
): PairVerdict {
  if (referenceFirst === "cannot_tell" || candidateFirst === "cannot_tell") return "cannot_tell";
  return referenceFirst === candidateFirst ? referenceFirst : "tie";
}

/** Quality of the candidate's answer relative to the reference's 1: a tie is worth half; null = no label. */
export function pairQuality(verdict: PairVerdict): number | null {
  return { sufficient: 1, insufficient: 0, tie: 0.5, cannot_tell: null }[verdict];
}
