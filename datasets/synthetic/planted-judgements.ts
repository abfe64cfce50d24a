import { createRandom, type Random } from "../random.js";

/** How a planted judge errs. */
export interface PlantedJudge {
  /** P(says sufficient | it is) for a request of this ease. */
  tpr: (ease: number) => number;
  /** P(says insufficient | it is). */
  tnr: (ease: number) => number;
  /** Share of pairs on which it prefers whatever comes first, so that the orders contradict each other: a tie. */
  positionBias: number;
  /** P(says sufficient for an insufficient answer all the same | it is the longer one). */
  lengthBias: number;
}

/** One judged pair of a planted world: invented, with a known truth. */
export interface PlantedPair {
  session: number;
  /** What a router knows: a standard normal score, shared in part within a session. */
  ease: number;
  /** P(the cheap answer would do | ease), without what sessions have in common besides. */
  sufficiency: number;
  /** 1 when it would do: what humans say. */
  human: number;
  /** What the judge says: 1, 0, or 0.5 for a tie. */
  judge: number;
  isLonger: boolean;
  cheapUsd: number;
  strongUsd: number;
  /** Probability with which the pair came into the sample: pairs near the threshold are sampled more often. */
  inclusion: number;
}

/** A judge that errs alike everywhere, and is lenient. */
export const evenJudge: PlantedJudge = {
  tpr: () => 0.96,
  tnr: () => 0.65,
  positionBias: 0.05,
  lengthBias: 0,
};

/** A judge that waves easy-looking requests through, finds fault with hard ones, and likes length. */
export const unevenJudge: PlantedJudge = {
  tpr: (ease) => (ease > 0 ? 0.995 : 0.85),
  tnr: (ease) => (ease > 0 ? 0.3 : 0.9),
  positionBias: 0.02,
  lengthBias: 0.3,
};

/** Draw judged pairs: sessions of one to five requests that share their ease and their luck, kept with unequal probability.
 * @param sessions sessions before sampling; about half of the pairs stay
 * @param isSampled false keeps every pair: for the truth of the world */
export function plantJudgements({
  judge,
  sessions,
  seed,
  isSampled = true,
}: {
  judge: PlantedJudge;
  sessions: number;
  seed: number;
  isSampled?: boolean;
}): PlantedPair[] {
  const random = createRandom(seed);
  const pairs: PlantedPair[] = [];
  for (let session = 0; session < sessions; session++) {
    const level = 0.7 * random.normal();
    const luck = 0.8 * random.normal();
    for (let row = 1 + random.below(5); row > 0; row--) {
      const pair = plantPair({ random, judge, session, level, luck });
      const isKept = random.uniform() < pair.inclusion;
      if (isKept || !isSampled) pairs.push(pair);
    }
  }
  return pairs;
}

function plantPair({
  random,
  judge,
  session,
  level,
  luck,
}: {
  random: Random;
  judge: PlantedJudge;
  session: number;
  level: number;
  luck: number;
}): PlantedPair {
  const ease = level + Math.sqrt(1 - 0.49) * random.normal();
  const isSufficient = random.uniform() < logistic(1.6 + 1.8 * ease + luck);
  const isLonger = random.uniform() < (isSufficient ? 0.6 : 0.4);
  const isFooled = random.uniform() < judge.positionBias;
  const isRight = random.uniform() < (isSufficient ? judge.tpr(ease) : judge.tnr(ease));
  const isSwayed = random.uniform() < judge.lengthBias && isLonger;
  const strongUsd = Math.exp(-5 + 0.4 * random.normal() - 0.3 * ease);
  const sufficiency = logistic(1.6 + 1.8 * ease);
  return {
    session,
    ease,
    sufficiency,
    human: Number(isSufficient),
    judge: isFooled ? 0.5 : Number(isSufficient === isRight || isSwayed),
    isLonger,
    cheapUsd: strongUsd * (0.1 + 0.1 * random.uniform()),
    strongUsd,
    inclusion: 0.2 + 0.8 * Math.exp(-Math.abs(sufficiency - 0.85) / 0.15),
  };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
