import { isUndecided } from "../adapters/plan-route.js";
import { callOther, type OtherAnswer } from "./call-other.js";
import { makePairRecord, type PairFacts, pairIdOf } from "./pair-record.js";
import { type PairSides, pairSides, whyNotPaired } from "./pair-sides.js";
import { estimateTokens, shadowBody } from "./shadow-body.js";
import type { Reservation, ShadowBudget } from "./shadow-budget.js";
import { keepContents, promptOf, type ShadowContent } from "./shadow-content.js";
import type { ShadowCall, ShadowOffer } from "./shadow-offer.js";
import { type ShadowPairRecord, ShadowStatus } from "./shadow-pair.js";
import type { ShadowSettings } from "./shadow-settings.js";

/** What a shadow's requests share. */
export interface ShadowWorks {
  settings: ShadowSettings;
  budget: ShadowBudget;
  /** Changed as requests are treated. */
  counts: { underWay: number; contentsLost: number };
}

/** Treat one sampled request: call the other model, unless something speaks against it, and make the record of what came of it.
 * Between looking at the limits and the call nothing is waited for, so they hold exactly.
 * @param isOff whether the shadow itself is switched off */
export async function treatOffer(
  works: ShadowWorks,
  offer: ShadowOffer,
  isOff: boolean,
): Promise<ShadowPairRecord> {
  const { settings } = works;
  const { policy } = settings.router;
  const rate = policy?.shadow.rate ?? 0;
  const sides = pairSides(offer, policy);
  const dropped = isOff ? ShadowStatus.droppedDisabled : whyDropped(works, offer, sides);
  const reservation = dropped === null ? reserve(works, offer, sides.other) : null;
  const other = reservation === null ? null : await callWithin(works, offer, sides.other, reservation);
  const status = dropped ?? (other === null ? ShadowStatus.droppedBudget : statusOf(offer, other));
  const facts = { offer, sides, status, other, rate, pairId: pairIdOf(offer.decision) };
  const content = await keep(works, facts);
  return makePairRecord({ ...facts, content, now: settings.clock() });
}

function whyDropped(
  { settings, counts }: ShadowWorks,
  offer: ShadowOffer,
  sides: PairSides,
): ShadowStatus | null {
  if (settings.router.stats().off !== null || isUndecided(offer.decision))
    return ShadowStatus.droppedDisabled;
  const why = whyNotPaired(offer, sides);
  if (why !== null) return why;
  return counts.underWay >= settings.maxConcurrent ? ShadowStatus.droppedConcurrency : null;
}

function reserve(
  { settings, budget }: ShadowWorks,
  { api, body }: ShadowOffer,
  model: string,
): Reservation | null {
  return budget.reserve(settings.priceOf(model), estimateTokens(shadowBody(api, body, model)));
}

async function callWithin(
  { settings, counts }: ShadowWorks,
  offer: ShadowOffer,
  model: string,
  reservation: Reservation,
): Promise<OtherAnswer> {
  counts.underWay += 1;
  try {
    const body = shadowBody(offer.api, offer.body, model);
    const send = settings.call ?? ((call: ShadowCall) => offer.send(call));
    const other = await callOther({ api: offer.api, model, body }, send, settings.timeoutMs);
    reservation.settle(other.isRefused ? null : (other.answer?.usage ?? undefined));
    return other;
  } finally {
    counts.underWay -= 1;
  }
}

function statusOf({ mode }: ShadowOffer, { error, isTimeout }: OtherAnswer): ShadowStatus {
  if (error === null) return ShadowStatus.paired;
  if (mode === "serve") return ShadowStatus.baselineFailed;
  return isTimeout ? ShadowStatus.candidateTimeout : ShadowStatus.candidateFailed;
}

/** Texts are kept of pairs alone: nothing else is judged. */
async function keep(
  { settings, counts }: ShadowWorks,
  facts: Omit<PairFacts, "content" | "now">,
): Promise<ShadowContent> {
  if (facts.status !== ShadowStatus.paired) return { ref: null, kept: null };
  try {
    return await keepContents(settings.content, facts.pairId, contentsOf(facts));
  } catch {
    counts.contentsLost += 1;
    return { ref: null, kept: null };
  }
}

function contentsOf({ offer, sides, other }: Omit<PairFacts, "content" | "now">) {
  const served = offer.served.answer?.text ?? null;
  const shadowed = other?.answer?.text ?? null;
  const [baseline, candidate] = sides.served === "baseline" ? [served, shadowed] : [shadowed, served];
  return { ...promptOf(offer.body), baseline, candidate };
}
