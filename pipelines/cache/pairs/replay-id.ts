import { readManifest, type Workspace } from "../../../datasets/workspace.js";
import { hashOf } from "../../label/label-item.js";

/** Tells a workspace's replay from any other, 12 hex digits: pairs that were drawn from another say nothing about its shares. */
export function replayId(workspace: Workspace): string {
  return hashOf(readManifest(workspace, "cache-replay")).slice(0, 12);
}
