import { hashedEmbedder } from "@signalbox/runtime";
import type { StreamItem } from "../../datasets/cache-stream.js";
import { createRandom } from "../../datasets/random.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import type { ServePolicy } from "../../models/cache/cache-item.js";
import { calibrateCache } from "../../models/cache/calibrate-cache.js";
import { certifiedPolicy } from "../../models/cache/policies/certified-policy.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import { streamTracer } from "../../pipelines/cache/stream-items.js";
import type { TracedItem } from "../../pipelines/cache/traced-item.js";
import type { BenchSection } from "./bench-cache-guard.js";
import { type BenchSet, benchSets } from "./bench-cache-sets.js";
import { percent } from "./bench-cache-tables.js";

const tenants = 5;
const rowsOfSet = 4_000;
/** The loosest of the usual static thresholds: whatever a scope lets through is served. */
const loose = 0.8;

/** Count hits across tenants on streams in which tenants ask the same. */
export async function measureIsolation(data: string): Promise<BenchSection> {
  const streams: Array<[name: string, items: StreamItem[]]> = [
    ...(Object.keys(benchSets) as BenchSet[]).flatMap((set): Array<[string, StreamItem[]]> => {
      const queries = createRandom(1).shuffle(benchSets[set](data)).slice(0, rowsOfSet);
      return [
        [`${set}, a random tenant each`, assignTenants(queries)],
        [`${set}, each text of two tenants`, repeatForTenants(queries)],
      ];
    }),
    ["synthetic traffic", [...plantedCacheTraffic({ requests: rowsOfSet, seed: 2, tenants })]],
  ];
  const rows: string[][] = [];
  let total = 0;
  for (const [name, stream] of streams) {
    const items = tracedOf(stream);
    const one = await crossTenant(items, staticThreshold(loose));
    const two = await crossTenant(items, await certifiedOn(items));
    total += one.crossed + two.crossed;
    rows.push([name, String(items.length), cellOf(one, items.length), cellOf(two, items.length)]);
  }
  return {
    tables: [
      {
        title: "Hits across tenants (wanted: 0)",
        columns: [
          "stream",
          "requests",
          `cosine >= ${loose}: crossed, hit rate`,
          "certified at 2 %: crossed, hit rate",
        ],
        rows,
      },
    ],
    figures: { cross_tenant_hits: total },
  };
}

function assignTenants(queries: readonly StreamItem[]): StreamItem[] {
  const random = createRandom(3);
  return queries.map((query) => ({ ...query, tenant: `tenant-${random.below(tenants)}` }));
}

function repeatForTenants(queries: readonly StreamItem[]): StreamItem[] {
  return queries
    .slice(0, rowsOfSet / 2)
    .flatMap((query) => ["a", "b"].map((tenant) => ({ ...query, id: `${query.id}-${tenant}`, tenant })));
}

function tracedOf(stream: readonly StreamItem[]): TracedItem[] {
  const trace = streamTracer();
  return stream.map((item, at) => ({ ...trace({ ...item, segment: null }), at }));
}

const { embed } = hashedEmbedder(512);

async function certifiedOn(items: readonly TracedItem[]): Promise<ServePolicy> {
  const { score, segments } = await calibrateCache(items, {
    embed,
    ttlS: Infinity,
    alpha: 0.02,
    delta: 0.1,
    labels: 1_000,
    seed: 1,
    learnFrom: "answers",
    check: ({ item, entry }) => item.truth !== entry.truth,
  });
  const { minScore } = segments[0]!.certificate;
  return certifiedPolicy(score.model, new Map(minScore === null ? [] : [[segments[0]!.segment, minScore]]));
}

async function crossTenant(items: readonly TracedItem[], policy: ServePolicy) {
  let crossed = 0;
  const { exactHits, semanticHits } = await replayCache(items, {
    policy,
    embed,
    onDecision: ({ item, served }) => {
      if (served !== null && (served as TracedItem).tenant !== (item as TracedItem).tenant) crossed += 1;
    },
  });
  return { crossed, hits: exactHits + semanticHits };
}

function cellOf({ crossed, hits }: { crossed: number; hits: number }, requests: number): string {
  return `${crossed}, ${percent(hits / requests, 1)} %`;
}
