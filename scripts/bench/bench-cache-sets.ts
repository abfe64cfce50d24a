import { readBanking77 } from "../../datasets/benchmarks/read-banking77.js";
import { readClinc150 } from "../../datasets/benchmarks/read-clinc150.js";
import { readNluppQueries } from "../../datasets/benchmarks/read-nlupp.js";
import type { StreamItem } from "../../datasets/cache-stream.js";
import { createRandom } from "../../datasets/random.js";
import { streamTracer } from "../../pipelines/cache/stream-items.js";
import type { TracedItem } from "../../pipelines/cache/traced-item.js";

/** Real queries with known answers. */
export const benchSets = {
  banking77: readBanking77,
  clinc150: readClinc150,
  nlupp: readNluppQueries,
} as const satisfies Record<string, (data: string) => StreamItem[]>;
export type BenchSet = keyof typeof benchSets;

/** A query with the group that per-category tuning tells it by; ours sees one segment. */
export interface BenchItem extends TracedItem {
  category: string;
}

/** Read a set as requests of one scope and one segment. */
export function readBenchSet(data: string, set: BenchSet): BenchItem[] {
  const trace = streamTracer();
  return benchSets[set](data).map((item) => ({
    ...trace({ ...item, segment: null }),
    category: item.segment ?? "",
  }));
}

/** A shuffled stream, divided in time. */
export interface BenchSplit {
  /** Fills the cache, and is calibrated on. */
  older: BenchItem[];
  /** What figures are measured on. */
  later: BenchItem[];
}

/** Shuffle by seed: the first half is the older part. */
export function splitBenchSet(items: readonly BenchItem[], seed: number): BenchSplit {
  const stream = createRandom(seed)
    .shuffle([...items])
    .map((item, at) => ({ ...item, at }));
  const half = stream.length >> 1;
  return { older: stream.slice(0, half), later: stream.slice(half) };
}
