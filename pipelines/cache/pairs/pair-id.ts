import { saltedHash, type Workspace } from "../../../datasets/workspace.js";

/** Id of a pair in its workspace, 24 hex digits: the same however it came to be judged. */
export function pairId(workspace: Workspace, requestId: string, entryId: string): string {
  return saltedHash(workspace, `cache-pair\0${requestId}\0${entryId}`);
}
