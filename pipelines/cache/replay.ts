import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CacheReplayResult } from "../../datasets/cache-result.js";
import { DataError, InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { hashFile } from "../../datasets/reader/hash-file.js";
import { requestLog } from "../../datasets/request-log.js";
import { storedFiles } from "../../datasets/stored-files.js";
import { loadTokenCounter } from "../../datasets/tokens/count-tokens.js";
import { requireManifest, type StageManifest, type Workspace } from "../../datasets/workspace.js";
import type { EvictionKind } from "../../models/cache/eviction-queue.js";
import { groupAnswers } from "../../models/cache/group-answers.js";
import { type GivenPrices, settlePrices } from "./cache-prices.js";
import { type CacheEmbedder, type CacheEmbedderOptions, openCacheEmbedder } from "./open-cache-embedder.js";
import { type RejectedLine, readStream } from "./read-stream.js";
import { replayCurve } from "./replay-curve.js";
import { type StagedItems, stageItems } from "./stage-items.js";
import { stageWorkspace } from "./stage-workspace.js";
import { storeReplay } from "./store-replay.js";
import { streamTracer } from "./stream-items.js";

/** How a cache is replayed. */
export interface CacheReplayOptions extends CacheEmbedderOptions {
  /** Cosines at which the semantic tier is replayed. */
  thresholds: readonly number[];
  /** Life of an entry in seconds; null = for ever. */
  ttlS: number | null;
  capacity: number;
  eviction: EvictionKind;
  /** Whether the semantic tier keeps prompts apart that differ in numbers, negation and the like, as the runtime does. */
  hasGuard: boolean;
  /** Cosine from which logged answers count as one answer; null = equal texts alone. Workspaces only. */
  minAnswerCosine: number | null;
  prices: GivenPrices;
  onProgress?: Progress;
}

/** Settings that a replay has when none are given. Thresholds: the grid on which published systems are compared. */
export const cacheReplayDefaults = {
  thresholds: [0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.97, 0.98, 0.99],
  ttlS: 86_400,
  capacity: 100_000,
  eviction: "lru",
} as const;

/** What was read, beside the items themselves. */
export interface SourceSummary {
  kind: "workspace" | "stream";
  path: string | null;
  leftOut: Map<string, number>;
  exactTierOnly: number;
  /** What was read, for the manifest. */
  inputs: () => Promise<StageManifest["inputs"]>;
  notes: string[];
}

/** Replay a workspace's own requests through a cache: cache_candidates, results/cache_replay.json and, last, the manifest.
 * @throws {StageError} when nothing was ingested
 * @throws {DataError} when no request can be replayed */
export async function replayWorkspaceCache(
  workspace: Workspace,
  options: CacheReplayOptions,
): Promise<CacheReplayResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  if (options.minAnswerCosine !== null && options.encoder !== null) {
    throw new InputError(
      "--same-answer compares answers one by one, which an encoder can't; leave --encoder out",
    );
  }
  return replay(workspace, options, async (staged, embedder, countTokens) => {
    const answers = groupAnswers({
      minCosine: options.minAnswerCosine,
      embed: embedder.embedOne ?? undefined,
    });
    const { onProgress } = options;
    const counts = await stageWorkspace(workspace, staged, { answers, countTokens, onProgress });
    if (counts.items === 0) {
      throw new DataError(`${workspace.path}: none of ${counts.requests} requests can be replayed`);
    }
    const { leftOut, exactTierOnly } = counts;
    const inputs = () => storedFiles(workspace, requestLog);
    return { kind: "workspace", path: null, leftOut, exactTierOnly, inputs, notes: [] };
  });
}

/** Replay a plain stream through a cache, see {@link readStream}.
 * @param workspace where tables and result are left; null leaves none
 * @param options.onRejected is told of each line that can't be used
 * @throws {InputError} if there is no such file
 * @throws {DataError} if no line can be used */
export async function replayStreamCache(
  path: string,
  workspace: Workspace | null,
  options: CacheReplayOptions & { onRejected?: (line: RejectedLine) => void },
): Promise<CacheReplayResult> {
  return replay(workspace, options, async (staged, _, countTokens) => {
    const trace = streamTracer(countTokens);
    const counts = await readStream(path, {
      onItems: (items) => staged.add(items.map(trace)),
      onRejected: options.onRejected,
      onProgress: options.onProgress,
    });
    const leftOut = new Map([
      ["bad_line", counts.rejected],
      ["duplicate_id", counts.duplicates],
    ]);
    const inputs = async () => [{ path, sha256: await hashFile(path), bytes: statSync(path).size }];
    return { kind: "stream", path, leftOut, exactTierOnly: 0, inputs, notes: noteOnTimes(counts) };
  });
}

function noteOnTimes({ undated, accepted }: { undated: number; accepted: number }): string[] {
  if (undated === 0) return [];
  if (undated === accepted)
    return ["No line has created_at: the order of the file counts, and entries don't age."];
  return [`${undated} lines have no created_at; each follows the line before it.`];
}

async function replay(
  workspace: Workspace | null,
  options: CacheReplayOptions,
  read: (
    staged: StagedItems,
    embedder: CacheEmbedder,
    countTokens: ((text: string) => number) | null,
  ) => Promise<SourceSummary>,
): Promise<CacheReplayResult> {
  const started = performance.now();
  const embedder = await openCacheEmbedder(options);
  const folder = temporaryFolder(workspace);
  const staged = await stageItems(folder);
  try {
    const prices = settlePrices(options.prices, embedder.embedOne !== null);
    const countTokens = prices.embedding_usd_per_mtok > 0 ? await loadTokenCounter("cl100k_base") : null;
    const source = await read(staged, embedder, countTokens);
    const { result, candidates } = await replayCurve({
      staged,
      embedder,
      prices,
      source,
      options,
      folder,
      workspace,
    });
    if (candidates !== null) {
      await storeReplay(workspace!, { result, candidates, inputs: await source.inputs(), started });
    }
    return result;
  } finally {
    staged.close();
    await embedder.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(workspace: Workspace | null): string {
  if (workspace === null) return mkdtempSync(join(tmpdir(), "signalbox-cache-"));
  mkdirSync(join(workspace.path, "tmp"), { recursive: true });
  return mkdtempSync(join(workspace.path, "tmp", "cache-"));
}
