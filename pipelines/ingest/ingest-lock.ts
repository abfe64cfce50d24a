import { join } from "node:path";
import { lockFile } from "../../datasets/lock-file.js";
import type { Workspace } from "../../datasets/workspace.js";

/** Take the workspace for one writer of a stage. A lock whose process died on this machine is taken over.
 * @returns a function that gives the workspace back
 * @throws {InputError} while another process holds it */
export function lockWorkspace(workspace: Workspace, stage: "ingest" | "label" = "ingest"): () => void {
  return lockFile(join(workspace.path, `${stage}.lock`), "the workspace");
}
