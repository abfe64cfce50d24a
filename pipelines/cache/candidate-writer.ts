import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findServable, pairFeatures } from "@signalbox/runtime";
import { type CacheCandidateRow, cacheCandidates } from "../../datasets/cache-candidates.js";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { createTableSql } from "../../datasets/table.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";
import type { CacheDecision } from "../../models/cache/cache-decision.js";
import type { CacheItem, Candidate } from "../../models/cache/cache-item.js";
import { asCached } from "../../models/cache/open-offers.js";
import type { TracedItem } from "./traced-item.js";

/** Takes what a replay decided, and leaves the table cache_candidates. */
export interface CandidateWriter {
  /** Take one decision of the replay of the exact tier, whose neighbours are what the semantic tier would have to offer. */
  add(decision: CacheDecision): void;
  /** Store what was added so far, so that memory stays bounded. */
  flush(): Promise<void>;
  /** Put the table into the workspace, in place of the one before. */
  commit(): Promise<{ rows: number }>;
  close(): void;
}

/** Open a writer; until `commit` the workspace keeps the table that it has.
 * @param hasGuard whether neighbours that differ in numbers, negation and the like are passed over */
export async function openCandidateWriter(workspace: Workspace, hasGuard: boolean): Promise<CandidateWriter> {
  const engine = await openDuckDb({ temporaryFolder: join(workspace.path, "tmp"), memoryLimit: "1GB" });
  await engine.run(createTableSql(cacheCandidates));
  let waiting: CacheCandidateRow[] = [];
  let rows = 0;
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    rows += batch.length;
    await engine.append(cacheCandidates.name, cacheCandidates, batch);
  };
  return {
    add: (decision) => void waiting.push(candidateRow(decision, hasGuard)),
    flush,
    async commit() {
      await flush();
      const folder = tableFolder(workspace, cacheCandidates);
      mkdirSync(folder, { recursive: true });
      const temporary = join(folder, `replay.${process.pid}.tmp`);
      await engine.run(
        `COPY "${cacheCandidates.name}" TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
      );
      renameSync(temporary, join(folder, "replay.parquet"));
      for (const name of readdirSync(folder)) if (name !== "replay.parquet") rmSync(join(folder, name));
      return { rows };
    },
    close: () => engine.close(),
  };
}

function candidateRow(
  { item, tier, candidate, served }: CacheDecision,
  hasGuard: boolean,
): CacheCandidateRow {
  const { id, segment, createdAt, neverCache, costUsd } = item as TracedItem;
  const row = {
    request_id: id,
    segment,
    created_at: createdAt,
    entry_id: null,
    similarity: null,
    score: null,
    features_json: null,
    is_same_answer: served === null ? null : isSameAnswer(item, served),
    saved_usd: costUsd,
  };
  if (tier === "uncacheable") return { ...row, tier, reason: neverCache };
  if (served !== null) return { ...row, tier, reason: null, entry_id: served.id, similarity: 1 };
  const offer = candidate === null ? null : offerOf(candidate, hasGuard);
  return offer === null
    ? { ...row, tier: "miss", reason: null }
    : { ...row, tier: "semantic", reason: null, ...offer };
}

/** The nearest neighbour, with a guard the nearest that it lets through. */
function offerOf(
  { item, neighbours }: Candidate,
  hasGuard: boolean,
): Pick<CacheCandidateRow, "entry_id" | "similarity" | "features_json" | "is_same_answer"> | null {
  const cached = neighbours.map(asCached);
  const at = hasGuard ? findServable(item.text, cached) : 0;
  if (at < 0) return null;
  const features = Array.from(pairFeatures(item.text, cached, at), (value) => Number(value.toFixed(6)));
  const { entry, cosine } = neighbours[at]!;
  return {
    entry_id: entry.id,
    similarity: cosine,
    features_json: JSON.stringify(features),
    is_same_answer: isSameAnswer(item, entry),
  };
}

/** By what the log holds; null where it lacks one of the answers. */
function isSameAnswer(a: CacheItem, b: CacheItem): boolean | null {
  return a.answerGroup < 0 || b.answerGroup < 0 ? null : a.answerGroup === b.answerGroup;
}
