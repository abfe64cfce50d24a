// A semantic cache in a Map, decided by an artifact whose cache was calibrated (`signalbox cache calibrate`, then `export`).
// Usage: node examples/cache-in-process.mjs ARTIFACT
import { answerId, loadRouter } from "@signalbox/runtime";
import { askModel, replay } from "./cache-traffic.mjs";

const router = await loadRouter(process.argv[2] ?? "artifact");
const { ttl_s: ttlS, max_entries: maxEntries } = router.cachePolicy;
/** Entries by exact key, the oldest first; and those of each scope. */
const entries = new Map();
const scopes = new Map();

await replay(async (request) => {
  const { scope, exact, prompt, isCacheable, reasons } = router.cacheKey(request);
  if (!isCacheable) return { tier: "uncached", reason: reasons[0], ...(await askModel(request)) };

  const same = entries.get(exact);
  if (same !== undefined && !isOld(same)) return { tier: "exact", reason: "exact", text: same.text };

  const vector = router.embedder?.embed(prompt);
  const neighbours = vector ? nearest(scope, vector) : [];
  const { decision, reason, index } = router.cacheDecision({
    segment: request.meta.segment,
    prompt,
    neighbours,
  });
  if (decision === "serve") return { tier: "near", reason, text: neighbours[index].text };

  const fresh = await askModel(request);
  if (fresh.finishReason === "stop") store({ scope, exact, prompt, vector, text: fresh.text });
  return { tier: "miss", reason, text: fresh.text };
});

function isOld({ cachedAt }) {
  return ttlS !== null && Date.now() - cachedAt > ttlS * 1000;
}

function nearest(scope, vector) {
  const similarity = (entry) => entry.vector.reduce((sum, value, i) => sum + value * vector[i], 0);
  return [...(scopes.get(scope) ?? [])]
    .map((entry) => ({ ...entry, similarity: similarity(entry) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, 24);
}

function store(fields) {
  const entry = { ...fields, answer: answerId(fields.text), cachedAt: Date.now() };
  remove(entries.get(entry.exact));
  entries.set(entry.exact, entry);
  if (entry.vector) scopes.set(entry.scope, (scopes.get(entry.scope) ?? new Set()).add(entry));
  if (entries.size > maxEntries) remove(entries.values().next().value);
}

function remove(entry) {
  if (entry === undefined) return;
  entries.delete(entry.exact);
  scopes.get(entry.scope)?.delete(entry);
}
