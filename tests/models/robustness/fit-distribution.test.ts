import { compileDistribution, FEATURISER, featurise, scoreDistribution } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../../datasets/random.js";
import { featureMatrix } from "../../../models/classifier/feature-matrix.js";
import { clampMatrix, denseRange } from "../../../models/robustness/dense-range.js";
import { fitDistribution } from "../../../models/robustness/fit-distribution.js";
import { assignFolds } from "../../../models/split.js";
import { shapeFeatures } from "../../../pipelines/train/distribution-bounds.js";

const words =
  "the of and to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if".split(
    " ",
  );

/** A sentence of Zipf-distributed words: rank r with weight 1 / (r + 1). */
function sentence(random: Random): string {
  const draw = () => words[Math.min(words.length - 1, Math.floor(Math.exp(random.uniform() * 4)) - 1)]!;
  return Array.from({ length: 8 + random.below(40) }, draw).join(" ");
}

function world(n: number, seed: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => sentence(random));
}

function fitted(n: number, seed: number, kind: "cross_fit" | "holdout" = "cross_fit") {
  const matrix = featureMatrix(world(n, seed).map((prompt) => ({ prompt })));
  const groups = Int32Array.from({ length: n }, (_, i) => i);
  const parts = assignFolds(groups, kind === "holdout" ? 3 : 5, seed);
  const { score, flags } = fitDistribution(matrix, { kind, parts }, shapeFeatures);
  const scorer = compileDistribution({ dense_low: [], dense_high: [], score })!;
  const isFlagged = (prompt: string) => {
    const { text, shape } = scoreDistribution(scorer, featurise({ prompt }));
    return text > 1 || shape > 1;
  };
  return {
    score,
    flags,
    parts,
    share: (prompts: string[]) => prompts.filter(isFlagged).length / prompts.length,
  };
}

describe("the fitted out-of-distribution score", () => {
  test("flags about 1 % of fresh requests of the same world, over 10 seeds", () => {
    const shares = Array.from({ length: 10 }, (_, seed) => fitted(600, seed).share(world(600, seed + 100)));
    const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.0005);
    expect(mean).toBeLessThan(0.02);
  });

  test("flags what the world doesn't hold", () => {
    const { share } = fitted(600, 1);
    const random = createRandom(9);
    const letters = () => String.fromCharCode(...Array.from({ length: 5 }, () => 97 + random.below(26)));
    const strange = Array.from({ length: 50 }, () => Array.from({ length: 20 }, letters).join(" "));
    expect(share(strange)).toBe(1);
    expect(share(world(50, 3).map((text) => Buffer.from(text).toString("base64")))).toBe(1);
    expect(share(["請用一句話解釋什麼是光合作用", "Расскажи коротко о Великом шёлковом пути"])).toBe(1);
  });

  test("measures false alarms on rows that neither table nor limits saw", () => {
    const { flags } = fitted(2_000, 2);
    const rate = flags.filter(Boolean).length / flags.length;
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(0.02);
  });

  test("after a split by time only the youngest part has flags", () => {
    const { flags, parts } = fitted(900, 4, "holdout");
    expect(flags.map((flag) => flag !== null)).toEqual([...parts].map((part) => part === 2));
  });

  test("is the same for the same rows", () => {
    expect(fitted(200, 5).score).toEqual(fitted(200, 5).score);
  });

  test("survives rows without a letter, and very few rows", () => {
    const matrix = featureMatrix([{ prompt: "" }, { prompt: "hi" }, { prompt: "" }]);
    const { score } = fitDistribution(
      matrix,
      { kind: "cross_fit", parts: Int32Array.from([0, 1, 2]) },
      shapeFeatures,
    );
    expect(score.text_limit).toBeGreaterThan(0);
    expect([...score.text_centre, ...score.text_variance, score.shape_limit].every(Number.isFinite)).toBe(
      true,
    );
  });
});

test("the range leaves out what a few rows alone have", () => {
  const prompts = [...world(99, 1), "光合作用"].map((prompt) => ({ prompt }));
  const matrix = featureMatrix(prompts);
  const range = denseRange(matrix);
  const han = FEATURISER.denseNames.indexOf("script_han");
  expect(matrix.dense[99 * matrix.denseFeatures + han]).toBe(1);
  expect(range.high[han]).toBe(0);
  const clamped = clampMatrix(matrix, range);
  expect(clamped.dense[99 * matrix.denseFeatures + han]).toBe(0);
  expect(clamped.ids).toBe(matrix.ids);
});
