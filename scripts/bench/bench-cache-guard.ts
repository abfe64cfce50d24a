import { createHash } from "node:crypto";
import { guardPair } from "@signalbox/runtime";
import { type NluppPair, readNluppPairs } from "../../datasets/benchmarks/read-nlupp.js";
import { readSgdTurns } from "../../datasets/benchmarks/read-sgd-turns.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import { exactOnly } from "../../models/cache/policies/exact-only.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import { replayRates } from "../../models/cache/replay-counts.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import { streamTracer } from "../../pipelines/cache/stream-items.js";
import type { BenchTable } from "./bench.js";
import { percent } from "./bench-cache-tables.js";
import { openVectorSet } from "./bench-cache-vectors.js";

/** Tables with the figures that they hold. */
export interface BenchSection {
  tables: BenchTable[];
  figures: Record<string, number>;
  notes?: string[];
}

const leastCosine = 0.9;

/** What the guard blocks of real pairs that a cosine would confuse. */
export function measureGuard(data: string): BenchSection {
  const near = readNluppPairs(data).filter(({ cosine_use }) => cosine_use >= leastCosine);
  const halves = [
    ["all", near],
    ["half that rules were written on", near.filter((pair) => !isHeldOut(pair))],
    ["held-out half", near.filter(isHeldOut)],
  ] as const;
  const all = blockedShares(near);
  return {
    tables: [
      {
        title: `Guard: NLU++ pairs with cosine >= ${leastCosine}, % blocked [95 %]`,
        columns: ["pairs", "wrong ones (wanted >= 70)", "of", "right ones (wanted <= 6)", "of"],
        rows: halves.map(([name, pairs]) => {
          const { wrong, right, wrongPairs, rightPairs } = blockedShares(pairs);
          return [name, interval(wrong), String(wrongPairs), interval(right), String(rightPairs)];
        }),
      },
    ],
    figures: { guard_block_wrong: all.wrong.value, guard_block_right: all.right.value },
  };
}

/** The same division as the runtime's tests make. */
function isHeldOut({ a, b }: NluppPair): boolean {
  return createHash("sha256").update(`${a}\0${b}`).digest()[0]! % 2 === 1;
}

function blockedShares(pairs: readonly NluppPair[]) {
  const wrong = pairs.filter(({ is_same }) => !is_same);
  const right = pairs.filter(({ is_same }) => is_same);
  const blocked = (some: readonly NluppPair[]) =>
    clopperPearson(some.filter(({ a, b }) => guardPair(a, b) !== null).length, some.length);
  return {
    wrong: blocked(wrong),
    right: blocked(right),
    wrongPairs: wrong.length,
    rightPairs: right.length,
  };
}

function interval({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value, 1)} [${percent(low, 1)}, ${percent(high, 1)}]`;
}

const dialogueCosines = [0.99, 0.95, 0.9] as const;

/** What the conversation in the key is worth, on dialogue turns. */
export async function measureConversation(data: string): Promise<BenchSection> {
  const turns = readSgdTurns(data).filter(({ answer_key }) => answer_key !== null);
  const { embed } = await openVectorSet(
    turns.map(({ text }) => text),
    "use",
  );
  const trace = streamTracer();
  const traced = (withHistory: boolean): CacheItem[] =>
    turns.map((turn, at) => ({
      ...trace({ ...turn, segment: null, history: withHistory ? turn.history : [] }),
      at,
    }));
  const rows: string[][] = [];
  const figures: Record<string, number> = {};
  for (const withHistory of [false, true]) {
    const items = traced(withHistory);
    const policies = [
      ["exact", exactOnly()] as const,
      ...dialogueCosines.map((cosine) => [`exact + cosine >= ${cosine}`, staticThreshold(cosine)] as const),
    ];
    for (const [name, policy] of policies) {
      const totals = await replayCache(items, { policy, embed, neighbours: 1 });
      const hits = totals.exactHits + totals.semanticHits;
      const wrong = totals.wrongExact + totals.wrongSemantic;
      const key = withHistory ? "conversation" : "last message only";
      const { hitRate, unsafeServedRate } = replayRates(totals);
      const fhr = hits === 0 ? "no hit" : `${interval(clopperPearson(wrong, hits))}`;
      rows.push([key, name, String(hits), percent(hitRate!, 2), percent(unsafeServedRate!, 2), fhr]);
      if (name === "exact")
        figures[withHistory ? "sgd_fhr" : "sgd_fhr_last_message"] = hits === 0 ? 0 : wrong / hits;
      figures[withHistory ? "sgd_hits" : "sgd_hits_last_message"] ??= hits;
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
  };
}
