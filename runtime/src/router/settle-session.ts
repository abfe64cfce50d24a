import { isShortFollowUp } from "../features/dense-features.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Choice } from "./choose-model.js";
import type { CompiledPolicy } from "./compile-policy.js";
import { Reason } from "./decision.js";

/** The model of a turn once its session has had its say. */
export interface SettledSession {
  /** Place of the model among the policy's, by cost. */
  rank: number;
  /** Reasons to put before the choice's own. */
  reasons: string[];
}

/** Reconcile the choice for one turn with the model that its session is on. A session's model can only rise: dropping
 * would lose the provider's prompt cache. A short follow-up ("yes") says nothing about its own difficulty, so it takes the
 * session's model unless errors are expensive, and the strong model when the session isn't known.
 * @param held place of the session's model; undefined when the session isn't known */
export function settleSession(
  { strong }: CompiledPolicy,
  read: ReadRequest,
  { rank, feasible, stakes }: Choice,
  held: number | undefined,
): SettledSession {
  const leansOnSession = isShortFollowUp(read) && stakes !== true;
  if (held === undefined) {
    const isUnknown = leansOnSession && rank !== strong && feasible.includes(strong);
    return isUnknown ? { rank: strong, reasons: [Reason.followUp] } : { rank, reasons: [] };
  }
  const floor = feasible.find((other) => other >= held) ?? rank;
  if (leansOnSession && floor !== rank) return { rank: floor, reasons: [Reason.sessionInherited] };
  if (rank > held) return { rank, reasons: [Reason.sessionEscalated] };
  if (floor > rank) return { rank: floor, reasons: [Reason.sessionKept] };
  return { rank, reasons: [] };
}
