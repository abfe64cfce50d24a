import { type PairModel, scorePair } from "@signalbox/runtime";
import { fitPairModel, leastPairsPerClass } from "./fit-pair-model.js";

/** What a score reads of an offer. */
export type RankedOffer =
  | { tier: "exact" }
  | { tier: "none" }
  | { tier: "semantic"; cosine: number; features: ArrayLike<number> };

/** What offers are ranked by. */
export interface OfferScore {
  /** pair_model: P(same answer) by a model of the pair's features; cosine: the similarity alone. */
  kind: "pair_model" | "cosine";
  model: PairModel | null;
  /** Score of an offer; Infinity for the exact tier, -Infinity where nothing is offered. */
  of(offer: RankedOffer): number;
}

/** An offer of the semantic tier with its label. */
export interface LabelledOffer {
  offer: RankedOffer & { tier: "semantic" };
  isSame: boolean;
}

/** Learn a score from labelled offers; the cosine where there are too few of a kind.
 * @param kind `cosine` asks for it in any case */
export async function fitOfferScore(
  labelled: readonly LabelledOffer[],
  kind: OfferScore["kind"],
): Promise<OfferScore> {
  const pairs = labelled.map(({ offer, isSame }) => ({ features: offer.features, isSame }));
  const model = kind === "cosine" ? null : await fitPairModel(pairs);
  return { kind: model === null ? "cosine" : "pair_model", model, of: (offer) => scoreOf(offer, model) };
}

function scoreOf(offer: RankedOffer, model: PairModel | null): number {
  if (offer.tier === "exact") return Infinity;
  if (offer.tier === "none") return -Infinity;
  return model === null ? offer.cosine : scorePair(model, offer.features);
}

/** Wrong hits above the floor, as a multiple of alpha: labels below it would be spent on offers that are hardly ever certified. */
const floorFactor = 3;

/** The score below which no label is spent: where wrong hits of the labelled offers reach three times alpha.
 * @param requests that the labelled offers stand for
 * @returns -Infinity when they never do, or there are too few labels to tell */
export function chooseFloor(
  labelled: readonly LabelledOffer[],
  score: OfferScore,
  { alpha, requests }: { alpha: number; requests: number },
): number {
  if (labelled.length < 2 * leastPairsPerClass) return -Infinity;
  const wrong = labelled
    .filter(({ isSame }) => !isSame)
    .map(({ offer }) => score.of(offer))
    .sort((a, b) => b - a);
  return wrong[Math.max(1, Math.ceil(floorFactor * alpha * requests))] ?? -Infinity;
}
