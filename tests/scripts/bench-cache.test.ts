import { hashedEmbedder } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import { openNearestIndex } from "../../models/cache/nearest-index.js";
import { certifiedPolicy } from "../../models/cache/policies/certified-policy.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import { openListedIndex } from "../../scripts/bench/bench-cache-index.js";
import { mutateQueries } from "../../scripts/bench/bench-cache-mutations.js";
import { type LabelledCosine, tuneCategories, tuneNaively } from "../../scripts/bench/bench-cache-naive.js";
import { listNeighbours } from "../../scripts/bench/bench-cache-neighbours.js";
import { openPairMemory, rememberingPolicy } from "../../scripts/bench/bench-cache-pairs.js";
import { replayListed } from "../../scripts/bench/bench-cache-replay-listed.js";
import { summariseSplits } from "../../scripts/bench/bench-cache-summary.js";
import type { VectorSet } from "../../scripts/bench/bench-cache-vectors.js";

const dim = 64;
const { embed } = hashedEmbedder(dim);
const texts = [
  ...new Set(Array.from(plantedCacheTraffic({ requests: 400, seed: 3, tenants: 1 }), ({ text }) => text)),
];

async function setOf(width: number): Promise<VectorSet> {
  const vectors = texts.map(embed);
  const all = new Float32Array(texts.length * dim);
  vectors.forEach((vector, row) => {
    all.set(vector, row * dim);
  });
  const places = new Map(texts.map((text, row) => [text, row]));
  return {
    vectors,
    rowOf: new Map(vectors.map((vector, row) => [vector, row])),
    lists: await listNeighbours(all, dim, width),
    embed: (text) => vectors[places.get(text)!]!,
  };
}

describe("an index that reads neighbours off lists", () => {
  test.for([5, 200])("finds what comparing all vectors finds, with lists of %d", async (width) => {
    const set = await setOf(width);
    const listed = openListedIndex(set);
    const exact = openNearestIndex({ dim, kind: "exact" });
    const random = createRandom(1);
    set.vectors.forEach((vector, row) => {
      if (random.uniform() < 0.5) return;
      for (const index of [listed, exact]) index.add(row, vector);
    });
    for (const index of [listed, exact]) index.remove(texts.length - 1);
    for (const vector of set.vectors) {
      const found = listed.search(vector, 8);
      const wanted = exact.search(vector, 8);
      expect(found.map(({ cosine }) => cosine)).toEqual(
        wanted.map(({ cosine }) => expect.closeTo(cosine, 5)),
      );
      expect(found.every(({ slot }) => slot !== texts.length - 1)).toBe(true);
    }
  });

  test("holds a text twice", async () => {
    const set = await setOf(20);
    const index = openListedIndex(set);
    index.add(7, set.vectors[0]!);
    index.add(8, set.vectors[0]!);
    index.remove(7);
    expect(index.search(set.vectors[0]!, 3)).toEqual([{ slot: 8, cosine: 1 }]);
  });
});

describe("a policy that remembers its comparisons", () => {
  const items = texts.map(
    (text, at): CacheItem => ({
      id: text,
      text,
      scope: "one",
      exactKey: text,
      segment: "default",
      at,
      answerGroup: at % 5,
      truth: -1,
      neverCache: null,
      costUsd: null,
    }),
  );
  const model = { weights: Float32Array.from({ length: 11 }, (_, i) => Math.sin(i + 1)), bias: -0.4 };

  test.for([
    ["a model", model, 0.5],
    ["the cosine", null, 0.6],
  ] as const)("decides as the certified one does, by %s", async ([, score, least]) => {
    const set = await setOf(20);
    const own = openListedIndex(set);
    set.vectors.forEach((vector, row) => {
      own.add(row, vector);
    });
    const thresholds = new Map([["default", least]]);
    const plain = certifiedPolicy(score, thresholds);
    const remembering = rememberingPolicy(score, thresholds, openPairMemory());
    const candidates = items.map((item) => ({
      item,
      neighbours: own
        .search(set.embed(item.text), 9)
        .slice(1)
        .map(({ slot, cosine }) => ({ entry: items[slot]!, cosine })),
    }));
    const wanted = candidates.map((candidate) => plain.pick(candidate));
    expect(candidates.map((candidate) => remembering.pick(candidate))).toEqual(wanted);
    expect(candidates.map((candidate) => remembering.pick(candidate))).toEqual(wanted);
    expect(new Set(wanted.map((at) => at >= 0)).size).toBe(2);
  });
});

