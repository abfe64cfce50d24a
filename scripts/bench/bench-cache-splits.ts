import type { PairModel } from "@signalbox/runtime";
import type { CacheItem, ServePolicy } from "../../models/cache/cache-item.js";
import type { Offer } from "../../models/cache/open-offers.js";
import { openOffers } from "../../models/cache/open-offers.js";
import { exactOnly } from "../../models/cache/policies/exact-only.js";
import { perSegmentThreshold } from "../../models/cache/policies/per-segment-threshold.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import { vcachePolicy } from "../../models/cache/policies/vcache-policy.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import type { ReplayCounts } from "../../models/cache/replay-counts.js";
import { groupBy } from "../../pipelines/trust/group-by.js";
import {
  asLogged,
  type CertifiedVariant,
  calibrateVariant,
  certifiedLabels,
  certifiedVariants,
} from "./bench-cache-certified.js";
import { openListedIndex } from "./bench-cache-index.js";
import { labelNearest, type NaiveRate, tuneCategories, tuneNaively } from "./bench-cache-naive.js";
import { openPairMemory, type PairMemory, rememberingPolicy } from "./bench-cache-pairs.js";
import { replayListed } from "./bench-cache-replay-listed.js";
import {
  type BenchItem,
  type BenchSet,
  type BenchSplit,
  readBenchSet,
  splitBenchSet,
} from "./bench-cache-sets.js";
import { type BenchEmbedder, openVectorSet, type VectorSet } from "./bench-cache-vectors.js";

/** What one policy came to on one split. */
export interface SplitRecord {
  split: number;
  policy: string;
  /** Bound that was asked for; null where there is none to ask for. */
  target: number | null;
  requests: number;
  hits: number;
  exactHits: number;
  wrong: number;
  labels: number;
}

/** Bounds that are asked for. */
export const benchTargets = [0.01, 0.02] as const;
/** Cosines of the static caches: those of vCache's paper. */
export const staticCosines = [0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.97, 0.98, 0.99] as const;

/** Which splits are run, and on how many of them the policies of the tables are, besides those whose guarantee is counted. */
export interface SplitRun {
  data: string;
  set: BenchSet;
  embedder: BenchEmbedder;
  splits: number;
  tableSplits: number;
}

/** Replay the policies on random splits of one set. */
export async function runSplits({
  data,
  set,
  embedder,
  splits,
  tableSplits,
}: SplitRun): Promise<SplitRecord[]> {
  const items = readBenchSet(data, set);
  const vectors = await openVectorSet(
    items.map(({ text }) => text),
    embedder,
  );
  const pairs = openPairMemory();
  const records: SplitRecord[] = [];
  for (let split = 1; split <= splits; split++) {
    const bench: Bench = { ...splitBenchSet(items, split), split, vectors, pairs };
    const isForTables = split <= tableSplits;
    const inHalf = isForTables || split <= splits / 2;
    const isDue = { all: true, half: inHalf, tables: isForTables };
    records.push(...(await runCertified(bench, isDue)));
    if (isForTables || split <= splits / 4) records.push(...runNaive(bench));
    if (isForTables) records.push(...(await runOthers(bench)));
  }
  return records;
}

interface Bench extends BenchSplit {
  split: number;
  vectors: VectorSet;
  pairs: PairMemory;
}

async function runCertified(
  bench: Bench,
  isDue: Record<CertifiedVariant["splits"], boolean>,
): Promise<SplitRecord[]> {
  const records: SplitRecord[] = [];
  for (const [answers, variants] of groupBy(certifiedVariants, (variant) => variant.answers)) {
    const asked = variants.filter((variant) => isDue[variant.splits]);
    if (asked.length === 0) continue;
    const logged: Bench = {
      ...bench,
      older: asLogged(bench.older, answers, bench.split),
      later: asLogged(bench.later, answers, -bench.split),
    };
    const offerTo = remember(
      openOffers(logged.older, {
        embed: bench.vectors.embed,
        ttlS: Infinity,
        openIndex: () => openListedIndex(bench.vectors),
      }),
    );
    const shared = { offerTo, replayed: new Map<string, SplitRecord>() };
    for (const variant of asked) {
      for (const target of benchTargets) records.push(await runVariant(logged, variant, target, shared));
    }
  }
  return records;
}

function remember(offerTo: (item: CacheItem) => Offer): (item: CacheItem) => Offer {
  const offers = new Map<CacheItem, Offer>();
  return (item) => {
    let offer = offers.get(item);
    if (offer === undefined) {
      offer = offerTo(item);
      offers.set(item, offer);
    }
    return offer;
  };
}

