import { type CachePairRow, cachePairs } from "../../../datasets/cache-pairs.js";
import type { CachePairsResult } from "../../../datasets/cache-pairs-result.js";
import { openTables, readResult, requireManifest, type Workspace } from "../../../datasets/workspace.js";
import { type JudgeAcceptError, judgeAcceptError } from "./judge-accept-error.js";
import { replayId } from "./replay-id.js";
import { type SettledPair, settlePairs } from "./settle-pairs.js";

/** What calibration needs of a workspace's pairs. */
export interface CachePairs {
  /** One row per pair with a verdict. */
  pairs: SettledPair[];
  /** The judge held against humans, from the pairs that both judged. */
  judgeError: JudgeAcceptError;
  /** Floor, shares of traffic above it and everything else that is known about how the pairs came to be. */
  result: CachePairsResult;
  /** Whether the sample was drawn from the replay that the workspace holds now. Otherwise verdicts stand, but chances and shares don't. */
  isOfThisReplay: boolean;
}

/** Read a workspace's judged and imported pairs, settled: see {@link settlePairs}.
 * @throws {StageError} if there are none */
export async function readCachePairs(workspace: Workspace): Promise<CachePairs> {
  requireManifest(workspace, "cache-pairs", `signalbox cache pairs judge --workspace ${workspace.path}`);
  const engine = await openTables(workspace);
  const rows = await engine
    .rows<CachePairRow>(`SELECT * FROM ${cachePairs.name} ORDER BY created_at, pair_id, judge`)
    .finally(() => engine.close());
  const { pairs, doubles } = settlePairs(rows);
  const result = readResult<CachePairsResult>(workspace, "cache_pairs")!;
  const current = replayId(workspace);
  const parts = result.judged === null ? result.imports : [result.judged];
  return {
    pairs,
    judgeError: judgeAcceptError(doubles),
    result,
    isOfThisReplay: parts.every(({ replay_id }) => replay_id === current),
  };
}
