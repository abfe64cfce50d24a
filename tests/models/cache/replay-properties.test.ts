import fc from "fast-check";
import { expect, test } from "vitest";
import type { CacheDecision } from "../../../models/cache/cache-decision.js";
import { evictionKinds } from "../../../models/cache/eviction-queue.js";
import { replayCache } from "../../../models/cache/replay-cache.js";
import { embedAngle, itemOf, servesFrom } from "./stream-items.js";

const request = fc.record({
  angle: fc.integer({ min: 0, max: 30 }),
  scope: fc.constantFrom("a", "b", "c"),
  gap: fc.integer({ min: 0, max: 4 }),
  isCacheable: fc.boolean(),
  costUsd: fc.option(fc.integer({ min: 0, max: 3 })),
});
const limits = fc.record({
  capacity: fc.integer({ min: 1, max: 6 }),
  eviction: fc.constantFrom(...evictionKinds),
  ttlS: fc.constantFrom(1, 5, 20, Infinity),
  insert: fc.constantFrom("miss" as const, "all" as const),
});

test("whatever the traffic and the limits: no hit crosses a scope or outlives its entry, and the counts add up", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 60 }), limits, async (requests, options) => {
      let at = 0;
      const items = requests.map(({ angle, scope, gap, isCacheable, costUsd }) => {
        at += gap;
        const neverCache = isCacheable ? null : "made up";
        // The keys of all scopes are the same, so that only the scope keeps them apart.
        return itemOf(`x ${angle}`, at, {
          scope,
          exactKey: String(angle),
          neverCache,
          costUsd,
          truth: angle,
        });
      });
      const decisions: CacheDecision[] = [];
      const totals = await replayCache(items, {
        embed: embedAngle,
        policy: servesFrom(0.9998),
        onDecision: (decision) => decisions.push(decision),
        ...options,
      });
      for (const { item, served, tier, candidate, isWrong } of decisions) {
        const near = [
          ...(served ? [served] : []),
          ...(candidate?.neighbours ?? []).map(({ entry }) => entry),
        ];
        for (const entry of near) {
          expect(entry.scope).toBe(item.scope);
          expect(item.at - entry.at).toBeLessThanOrEqual(options.ttlS);
          expect(entry.neverCache).toBeNull();
        }
        expect(tier === "exact" || tier === "semantic").toBe(served !== null);
        if (tier === "exact") expect(isWrong).toBe(false);
        if (item.neverCache !== null) expect(tier).toBe("uncacheable");
      }
      const { requests: all, uncacheable, exactHits, semanticHits, misses } = totals;
      expect(all).toBe(items.length);
      expect(uncacheable + exactHits + semanticHits + misses).toBe(all);
      expect(totals.entries).toBeLessThanOrEqual(options.capacity);
    }),
    { numRuns: 300 },
  );
});
