import { readSgdTurns } from "../../datasets/benchmarks/read-sgd-turns.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import { exactOnly } from "../../models/cache/policies/exact-only.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import { replayRates } from "../../models/cache/replay-counts.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import { streamTracer } from "../../pipelines/cache/stream-items.js";
import { type BenchSection, interval } from "./bench-cache-guard.js";
import { percent } from "./bench-cache-tables.js";
import { openVectorSet } from "./bench-cache-vectors.js";

const policies = [
  ["exact", () => exactOnly()],
  ...[0.99, 0.95, 0.9].map(
    (cosine) => [`exact + cosine >= ${cosine}`, () => staticThreshold(cosine)] as const,
  ),
] as const;

/** What the conversation in the key is worth, on dialogue turns. */
export async function measureConversation(data: string): Promise<BenchSection> {
  const turns = readSgdTurns(data).filter(({ answer_key }) => answer_key !== null);
  const { embed } = await openVectorSet(
    turns.map(({ text }) => text),
    "use",
  );
  const keys = [
    ["last message only", "last_message", turns.map((turn) => ({ ...turn, history: [], system: null }))],
    ["and the conversation", "conversation", turns.map((turn) => ({ ...turn, system: null }))],
    ["and the conversation and the system prompt", "scope", turns],
  ] as const;
  const rows: string[][] = [];
  const figures: Record<string, number> = {};
  for (const [name, key, stream] of keys) {
    const trace = streamTracer();
    const items = stream.map((turn, at): CacheItem => ({ ...trace({ ...turn, segment: null }), at }));
    for (const [policyName, open] of policies) {
      const totals = await replayCache(items, { policy: open(), embed, neighbours: 1 });
      const hits = totals.exactHits + totals.semanticHits;
      const wrong = totals.wrongExact + totals.wrongSemantic;
      const { hitRate, unsafeServedRate, falseHitRate } = replayRates(totals);
      const fhr = hits === 0 ? "no hit" : interval(clopperPearson(wrong, hits));
      rows.push([name, policyName, String(hits), percent(hitRate!, 2), percent(unsafeServedRate!, 2), fhr]);
      if (policyName !== "exact") continue;
      figures[`sgd_${key}_hits`] = hits;
      if (falseHitRate !== null) figures[`sgd_${key}_fhr`] = falseHitRate;
    }
  }
  return {
    tables: [
      {
        title: `SGD, ${turns.length} dialogue turns of known answer, in order, empty cache at first, %`,
        columns: ["what the key holds", "policy", "hits", "hit rate", "USR", "FHR [95 %], wanted <= 5"],
        rows,
      },
    ],
    figures,
    notes: [
      "SGD: the conversation is the at most four turns that the data hold before each. All exact hits that are wrong with the conversation in the key are the same first sentence (`I want to watch a movie.`) of dialogues whose assistants have different services for it (Movies_2, Movies_3): the scope of the runtime and of the replay also holds system prompt and tools, which tells them apart. Cosines here are without guard and calibration.",
    ],
  };
}
