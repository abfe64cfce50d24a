import { statSync } from "node:fs";
import { openBytes, readContainer } from "../../../datasets/reader/open-bytes.js";
import { DamagedInput, type ReadRecord } from "../../../datasets/reader/read-record.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { sniffText, sniffTextBytes } from "../../../datasets/reader/sniff-text.js";
import { canonicalSource } from "../../../datasets/sources/canonical.js";
import { detectionLines, detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import type { Source } from "../../../datasets/sources/source.js";
import { BulkEngine, type BulkFile } from "./bulk-engine.js";
import { type BulkChunk, lineBulk } from "./line-bulk.js";
import { parquetBulk } from "./parquet-bulk.js";

/** Takes what the bulk reading finds. */
export interface BulkSink {
  /** Say whose records the file holds. */
  decide(source: Source): void;
  /** Records of a format that are rows of Parquet parts now. */
  takeClaimed(source: Source, count: number, parts: readonly string[]): Promise<void>;
  /** Records that are left to JavaScript. */
  takeRecords(records: readonly ReadRecord[]): Promise<void>;
}

/** The chunks of a file for which SQL has a plan: canonical records, as JSONL (plain, gzip, zstd) or Parquet.
 * @param given the format, or null to recognise it
 * @returns null when the file is to be read by JavaScript alone */
export async function planBulk(
  path: string,
  given: Source | null,
  options: { file: BulkFile; minBytes: number },
): Promise<AsyncIterable<BulkChunk> | null> {
  if (statSync(path).size < options.minBytes) return null;
  try {
    const container = await readContainer(path);
    if ((given ?? (await recognise(path))) !== canonicalSource) return null;
    if (container === "parquet") return await parquetBulk(path);
    return (await hasLines(path)) ? lineBulk(path, container, options.file) : null;
  } catch (error) {
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}

/** Read the chunks of a file of canonical records, two at a time. */
export async function readInBulk(
  chunks: AsyncIterable<BulkChunk>,
  { file, sink }: { file: BulkFile; sink: BulkSink },
): Promise<void> {
  sink.decide(canonicalSource);
  const engines = await Promise.all(["a", "b"].map((name) => BulkEngine.open(file, name)));
  const running: Array<() => Promise<void>> = [];
  try {
    let chunkNo = 0;
    for await (const chunk of chunks) {
      const outcome = chunk.read(engines[chunkNo % engines.length]!, chunkNo);
      // Its failure is reported when its turn comes.
      outcome.catch(() => {});
      chunkNo += 1;
      running.push(async () => {
        const { claimed, parts, records } = await outcome;
        await sink.takeClaimed(canonicalSource, claimed, parts);
        await sink.takeRecords(records);
      });
      if (running.length === engines.length) await running.shift()!();
    }
    while (running.length > 0) await running.shift()!();
  } finally {
    for (const engine of engines) engine.close();
  }
}

async function recognise(path: string): Promise<Source | null> {
  const samples: unknown[] = [];
  let records = 0;
  for await (const batch of readRecords(path)) {
    for (const { value, problem } of batch) if (problem === undefined) samples.push(value);
    records += batch.length;
    if (samples.length >= detectionLines || records >= recordsLookedAt) break;
  }
  return detectSource(samples, sources).source;
}

const recordsLookedAt = 5000;

async function hasLines(path: string): Promise<boolean> {
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of openBytes(path, await readContainer(path), sniffTextBytes)) {
    head.push(chunk);
    bytes += chunk.length;
    if (bytes >= sniffTextBytes) break;
  }
  return sniffText(Buffer.concat(head), bytes < sniffTextBytes).kind === "lines";
}
