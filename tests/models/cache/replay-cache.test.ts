import { describe, expect, test } from "vitest";
import { DataError } from "../../../datasets/errors.js";
import type { CacheDecision } from "../../../models/cache/cache-decision.js";
import type { CacheItem, Candidate } from "../../../models/cache/cache-item.js";
import { type ReplayOptions, replayCache } from "../../../models/cache/replay-cache.js";
import { replayRates } from "../../../models/cache/replay-counts.js";
import { embedAngle, itemOf, servesFrom, servesNothing } from "./stream-items.js";

/** Replay, and write each request as `tier` or `tier < id of the served entry`. */
async function trace(items: readonly CacheItem[], options: Partial<ReplayOptions> = {}) {
  const decisions: CacheDecision[] = [];
  const totals = await replayCache(items, {
    embed: embedAngle,
    policy: servesNothing,
    onDecision: (decision) => decisions.push(decision),
    ...options,
  });
  const path = decisions.map(({ tier, served }) => (served === null ? tier : `${tier} < ${served.id}`));
  return { totals, decisions, path };
}

const texts = (line: string) =>
  line.split(" ").map((text, at) => itemOf(`${text} ${text.charCodeAt(0)}`, at));

test("an equal request is an exact hit, a near one a semantic hit, and both serve the entry's own answer", async () => {
  const items = [
    itemOf("x 0", 0, { truth: 1 }),
    itemOf("x 0", 1, { truth: 1 }),
    itemOf("x 10", 2, { truth: 2 }),
    itemOf("x 19", 3, { truth: 1 }),
    itemOf("x 19", 4, { truth: 3 }),
    itemOf("x 0", 5, { truth: 4 }),
  ];
  const { path, totals, decisions } = await trace(items, { policy: servesFrom(Math.cos(Math.PI / 16)) });
  // 19 degrees are too far from 0, and the hit of 10 degrees left no entry behind.
  expect(path).toEqual([
    "miss",
    "exact < x 0@0",
    "semantic < x 0@0",
    "miss",
    "exact < x 19@3",
    "exact < x 0@0",
  ]);
  expect(decisions.map(({ isWrong }) => isWrong)).toEqual([null, false, true, null, true, true]);
  expect(totals).toMatchObject({
    requests: 6,
    exactHits: 3,
    semanticHits: 1,
    misses: 2,
    wrongExact: 2,
    wrongSemantic: 1,
  });
  expect(replayRates(totals)).toEqual({ hitRate: 4 / 6, unsafeServedRate: 3 / 6, falseHitRate: 3 / 4 });
});

test("scopes never share an entry, not even with the same key", async () => {
  const items = ["a", "b", "a", "b"].map((scope, at) => itemOf("x 0", at, { scope, exactKey: "same" }));
  const { path } = await trace(items, { policy: servesFrom(-1) });
  expect(path).toEqual(["miss", "miss", "exact < x 0@0", "exact < x 0@1"]);
});

test("an uncacheable request neither fills the cache nor is served", async () => {
  const neverCache = "temperature above 0.3";
  const items = [
    itemOf("x 0", 0, { neverCache }),
    itemOf("x 0", 1),
    itemOf("x 0", 2, { neverCache }),
    itemOf("x 0", 3),
  ];
  const { path, totals } = await trace(items, { policy: servesFrom(-1) });
  expect(path).toEqual(["uncacheable", "miss", "uncacheable", "exact < x 0@1"]);
  expect(totals).toMatchObject({ requests: 4, uncacheable: 2, misses: 1, exactHits: 1 });
});

describe("time to live", () => {
  test("an entry serves up to its time to live, counts as stale beyond, and is renewed by the miss", async () => {
    const items = [0, 10, 11, 20, 30].map((at) => itemOf("x 0", at));
    const { path, totals } = await trace(items, { ttlS: 10 });
    expect(path).toEqual(["miss", "exact < x 0@0", "miss", "exact < x 0@11", "miss"]);
    expect(totals).toMatchObject({ staleHits: 2, exactHits: 2, misses: 3, evictions: 0, entries: 1 });
  });

  test("a near dead entry counts as stale, a far one doesn't, and none is offered to the policy", async () => {
    const items = [itemOf("x 0", 0), itemOf("x 80", 8), itemOf("x 1", 12), itemOf("x 40", 13)];
    const { path, totals, decisions } = await trace(items, { ttlS: 10, policy: servesFrom(0.99) });
    expect(path).toEqual(["miss", "miss", "miss", "miss"]);
    expect(decisions.map(({ isStale }) => isStale)).toEqual([false, false, true, false]);
    expect(totals.staleHits).toBe(1);
    expect(offered(decisions[2]!.candidate)).toEqual(["x 80@8"]);
  });

  test("living entries are found behind dead ones that are nearer", async () => {
    const dead = Array.from({ length: 20 }, (_, i) => itemOf(`x ${i / 100}`, 0));
    const items = [...dead, itemOf("x 5", 15), itemOf("x 0.001", 18)];
    const { decisions } = await trace(items, { ttlS: 10, neighbours: 1 });
    expect(offered(decisions.at(-1)!.candidate)).toEqual(["x 5@15"]);
  });

  test("the dead make room before the living", async () => {
    const items = [itemOf("x 0", 0), itemOf("x 40", 9), itemOf("x 80", 12), itemOf("x 40", 13)];
    const { path, totals } = await trace(items, { ttlS: 10, capacity: 2 });
    expect(path.at(-1)).toBe("exact < x 40@9");
    expect(totals).toMatchObject({ evictions: 0, entries: 2 });
  });
});