async function runVariant(
  bench: Bench,
  variant: CertifiedVariant,
  target: number,
  { offerTo, replayed }: { offerTo: (item: CacheItem) => Offer; replayed: Map<string, SplitRecord> },
): Promise<SplitRecord> {
  const { score, segments, labelsUsed } = await calibrateVariant(bench.older, variant, {
    alpha: target,
    seed: bench.split,
    embed: bench.vectors.embed,
    offerTo,
  });
  const thresholds = new Map(
    segments.flatMap(({ segment, level, certificate: { minScore } }) =>
      level === "exact_only" || minScore === null ? [] : [[segment, minScore] as const],
    ),
  );
  const policy = rememberingPolicy(score.model, thresholds, bench.pairs);
  const run = { name: variant.name, policy, target, labels: labelsUsed };
  const known = replayed.get(keyOf(score.model, thresholds));
  if (known !== undefined) return { ...known, policy: run.name, target, labels: labelsUsed };
  const record = replayLater(bench, run);
  replayed.set(keyOf(score.model, thresholds), record);
  return record;
}

/** Judges that err often lead to the threshold that an exact one leads to: it is replayed once. */
function keyOf(model: PairModel | null, thresholds: ReadonlyMap<string, number>): string {
  return JSON.stringify([model && [...model.weights, model.bias], ...thresholds]);
}

interface Run {
  name: string;
  policy: ServePolicy;
  target: number | null;
  labels: number;
}

function replayLater(bench: Bench, run: Run, neighbours = 8): SplitRecord {
  return recordOf(bench.split, run, replayListed(bench, run.policy, neighbours));
}

type Counts = Pick<ReplayCounts, "requests" | "exactHits" | "semanticHits" | "wrongExact" | "wrongSemantic">;

function recordOf(split: number, { name, target, labels }: Run, counts: Counts): SplitRecord {
  const { requests, exactHits, semanticHits, wrongExact, wrongSemantic } = counts;
  return {
    split,
    policy: name,
    target,
    requests,
    hits: exactHits + semanticHits,
    exactHits,
    wrong: wrongExact + wrongSemantic,
    labels,
  };
}

const naiveRates: readonly NaiveRate[] = ["usr", "fhr"];

function runNaive(bench: Bench): SplitRecord[] {
  const { embed } = bench.vectors;
  const labelled = labelNearest(bench.older, {
    labels: certifiedLabels,
    seed: bench.split,
    embed,
    index: openListedIndex(bench.vectors),
  });
  const byCategory = { ...bench, older: categorised(bench.older), later: categorised(bench.later) };
  const records: SplitRecord[] = [];
  const labels = labelled.length;
  for (const target of benchTargets) {
    const least = tuneNaively(labelled, target, "usr");
    const policy = least === Infinity ? exactOnly() : staticThreshold(least);
    records.push(replayLater(bench, { name: "naive_global_usr", policy, target, labels }, 1));
    for (const rate of naiveRates) {
      const perCategory = perSegmentThreshold(tuneCategories(labelled, target, rate));
      const run = { name: `naive_category_${rate}`, policy: perCategory, target, labels };
      records.push(replayLater(byCategory, run, 1));
    }
  }
  return records;
}

function categorised(items: readonly BenchItem[]): BenchItem[] {
  return items.map((item) => ({ ...item, segment: item.category }));
}

async function runOthers(bench: Bench): Promise<SplitRecord[]> {
  const records = [replayLater(bench, { name: "exact", policy: exactOnly(), target: null, labels: 0 }, 1)];
  for (const cosine of staticCosines) {
    const run = {
      name: `cosine_${cosine.toFixed(2)}`,
      policy: staticThreshold(cosine),
      target: null,
      labels: 0,
    };
    records.push(replayLater(bench, run, 1));
  }
  for (const target of benchTargets) records.push(...(await runVcache(bench, target)));
  return records;
}

/** vCache starts empty and learns as it goes, so it is replayed on the whole stream, and counted once on all of it, as its authors
 * do, and once on the later part, by when it has had a label for each miss of the older part. */
async function runVcache({ older, later, vectors, split }: Bench, target: number): Promise<SplitRecord[]> {
  const firstLater = new Set<CacheItem>(later);
  const counts = { requests: 0, exactHits: 0, semanticHits: 0, wrongExact: 0, wrongSemantic: 0 };
  let labels = 0;
  const totals = await replayCache([...older, ...later], {
    policy: vcachePolicy({ delta: target, seed: split }),
    embed: vectors.embed,
    openIndex: () => openListedIndex(vectors),
    neighbours: 1,
    onDecision: ({ item, tier, isWrong, candidate }) => {
      if (tier === "miss" && candidate !== null) labels += 1;
      if (!firstLater.has(item)) return;
      counts.requests += 1;
      if (tier === "exact") counts.exactHits += 1;
      if (tier === "semantic") counts.semanticHits += 1;
      if (isWrong === true) counts[tier === "exact" ? "wrongExact" : "wrongSemantic"] += 1;
    },
  });
  const policy = exactOnly();
  return [
    recordOf(split, { name: "vcache_whole", policy, target, labels }, totals),
    recordOf(split, { name: "vcache", policy, target, labels }, counts),
  ];
}
