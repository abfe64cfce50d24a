import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashFile } from "../../datasets/reader/hash-file.js";
import type { StageManifest, Workspace } from "../../datasets/workspace.js";

/** The files of a workspace's table requests, with their hashes: inputs of a stage that reads it. */
export async function requestFiles(workspace: Workspace): Promise<StageManifest["inputs"]> {
  const folder = join(workspace.path, "requests");
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path: join("requests", name), sha256: await hashFile(path), bytes: statSync(path).size };
    }),
  );
}