function offered(candidate: Candidate | null): string[] {
  return (candidate?.neighbours ?? []).map(({ entry }) => entry.id);
}

describe("eviction of two places", () => {
  test("lru gives up the least recently used", async () => {
    const { path, totals } = await trace(texts("a b a c b a"), { capacity: 2, eviction: "lru" });
    expect(path.map((step) => step.split(" ")[0])).toEqual(["miss", "miss", "exact", "miss", "miss", "miss"]);
    expect(totals).toMatchObject({ evictions: 3, entries: 2 });
  });

  test("lfu keeps what was used more often, though not lately", async () => {
    const { path } = await trace(texts("a a a b c b a"), { capacity: 2, eviction: "lfu" });
    expect(path.map((step) => step.split(" ")[0])).toEqual([
      "miss",
      "exact",
      "exact",
      "miss",
      "miss",
      "miss",
      "exact",
    ]);
  });

  test("lfu forgets in time what was popular once", async () => {
    const { path } = await trace(texts("a a a b c d e b a"), { capacity: 2, eviction: "lfu" });
    expect(path.at(-1)).toBe("miss");
  });

  test("cost keeps what is dear", async () => {
    const items = texts("a b c d a").map((item) => ({
      ...item,
      costUsd: item.text.startsWith("a") ? 1 : 0.01,
    }));
    const byCost = await trace(items, { capacity: 2, eviction: "cost" });
    expect(byCost.path.at(-1)).toBe("exact < a 97@0");
    const byUse = await trace(items, { capacity: 2, eviction: "lru" });
    expect(byUse.path.at(-1)).toBe("miss");
  });
});

test("insert all: every request fills the cache, and the latest answer stands for its key", async () => {
  const items = [0, 1, 2].map((at) => itemOf("x 0", at, { truth: at }));
  const { path, totals } = await trace([...items, itemOf("x 1", 3), itemOf("x 2", 4)], {
    insert: "all",
    policy: servesFrom(0.99),
  });
  expect(path).toEqual(["miss", "exact < x 0@0", "exact < x 0@1", "semantic < x 0@2", "semantic < x 1@3"]);
  expect(totals.entries).toBe(3);
});

test("what fills the cache before is served, and not counted", async () => {
  const { path, totals } = await trace([itemOf("x 0", 5)], { warm: [itemOf("x 0", 1), itemOf("x 40", 2)] });
  expect(path).toEqual(["exact < x 0@1"]);
  expect(totals).toMatchObject({ requests: 1, entries: 2 });
});

test("a policy that learns is told of misses with a neighbour, and decides what becomes an entry", async () => {
  const told: Array<[string, boolean | null]> = [];
  const items = [
    itemOf("x 0", 0, { truth: 1 }),
    itemOf("x 1", 1, { truth: 1 }),
    itemOf("x 2", 2, { truth: 2 }),
    itemOf("x 3", 3, { truth: -1, answerGroup: 7 }),
  ];
  const { totals } = await trace(items, {
    policy: {
      pick: () => -1,
      learns: ({ item, neighbours }, isSame) => {
        told.push([`${item.id} | ${neighbours[0]!.entry.id}`, isSame]);
        return isSame === false;
      },
    },
  });
  expect(told).toEqual([
    ["x 1@1 | x 0@0", true],
    ["x 2@2 | x 0@0", false],
    ["x 3@3 | x 2@2", null],
  ]);
  expect(totals.entries).toBe(2);
});

test("unknown truth makes USR unknown, and FHR that of the hits with a known truth", async () => {
  const items = [
    itemOf("x 0", 0),
    itemOf("x 0", 1),
    itemOf("x 40", 2, { truth: 1 }),
    itemOf("x 40", 3, { truth: 2 }),
  ];
  const { totals } = await trace(items);
  expect(totals).toMatchObject({ exactHits: 2, unknownExact: 1, wrongExact: 1 });
  expect(replayRates(totals)).toEqual({ hitRate: 0.5, unsafeServedRate: null, falseHitRate: 1 });
});

test("savings are those of the hits, by segment too, and hits of unknown cost are counted", async () => {
  const items = [
    itemOf("x 0", 0, { costUsd: 1 }),
    itemOf("x 0", 1, { costUsd: 0.25, segment: "faq" }),
    itemOf("x 0", 2, { segment: "faq" }),
    itemOf("x 0", 3, { costUsd: 0.5 }),
  ];
  const { totals } = await trace(items);
  expect(totals).toMatchObject({ savedUsd: 0.75, hitsOfUnknownCost: 1 });
  expect(totals.segments.get("faq")).toMatchObject({ requests: 2, savedUsd: 0.25, hitsOfUnknownCost: 1 });
  expect(totals.segments.get("default")).toMatchObject({ requests: 2, exactHits: 1, savedUsd: 0.5 });
});

test("streams are read as they come", async () => {
  async function* later() {
    for (const item of texts("a a")) yield item;
  }
  expect(await replayCache(later(), { embed: embedAngle, policy: servesNothing })).toMatchObject({
    exactHits: 1,
  });
});

test("a stream that is out of order is refused", async () => {
  await expect(trace([itemOf("x 0", 5), itemOf("x 40", 4)])).rejects.toThrow(DataError);
});

test.each([{ capacity: 0 }, { capacity: 1.5 }, { ttlS: 0 }, { ttlS: Number.NaN }, { neighbours: 0 }])(
  "%o is refused",
  async (options) => {
    await expect(trace([itemOf("x 0", 0)], options)).rejects.toThrow(RangeError);
  },
);
