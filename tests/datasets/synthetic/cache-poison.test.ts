import { describe, expect, test } from "vitest";
import { harmlessPairs, PoisonKind, poisonPairs } from "../../../datasets/synthetic/cache-poison.js";

describe("poisonPairs", () => {
  test("plants every kind equally often, with two texts that differ", () => {
    const pairs = poisonPairs(1, 800);
    for (const kind of Object.values(PoisonKind)) {
      expect(pairs.filter((pair) => pair.kind === kind)).toHaveLength(100);
    }
    expect(pairs.every(({ a, b }) => a !== b && !/[{}]|undefined/.test(a + b))).toBe(true);
    expect(new Set(pairs.map(({ a }) => a)).size).toBeGreaterThan(400);
  });

  test("is the same for the same seed, and another for another", () => {
    expect(poisonPairs(1, 50)).toEqual(poisonPairs(1, 50));
    expect(poisonPairs(1, 50)).not.toEqual(poisonPairs(2, 50));
  });
});

test("harmlessPairs fills both texts of a pair with the same values", () => {
  const pairs = harmlessPairs(1, 500);
  expect(pairs.every(({ a, b }) => a !== b && !/[{}]|undefined/.test(a + b))).toBe(true);
  const places = pairs.filter(({ a }) => /Oslo/.test(a));
  expect(places.length).toBeGreaterThan(5);
  expect(places.every(({ b }) => /oslo/i.test(b))).toBe(true);
});
