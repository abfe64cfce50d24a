import { createHash } from "node:crypto";
import { hashedEmbedder } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import { createZipf } from "../../datasets/synthetic/zipf.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import { nearestKinds } from "../../models/cache/nearest-index.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { replayCache } from "../../models/cache/replay-cache.js";

// One timed replay in a process of its own, so that its peak memory is its own: node bench-cache-replay.js REQUESTS SCOPES CAPACITY SEARCH
const [requests = 1_000_000, scopes = 1, capacity = 50_000] = process.argv.slice(2, 5).map(Number);
const search = nearestKinds.find((kind) => kind === process.argv[5]) ?? "auto";
const started = performance.now();
const totals = await replayCache(syntheticItems(requests, scopes), {
  embed: hashedEmbedder(512).embed,
  policy: staticThreshold(0.95),
  capacity,
  search,
});
const seconds = (performance.now() - started) / 1000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const { exactHits, semanticHits, misses, evictions, entries, recall } = totals;
process.stdout.write(
  `${JSON.stringify({
    requests,
    scopes,
    capacity,
    search,
    seconds,
    requestsPerSecond: requests / seconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    rssMb: maxRSS / 1024,
    exactHits,
    semanticHits,
    misses,
    evictions,
    entries,
    recall: recall.found / recall.wanted,
    recallOfNearest: recall.nearestFound / recall.searches,
    recallSearches: recall.searches,
  })}\n`,
);

/** Requests with 448,000 texts to the million: most aren't equal to a cached one, so they are embedded and compared. */
function* syntheticItems(count: number, scopeCount: number): Generator<CacheItem> {
  const random = createRandom(2);
  const drawScope = createZipf(scopeCount, 0.7);
  const traffic = plantedCacheTraffic({
    requests: count,
    seed: 1,
    tenants: 1,
    questions: 3_520,
    skew: 0.8,
    wordingSkew: 0.8,
    lookAlikes: 1,
  });
  for (const { id, text, segment, created_at, answer_key } of traffic) {
    const scope = `scope-${drawScope(random)}`;
    yield {
      id,
      text,
      scope,
      exactKey: createHash("sha256").update(`${scope}\0${text}`).digest("hex"),
      segment: segment ?? "default",
      at: (created_at ?? 0) / 1e6,
      answerGroup: -1,
      truth: createHash("sha256")
        .update(answer_key ?? "")
        .digest()
        .readUInt32LE(),
      neverCache: null,
      costUsd: 0.001,
    };
  }
}
