// A semantic cache in Redis, decided by an artifact whose cache was calibrated. Needs no Redis module: the vectors of a scope's recent
// entries are compared here. Usage: node examples/cache-redis/cache-redis.mjs ARTIFACT [redis://... or path of a socket]
import { answerId, loadRouter } from "@signalbox/runtime";
import { Redis } from "ioredis";
import { askModel, replay } from "../cache-traffic.mjs";

const [artifact = "artifact", address = "redis://127.0.0.1:6379"] = process.argv.slice(2);
const router = await loadRouter(artifact);
const redis = new Redis(address, { lazyConnect: true, enableOfflineQueue: false });
redis.on("error", () => {}); // each command reports its own failure
await redis.connect().catch(() => console.error(`no redis at ${address}: everything is a miss`));

const ttlMs = (router.cachePolicy.ttl_s ?? 86_400) * 1000;
/** Entries of a scope whose vectors are compared: the latest. */
const compared = 500;

await replay(async (request) => {
  const key = router.cacheKey(request);
  if (!key.isCacheable) return { tier: "uncached", reason: key.reasons[0], ...(await askModel(request)) };
  const vector = router.embedder?.embed(key.prompt);
  const found = await lookUp(key, vector, request.meta.segment).catch(() => ({
    tier: "miss",
    reason: "redis_error",
  }));
  if (found.tier !== "miss") return found;
  const fresh = await askModel(request);
  if (fresh.finishReason === "stop") await store(key, vector, fresh.text).catch(() => {});
  return { ...found, text: fresh.text };
});
redis.disconnect();

/** The scope is the prefix of every key, so no lookup ever leaves it. */
function entryKey(scope, exact) {
  return `signalbox:${scope}:entry:${exact}`;
}

async function lookUp({ scope, exact, prompt }, vector, segment) {
  const same = await redis.get(entryKey(scope, exact));
  if (same !== null) return { tier: "exact", reason: "exact", text: JSON.parse(same).text };
  const neighbours = vector ? await nearest(scope, vector) : [];
  const { decision, reason, index } = router.cacheDecision({ segment, prompt, neighbours });
  return decision === "serve"
    ? { tier: "near", reason, text: neighbours[index].text }
    : { tier: "miss", reason };
}

async function nearest(scope, vector) {
  const recent = await redis.zrevrange(`signalbox:${scope}:recent`, 0, compared - 1);
  if (recent.length === 0) return [];
  const entries = await redis.mget(recent.map((exact) => entryKey(scope, exact)));
  return entries
    .filter((entry) => entry !== null) // expired
    .map((entry) => {
      const { prompt, text, answer, cachedAt, packed } = JSON.parse(entry);
      return { prompt, text, answer, cachedAt, similarity: dotProduct(unpack(packed), vector) };
    })
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, 8);
}

async function store({ scope, exact, prompt }, vector, text) {
  const cachedAt = Date.now();
  const packed = vector
    ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64")
    : null;
  const entry = JSON.stringify({ prompt, text, answer: answerId(text), cachedAt, packed });
  const recent = `signalbox:${scope}:recent`;
  const write = redis.multi().set(entryKey(scope, exact), entry, "PX", ttlMs);
  if (packed !== null) {
    write
      .zadd(recent, cachedAt, exact)
      .zremrangebyrank(recent, 0, -compared - 1)
      .pexpire(recent, ttlMs);
  }
  await write.exec();
}

function unpack(packed) {
  return new Float32Array(new Uint8Array(Buffer.from(packed, "base64")).buffer);
}

function dotProduct(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