test("replays by lists as the cache is replayed", async () => {
  const set = await setOf(250);
  const traffic = [...plantedCacheTraffic({ requests: 400, seed: 3, tenants: 1 })];
  const items = traffic.map(({ id, text }, at): CacheItem => {
    const key = text.toLowerCase();
    const isPrivate = at % 50 === 0;
    return {
      id,
      text,
      scope: "one",
      exactKey: key,
      segment: "default",
      at,
      answerGroup: -1,
      truth: key.length % 3,
      neverCache: isPrivate ? "personal_data" : null,
      costUsd: 1,
    };
  });
  const [older, later] = [items.slice(0, 150), items.slice(150)];
  const policy = staticThreshold(0.9);
  const replayed = await replayCache(later, {
    warm: older,
    policy,
    embed: set.embed,
    openIndex: () => openListedIndex(set),
    capacity: older.length,
    neighbours: 3,
  });
  const listed = replayListed({ older, later, vectors: set }, policy, 3);
  expect(replayed).toMatchObject({ ...listed });
  expect(replayed.evictions).toBeGreaterThan(10);
  expect(
    Math.min(listed.exactHits, listed.semanticHits, listed.wrongSemantic, listed.uncacheable),
  ).toBeGreaterThan(0);
});

describe("tuning without a bound", () => {
  const labelled: LabelledCosine[] = [
    { category: "a", cosine: 0.85, isWrong: true },
    { category: "a", cosine: 0.9, isWrong: false },
    { category: "a", cosine: Infinity, isWrong: false },
    { category: "b", cosine: 0.995, isWrong: true },
  ];

  test("takes the lowest cosine that meets the target", () => {
    expect(tuneNaively(labelled, 0.25, "usr")).toBe(0.86);
    expect(tuneNaively(labelled, 0.5, "usr")).toBe(0.8);
    expect(tuneNaively(labelled, 0.4, "fhr")).toBe(0.86);
    expect(tuneNaively(labelled, 0.2, "fhr")).toBe(Infinity);
  });

  test("takes one per category", () => {
    expect(tuneCategories(labelled, 0.1, "usr")).toEqual(
      new Map([
        ["a", 0.86],
        ["b", Infinity],
      ]),
    );
  });
});

test("sums splits up by policy and target", () => {
  const record = { policy: "p", target: 0.01, requests: 100, exactHits: 0, labels: 10 };
  const [summary] = summariseSplits([
    { ...record, split: 1, hits: 50, wrong: 2 },
    { ...record, split: 2, hits: 30, wrong: 0 },
    { ...record, split: 3, hits: 0, wrong: 0 },
  ]);
  expect(summary).toMatchObject({
    splits: 3,
    hitRate: { mean: expect.closeTo(0.8 / 3) },
    usr: { mean: expect.closeTo(0.02 / 3) },
    fhr: { mean: expect.closeTo(0.02) },
    usrViolations: 1,
    fhrViolations: 1,
    labels: 10,
  });
});

test("changes one thing in a query", () => {
  expect(mutateQueries(["Add 3 users on Monday", "hello"])).toEqual([
    { kind: "number", a: "Add 3 users on Monday", b: "Add 4 users on Monday" },
    { kind: "day or month", a: "Add 3 users on Monday", b: "Add 3 users on tuesday" },
    { kind: "opposite", a: "Add 3 users on Monday", b: "remove 3 users on Monday" },
  ]);
});
