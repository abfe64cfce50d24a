import { cacheCandidates } from "../../../datasets/cache-candidates.js";
import type { Workspace } from "../../../datasets/workspace.js";
import { hashOf } from "../../label/label-item.js";
import { storedFiles } from "../../label/stored-files.js";

/** Tells a workspace's replay from any other, 12 hex digits: pairs that were drawn from another say nothing about its shares. */
export function replayId(workspace: Workspace): string {
  return hashOf(storedFiles(workspace, cacheCandidates).map(({ sha256 }) => sha256)).slice(0, 12);
}
