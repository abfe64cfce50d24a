import { rmSync } from "node:fs";
import { join } from "node:path";
import type { CacheReplayResult } from "../../datasets/cache-result.js";
import { type Workspace, writeManifest, writeResult } from "../../datasets/workspace.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import type { CandidateWriter } from "./candidate-writer.js";

/** Leave a replay in a workspace: the table, the result document and, last, the manifest. The old manifest goes first, so that a run
 * which is killed half-way never passes for complete. */
export async function storeReplay(
  workspace: Workspace,
  {
    result,
    candidates,
    inputs,
    started,
  }: {
    result: CacheReplayResult;
    candidates: CandidateWriter;
    inputs: Array<{ path: string; sha256: string; bytes: number }>;
    /** Of the monotonic clock, ms. */
    started: number;
  },
): Promise<void> {
  try {
    rmSync(join(workspace.path, "cache-replay.manifest.json"), { force: true });
    const { rows } = await candidates.commit();
    writeResult(workspace, "cache_replay", result);
    writeManifest(workspace, {
      stage: "cache-replay",
      completed_at: new Date().toISOString(),
      versions: {
        signalbox: toolkitVersion,
        embedder: result.embedder.id,
        embedder_sha256: result.embedder.sha256,
      },
      inputs,
      rows: { requests: result.requests, cache_candidates: rows },
      seed: null,
      seconds: Math.round(performance.now() - started) / 1000,
      notes: result.notes,
    });
  } finally {
    candidates.close();
  }
}
