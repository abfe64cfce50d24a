import { pairFeatureNames } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import {
  type CalibratePairsOptions,
  calibratePairs,
  type ReplayedOffer,
} from "../../../models/cache/calibrate-pairs.js";

const options: CalibratePairsOptions = {
  alpha: 0.02,
  delta: 0.1,
  seed: 1,
  learnFrom: "nothing",
  floorCosine: 0.6,
};

/** Offers whose cosine is uniform from 0.5 to 1 and which are wrong with probability (1 - cosine) / 2.
 * @param probabilityOf with which an offer is labelled; null = labelled, of no random sample */
function offersOf(
  count: number,
  seed: number,
  probabilityOf: (cosine: number) => number | null,
): ReplayedOffer[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const cosine = 0.5 + random.uniform() / 2;
    const isSame = random.uniform() >= (1 - cosine) / 2;
    const probability = probabilityOf(cosine);
    const isLabelled = probability === null || random.uniform() < probability;
    const features = Float32Array.from(pairFeatureNames, (_, i) => (i === 0 ? cosine : 0));
    return {
      segment: "default",
      offer: { tier: "semantic" as const, cosine, features },
      isSameAnswer: isSame,
      label: isLabelled ? { isSame, inclusionProbability: probability } : null,
    };
  });
}

/** Share of all offers that are served and wrong at a threshold on the cosine. */
const trueUsr = (minCosine: number) => (1 - minCosine) ** 2 / 2;

describe("labels of unequal probability", () => {
  const nearThreshold = (cosine: number) => (cosine > 0.8 ? 0.8 : 0.2);

  test("are thinned to a uniform sample", async () => {
    const offers = offersOf(4_000, 2, nearThreshold);
    const { labelsUsed, segments } = await calibratePairs(offers, options);
    expect(labelsUsed).toBeGreaterThan(700);
    expect(labelsUsed).toBeLessThan(900);
    expect(segments[0]!.level).toBe("own");
  });

  test("keep the promise over 200 draws", async () => {
    let broken = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { segments } = await calibratePairs(offersOf(2_000, seed, nearThreshold), { ...options, seed });
      const { minScore } = segments[0]!.certificate;
      if (minScore !== null && trueUsr(minScore) > options.alpha) broken += 1;
    }
    expect(broken).toBeLessThanOrEqual(0.142 * 200);
  });
});

test("labels of no random sample teach the score and certify nothing", async () => {
  const offers = offersOf(1_500, 3, () => null);
  const { segments, labelsForScore, score } = await calibratePairs(offers, {
    ...options,
    learnFrom: "labels",
  });
  expect([score.kind, labelsForScore]).toEqual(["pair_model", 1_500]);
  expect(segments[0]).toMatchObject({ level: "exact_only", n: 0 });
});

test("without logged answers a third of the sample teaches the score", async () => {
  const offers = offersOf(3_000, 4, () => 0.4).map((row) => ({ ...row, isSameAnswer: null }));
  const { learntFrom, labelsForScore, labelsUsed, readsAnswers } = await calibratePairs(offers, {
    ...options,
    learnFrom: null,
  });
  expect([learntFrom, readsAnswers]).toEqual(["labels", false]);
  expect(labelsForScore / labelsUsed).toBeCloseTo(0.3, 1);
});

test("offers below the floor of the labels are never served", async () => {
  const { segments } = await calibratePairs(
    offersOf(4_000, 5, () => 0.3),
    { ...options, alpha: 0.4, floorCosine: 0.9 },
  );
  expect(segments[0]!.certificate.minScore).toBeGreaterThanOrEqual(0.9);
});
