import { isShortFollowUp } from "../features/dense-features.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Choice } from "./choose-model.js";
import type { CompiledPolicy } from "./compile-policy.js";
import { Reason } from "./decision.js";
import type { HeldModel } from "./session-memory.js";
import { paysToDrop } from "./switching-cost.js";

/** The model of a turn once its session has had its say. */
export interface SettledSession {
  /** Place of the model among the policy's, by cost. */
  rank: number;
  /** Reasons to put before the choice's own. */
  reasons: string[];
}

/** Reconcile the choice for one turn with the model that its session is on. A session's model rises when a turn needs more. It drops
 * only where the policy prices that and the turn is cheaper on the smaller model even without the cached prefix; otherwise it stays.
 * A short follow-up ("yes") says nothing about its own difficulty, so it takes the session's model unless errors are expensive,
 * and the strong model when the session isn't known; it never drops. A rule that takes a model leaves the session no say.
 * @param held undefined when the session isn't known
 * @param now milliseconds since 1970 */
export function settleSession(
  compiled: CompiledPolicy,
  read: ReadRequest,
  choice: Choice,
  held: HeldModel | undefined,
  now: number,
): SettledSession {
  const { rank, feasible, stakes } = choice;
  if (choice.isRuled) return { rank, reasons: [] };
  const leansOnSession = isShortFollowUp(read) && read.isReply && stakes !== true;
  const heldRank = held === undefined ? -1 : rankOf(compiled, held.model);
  if (held === undefined || heldRank < 0) {
    const isUnknown = leansOnSession && rank !== compiled.strong && feasible.includes(compiled.strong);
    return isUnknown ? { rank: compiled.strong, reasons: [Reason.followUp] } : { rank, reasons: [] };
  }
  const floor = feasible.find((other) => other >= heldRank) ?? rank;
  if (leansOnSession && floor !== rank) return { rank: floor, reasons: [Reason.sessionInherited] };
  if (rank > heldRank) return { rank, reasons: [Reason.sessionEscalated] };
  if (floor <= rank) return { rank, reasons: [] };
  const lastTurnAt = floor === heldRank ? held.at : Number.NEGATIVE_INFINITY;
  const drops =
    choice.isSufficient &&
    paysToDrop(compiled, choice.tokens.likely, { from: floor, to: rank, now, lastTurnAt });
  return drops ? { rank, reasons: [Reason.sessionDropped] } : { rank: floor, reasons: [Reason.sessionKept] };
}

/** What the session holds after a turn: the settled model, but a model that a rule took can only raise it, since rules are about single
 * requests. */
export function holdAfter(
  compiled: CompiledPolicy,
  choice: Choice,
  settled: number,
  held: HeldModel | undefined,
  now: number,
): HeldModel {
  const isSideCall = choice.isRuled && held !== undefined && rankOf(compiled, held.model) > settled;
  return isSideCall ? held : { model: compiled.candidates[settled]!.model, at: now };
}

function rankOf({ candidates }: CompiledPolicy, name: string): number {
  return candidates.findIndex(({ model }) => model === name);
}
