import { existsSync } from "node:fs";
import { join } from "node:path";
import { StageError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import type { Workspace } from "../../datasets/workspace.js";

/** Folder of the artifact that the workspace exported last.
 * @throws {StageError} when it exported none */
export function latestArtifact(workspace: Workspace): string {
  const pointer = join(workspace.path, "artifact", "latest.json");
  if (!existsSync(pointer)) {
    throw new StageError(
      `${workspace.path}: no exported artifact; run it first: signalbox export --workspace ${workspace.path} (or name one with --artifact)`,
    );
  }
  const { artifact_id: id } = readJsonFile<{ artifact_id?: unknown }>(pointer, "export again");
  return join(workspace.path, "artifact", String(id));
}
