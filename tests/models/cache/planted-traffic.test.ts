import { expect, test } from "vitest";
import { type CacheTrafficOptions, plantedCacheTraffic } from "../../../datasets/synthetic/cache-traffic.js";
import type { CacheItem } from "../../../models/cache/cache-item.js";
import { exactSearchNotice } from "../../../models/cache/nearest-index.js";
import { exactOnly } from "../../../models/cache/policies/exact-only.js";
import { staticThreshold } from "../../../models/cache/policies/static-threshold.js";
import { type ReplayOptions, replayCache } from "../../../models/cache/replay-cache.js";
import { replayRates } from "../../../models/cache/replay-counts.js";
import { hashedEmbedder } from "../../../runtime/src/embed/hashed-embedder.js";

const { embed } = hashedEmbedder(256);
const requests = 4_000;

/** Planted requests, one scope per tenant; segments are the two halves of the stream. */
function plantedItems(options: Partial<CacheTrafficOptions>): CacheItem[] {
  const truths = new Map<string, number>();
  const items = [...plantedCacheTraffic({ requests, seed: 4, questions: 400, ...options })];
  return items.map(({ id, text, tenant, created_at, answer_key }, place) => {
    if (!truths.has(answer_key!)) truths.set(answer_key!, truths.size);
    return {
      id,
      text,
      scope: tenant!,
      exactKey: text,
      segment: place < requests / 2 ? "before" : "after",
      at: created_at! / 1e6,
      answerGroup: -1,
      truth: truths.get(answer_key!)!,
      neverCache: null,
      costUsd: 0.01,
    };
  });
}

const replay = (items: readonly CacheItem[], options: Partial<ReplayOptions> = {}) =>
  replayCache(items, { embed, policy: staticThreshold(0.8), ...options });

test("planted drift makes a static threshold's hits wrong, from where it is planted on", async () => {
  const still = { changing: 0, lookAlikes: 0, tenants: 2 };
  const calm = await replay(plantedItems(still));
  const drifted = await replay(plantedItems({ ...still, driftAt: requests / 2 }));
  const falseHits = ({ segments }: typeof calm, half: string) =>
    replayRates(segments.get(half)!).falseHitRate!;
  expect(drifted.segments.get("before")).toEqual(calm.segments.get("before"));
  expect(falseHits(drifted, "after")).toBeGreaterThan(falseHits(calm, "after") + 0.05);
});

test("answers that change make exact hits wrong, and a time to live trades them for stale ones", async () => {
  const items = plantedItems({ changing: 1, answerLifeS: 12 * 3_600, lookAlikes: 0, tenants: 1 });
  const forEver = await replay(items, { policy: exactOnly() });
  const hourly = await replay(items, { policy: exactOnly(), ttlS: 3_600 });
  expect(forEver.wrongExact / forEver.exactHits).toBeGreaterThan(0.3);
  expect(hourly.wrongExact / hourly.exactHits).toBeLessThan(0.1);
  expect(hourly.staleHits).toBeGreaterThan(0);
  expect(forEver.staleHits).toBe(0);
});

test("a tenant's answers, which are right for nobody else, are served to nobody else", async () => {
  const items = plantedItems({ changing: 0, lookAlikes: 0, tenants: 3 });
  const apart = await replay(items, { policy: exactOnly() });
  const together = await replay(
    items.map((item) => ({ ...item, scope: "all" })),
    { policy: exactOnly() },
  );
  expect(apart.wrongExact).toBe(0);
  expect(together.wrongExact / together.exactHits).toBeGreaterThan(0.2);
});

test.skipIf(exactSearchNotice() !== null)(
  "a replay that searches a graph comes to what an exact one does, and knows its recall",
  async () => {
    const items = plantedItems({ tenants: 1, wordingSkew: 0.3 });
    const exact = await replay(items, { search: "exact", capacity: 800 });
    const approximate = await replay(items, { search: "auto", capacity: 800, recallEvery: 10 });
    expect(exact.evictions).toBeGreaterThan(100);
    expect(exact.recall.searches).toBe(0);
    expect(Math.abs(approximate.semanticHits - exact.semanticHits)).toBeLessThan(0.02 * exact.semanticHits);
    expect(approximate.recall.searches).toBeGreaterThan(50);
    expect(approximate.recall.found / approximate.recall.wanted).toBeGreaterThan(0.95);
    expect(approximate.recall.nearestFound / approximate.recall.searches).toBeGreaterThan(0.97);
  },
);
