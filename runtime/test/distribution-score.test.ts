import { describe, expect, test } from "vitest";
import type { Policy } from "../src/artifact/artifact.js";
import { clampDense } from "../src/features/clamp-dense.js";
import { denseNames } from "../src/features/dense-features.js";
import { isDisguised } from "../src/features/disguised-text.js";
import { compileDistribution, scoreDistribution } from "../src/features/distribution-score.js";
import { buckets } from "../src/features/hash-ngrams.js";
import { readRequest } from "../src/request/read-request.js";
import { chooseModel } from "../src/router/choose-model.js";
import { compilePolicy } from "../src/router/compile-policy.js";
import { twoModelPolicy } from "./support/two-model-policy.js";

type Score = NonNullable<NonNullable<Policy["in_distribution"]>["score"]>;

const each = (value: number) => denseNames.map(() => value);

/** Even buckets are in every training request, odd ones in none. */
const score: Score = {
  rarity: Buffer.alloc(buckets / 2, 0xf0).toString("base64"),
  text_centre: [0.2, 0],
  text_variance: [0.01, 0],
  text_limit: 4,
  shape_mean: each(0),
  shape_scale: denseNames.map((_, f) => (f < 4 ? 2 : 0)),
  shape_limit: 0.5,
};

const inDistribution = { dense_low: each(0), dense_high: each(1), score };

function features(ids: number[], dense: Partial<Record<number, number>> = {}) {
  return {
    ids: Int32Array.from(ids),
    weights: new Float32Array(ids.length).fill(0.5),
    dense: Float32Array.from(denseNames, (_, f) => dense[f] ?? 0),
  };
}

describe("the out-of-distribution score", () => {
  const scorer = compileDistribution(inDistribution)!;

  test.each<[string, number[], number]>([
    ["no n-grams are nothing new", [], 0],
    ["known n-grams lie below the expectation", [0, 2, 4, 6], (0 - 0.2) / 0.1 / 4],
    ["half new n-grams", [0, 1, 2, 3], (0.5 - 0.2) / 0.1 / 4],
    ["all new n-grams", [1, 3, 5], (1 - 0.2) / 0.1 / 4],
  ])("%s", (_, ids, expected) => {
    expect(scoreDistribution(scorer, features(ids)).text).toBeCloseTo(expected, 6);
  });

  test("the expected rarity and its spread follow the number of n-grams", () => {
    const longer = compileDistribution({
      ...inDistribution,
      score: { ...score, text_centre: [0, 0.1], text_variance: [0, 0.04] },
    })!;
    const expected = (1 - 0.1 * Math.log(4)) / Math.sqrt(0.04 / 4) / 4;
    expect(scoreDistribution(longer, features([1, 3, 5, 7])).text).toBeCloseTo(expected, 6);
  });

  test("the shape is a root mean square over the features that count", () => {
    const { shape } = scoreDistribution(scorer, features([], { 0: 0.3, 1: -0.1, 9: 100 }));
    expect(shape).toBeCloseTo(Math.sqrt((0.6 ** 2 + 0.2 ** 2) / 4) / 0.5, 6);
  });

  test("a policy of format 1.0 has none", () => {
    expect(compileDistribution(null)).toBeNull();
    expect(compileDistribution({ dense_low: each(0), dense_high: each(1) })).toBeNull();
  });
});

describe("a request that the score knows", () => {
  const policy = twoModelPolicy({ in_distribution: inDistribution });
  const nonAscii = denseNames.indexOf("non_ascii_share");
  const choose = (prompt: string, vector: ReturnType<typeof features>, changes: Partial<Policy> = {}) =>
    chooseModel(compilePolicy({ ...policy, ...changes }, [{ kind: "sufficiency", model: "small" }]), {
      read: readRequest({ prompt }),
      features: vector,
      probabilities: [0.9],
    });

  test.each([
    ["is decided as before", "Hello", features([0, 2]), "small", "sufficient"],
    ["is novel beyond the limit", "Hello", features([1, 3]), "large", "out_of_distribution:novel_text"],
    [
      "is unusual beyond the limit",
      "Hello",
      features([0], { 0: 0.9 }),
      "large",
      "out_of_distribution:unusual_shape",
    ],
    [
      "hides its words",
      "He\u200bllo",
      features([0], { [nonAscii]: 0.1 }),
      "large",
      "out_of_distribution:disguised_text",
    ],
  ])("%s", (_, prompt, vector, model, reason) => {
    expect(choose(prompt, vector)).toMatchObject({ model, reasons: [reason] });
  });

  test("carries the larger of the two parts, 1 at the limit", () => {
    expect(choose("Hello", features([1, 3])).ood).toBeCloseTo(2, 6);
    expect(choose("Hello", features([0], { 0: 0.25 })).ood).toBeCloseTo(0.5, 6);
  });

  test("is not scored, and not searched for disguises, by a policy of format 1.0", () => {
    const old = { in_distribution: { dense_low: each(0), dense_high: each(1) } };
    const choice = choose("He\u200bllo", features([1, 3], { [nonAscii]: 0.1 }), old);
    expect(choice).toMatchObject({ model: "small", ood: null });
  });

  test("reaches the model clamped to the range, with its own features left as they are", () => {
    const vector = features([3], { 0: 0.9, 1: 0.1 });
    const range = { low: each(0.2), high: each(0.5) };
    const clamped = clampDense({ ...policy, dense_range: range }, vector);
    expect(clamped.dense[0]).toBeCloseTo(0.5, 6);
    expect(clamped.dense[1]).toBeCloseTo(0.2, 6);
    expect(vector.dense[0]).toBeCloseTo(0.9, 6);
    expect(clampDense(policy, vector)).toBe(vector);
  });
});

test.each([
  ["How do I prove this?", false],
  ["na\u00efve caf\u00e9, 10 \u00b5m, \u03c0r\u00b2", false],
  ["\u043f\u0440\u0438\u0432\u0435\u0442 hello", false],
  ["\u{1f469}\u200d\u{1f469}\u200d\u{1f467}", false],
  ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", false],
  ["pr\u200bove", true],
  ["pr\u00adove", true],
  ["pr\u043eve", true],
  ["\u0440rove", true],
])("disguise in %j: %s", (text, expected) => {
  expect(isDisguised(text)).toBe(expected);
});
