import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import {
  openOrCreateWorkspace,
  tableFolder,
  type Workspace,
  writeManifest,
} from "../../../datasets/workspace.js";
import { type CacheReplayOptions, cacheReplayDefaults } from "../../../pipelines/cache/replay.js";
import { memoryEngine } from "../../support/memory-engine.js";

/** A workspace that looks as if ingest had left these rows. */
export async function workspaceOf(path: string, rows: readonly RequestRow[]): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(path);
  const folder = tableFolder(workspace, requestLog);
  mkdirSync(folder, { recursive: true });
  const engine = await memoryEngine(requestLog, rows);
  await engine.run(`COPY requests TO '${join(folder, "rows.parquet")}' (FORMAT parquet)`);
  engine.close();
  writeManifest(workspace, {
    stage: "ingest",
    completed_at: "2026-01-06T00:00:00.000Z",
    versions: {},
    inputs: [],
    rows: {},
    seed: null,
    seconds: 0,
    notes: [],
  });
  return workspace;
}

/** Default options with prices that are easy to add up: a cent per operation, nothing else. */
export function replayOptions(given: Partial<CacheReplayOptions> = {}): CacheReplayOptions {
  return {
    ...cacheReplayDefaults,
    embedder: null,
    encoder: null,
    tokenizer: null,
    thresholds: [0.8],
    hasGuard: true,
    minAnswerCosine: null,
    prices: { embeddingUsdPerMtok: 0, operationsUsdPerM: 10_000, storageUsdPerEntryDay: 0 },
    ...given,
  };
}
