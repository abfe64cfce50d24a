import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../../datasets/random.js";
import { measureRecall } from "../../../models/cache/measure-recall.js";
import { exactSearchNotice, nearestKinds, openNearestIndex } from "../../../models/cache/nearest-index.js";
import { scaleToUnit } from "../../../runtime/src/embed/embedder.js";

const dim = 64;
const kinds = nearestKinds.filter((kind) => kind !== "approximate" || exactSearchNotice() === null);

/** Vectors around 200 centres, as texts lie around topics. */
function clusteredVectors(random: Random, count: number): Float32Array[] {
  const centres = Array.from({ length: 200 }, () => Float32Array.from({ length: dim }, random.normal));
  return Array.from({ length: count }, () => {
    const centre = random.pick(centres);
    return scaleToUnit(centre.map((value) => value + 0.6 * random.normal()));
  });
}

function naiveSearch(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array, count: number) {
  return [...vectors]
    .map(([slot, vector]) => ({ slot, cosine: vector.reduce((sum, value, i) => sum + value * query[i]!, 0) }))
    .sort((a, b) => b.cosine - a.cosine || a.slot - b.slot)
    .slice(0, count);
}

describe.each(kinds)("an index that is %s", (kind) => {
  test("gives the nearest slots first, equal ones by slot, with their exact cosines", () => {
    const index = openNearestIndex({ dim: 2, kind });
    index.add(7, Float32Array.of(0, 1));
    index.add(3, Float32Array.of(0.6, 0.8));
    index.add(9, Float32Array.of(1, 0));
    index.add(1, Float32Array.of(0, 1));
    const cosine = Math.fround(0.8);
    expect(index.search(Float32Array.of(0, 1), 3)).toEqual([
      { slot: 1, cosine: 1 },
      { slot: 7, cosine: 1 },
      { slot: 3, cosine },
    ]);
    expect(index.search(Float32Array.of(0, 1), 9).map(({ slot }) => slot)).toEqual([1, 7, 3, 9]);
  });

  test("forgets removed slots, and takes them anew", () => {
    const index = openNearestIndex({ dim: 2, kind });
    index.add(0, Float32Array.of(1, 0));
    index.add(1, Float32Array.of(0, 1));
    expect(index.remove(0)).toBe(true);
    expect(index.remove(0)).toBe(false);
    expect(index.search(Float32Array.of(1, 0), 2)).toEqual([{ slot: 1, cosine: 0 }]);
    index.add(0, Float32Array.of(0.6, 0.8));
    expect(index.search(Float32Array.of(0, 1), 1)).toEqual([{ slot: 1, cosine: 1 }]);
    expect(index.size).toBe(2);
  });

  test("finds nothing while it is empty", () => {
    const index = openNearestIndex({ dim, kind });
    expect(index.search(new Float32Array(dim), 8)).toEqual([]);
  });

  test.each([
    ["a vector of another length", 1, new Float32Array(dim + 1)],
    ["a slot that is taken", 0, new Float32Array(dim)],
  ])("refuses %s", (_, slot, vector) => {
    const index = openNearestIndex({ dim, kind });
    index.add(0, new Float32Array(dim));
    expect(() => index.add(slot, vector)).toThrow(RangeError);
    expect(index.size).toBe(1);
  });

  test("finds what a plain comparison with 5,000 vectors finds, also after half of them were exchanged twice", () => {
    const random = createRandom(11);
    const index = openNearestIndex({ dim, kind });
    const living = new Map<number, Float32Array>();
    const add = (slot: number, vector: Float32Array) => {
      index.add(slot, vector);
      living.set(slot, vector);
    };
    const vectors = clusteredVectors(random, 10_100);
    for (const [slot, vector] of vectors.slice(0, 5_000).entries()) add(slot, vector);
    for (const [i, vector] of vectors.slice(5_000, 10_000).entries()) {
      const slot = i % 2_500;
      index.remove(slot);
      living.delete(slot);
      add(slot, vector);
    }
    const queries = vectors.slice(10_000);
    const recall = measureRecall(index, queries, 8);
    expect(recall).toMatchObject({ searches: 100, wanted: 800 });
    expect(recall.found).toBeGreaterThanOrEqual(index.kind === "exact" ? 800 : 740);
    expect(recall.nearestFound).toBeGreaterThanOrEqual(index.kind === "exact" ? 100 : 96);
    for (const query of queries.slice(0, 20)) {
      const exact = index.searchExactly(query, 8);
      expect(exact.map(({ slot }) => slot)).toEqual(naiveSearch(living, query, 8).map(({ slot }) => slot));
    }
  });
});

test("an index that grows is exact while it is small, and approximate beyond where that is possible", () => {
  const index = openNearestIndex({ dim: 2, kind: "auto" });
  for (let slot = 0; slot < 400; slot++) index.add(slot, Float32Array.of(Math.cos(slot), Math.sin(slot)));
  expect(index.kind).toBe("exact");
  for (let slot = 400; slot < 600; slot++) index.add(slot, Float32Array.of(Math.cos(slot), Math.sin(slot)));
  expect(index.kind).toBe(exactSearchNotice() === null ? "approximate" : "exact");
  expect(index.search(Float32Array.of(1, 0), 1)[0]!.slot).toBe(0);
});
