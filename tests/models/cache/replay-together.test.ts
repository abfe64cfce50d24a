import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import type { CacheDecision } from "../../../models/cache/cache-decision.js";
import type { CacheItem } from "../../../models/cache/cache-item.js";
import { exactOnly } from "../../../models/cache/policies/exact-only.js";
import { staticThreshold } from "../../../models/cache/policies/static-threshold.js";
import { type ReplayOptions, replayCache } from "../../../models/cache/replay-cache.js";
import { replayTogether } from "../../../models/cache/replay-together.js";
import { embedAngle, itemOf } from "./stream-items.js";

const thresholds = [-1, 0.999, 0.99, 0.9, 0.6];

/** Requests that crowd around a few angles in a few scopes, with repeats. */
function crowd(n: number, seed: number): CacheItem[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const centre = 60 * random.below(5);
    const angle = random.uniform() < 0.2 ? centre : centre + 12 * random.normal();
    const scope = `s${random.below(3)}`;
    return itemOf(`q ${angle}`, i, {
      scope,
      segment: scope,
      truth: centre,
      costUsd: random.uniform(),
      neverCache: random.uniform() < 0.05 ? "dates" : null,
    });
  });
}

async function* stream(items: readonly CacheItem[]): AsyncIterable<CacheItem> {
  yield* items;
}

const short = (decisions: readonly CacheDecision[]) =>
  decisions.map(({ item, tier, served, isStale }) => [item.id, tier, served?.id ?? null, isStale]);

const limits: Array<[string, Partial<ReplayOptions>]> = [
  ["no limit", {}],
  ["a life of 50", { ttlS: 50 }],
  ["room for 20, lru", { capacity: 20 }],
  ["room for 20, lfu", { capacity: 20, eviction: "lfu" }],
  ["room for 25, cost, a life of 200", { capacity: 25, eviction: "cost", ttlS: 200 }],
  ["every request an entry", { insert: "all", ttlS: 300 }],
];

describe("caches in step decide as each does alone", () => {
  test.each(limits)("with %s", async (_, limit) => {
    const items = crowd(1_500, 3);
    const policyOf = (floor: number) => (floor === -1 ? exactOnly() : staticThreshold(floor));
    const alone = await Promise.all(
      thresholds.map(async (floor) => {
        const decisions: CacheDecision[] = [];
        const totals = await replayCache(items, {
          ...limit,
          embed: embedAngle,
          policy: policyOf(floor),
          search: "exact",
          neighbours: 1,
          onDecision: (decision) => void decisions.push(decision),
        });
        return { totals, decisions: short(decisions) };
      }),
    );
    const decisions: CacheDecision[][] = thresholds.map(() => []);
    const together = await replayTogether(
      stream(items),
      embedAngle,
      thresholds.map((floor, i) => ({
        ...limit,
        floor,
        policy: policyOf(floor),
        search: "exact",
        neighbours: 1,
        onDecision: (decision) => void decisions[i]!.push(decision),
      })),
    );
    expect(decisions.map(short)).toEqual(alone.map((run) => run.decisions));
    expect(together).toEqual(alone.map((run) => run.totals));
    expect(together.at(-1)!.semanticHits).toBeGreaterThan(300);
  });
});

test("a crowd of near entries of which a cache holds one is searched to its end", async () => {
  const items = Array.from({ length: 1_000 }, (_, i) => itemOf(`q ${(i * 20) / 1_000}`, i));
  const caches = [
    { floor: -1, policy: exactOnly() },
    { floor: 0.9, policy: staticThreshold(0.9) },
  ];
  const [all, one] = await replayTogether(
    stream(items),
    embedAngle,
    caches.map((cache) => ({ ...cache, search: "exact", neighbours: 1 })),
  );
  expect([all!.entries, one!.entries, one!.semanticHits]).toEqual([1_000, 1, 999]);
});

test("each text is embedded once for all caches", async () => {
  let embedded = 0;
  await replayTogether(
    stream(crowd(200, 5)),
    (text) => {
      embedded += 1;
      return embedAngle(text);
    },
    thresholds.map((floor) => ({ floor, policy: staticThreshold(floor) })),
  );
  expect(embedded).toBeLessThanOrEqual(200);
});

test("a fault of the stream, or of one cache, ends all", async () => {
  async function* broken(): AsyncIterable<CacheItem> {
    yield itemOf("q 1", 1);
    throw new Error("the disk is gone");
  }
  const caches = thresholds.map((floor) => ({ floor, policy: staticThreshold(floor) }));
  await expect(replayTogether(broken(), embedAngle, caches)).rejects.toThrow("the disk is gone");
  const isLate = { ...caches[0]!, onDecision: ({ item }: CacheDecision) => refuseLate(item) };
  await expect(replayTogether(stream(crowd(50, 1)), embedAngle, [...caches, isLate])).rejects.toThrow(
    "too late",
  );
});

function refuseLate({ at }: CacheItem): void {
  if (at > 20) throw new Error("too late");
}
