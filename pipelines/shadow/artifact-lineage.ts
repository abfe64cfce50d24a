import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactManifest } from "@signalbox/runtime";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { locateArtifact } from "../export/open-artifact.js";

/** One artifact of a line of revisions. */
export interface LineageEntry {
  id: string;
  createdAt: number;
  /** Whether everything that was changed since this artifact concerns the ramp. */
  isSameRouter: boolean;
}

/** An artifact and those that it was revised from, newest first, as far as they are still there.
 * @param given the artifact's folder, or a folder whose latest.json names it */
export function artifactLineage(given: string, manifest: ArtifactManifest): LineageEntry[] {
  const { folder } = locateArtifact(given);
  const entries: LineageEntry[] = [];
  let isSameRouter = true;
  for (let at: ArtifactManifest | null = manifest; at !== null && entries.length < longest; ) {
    entries.push({ id: at.artifact_id, createdAt: Date.parse(at.created_at), isSameRouter });
    const revision: ArtifactManifest["revision"] = at.revision;
    isSameRouter &&= revision?.changed.every((change) => /^ramp[.:]/.test(change)) ?? true;
    at = revision ? readManifestOf(folder, revision.of, entries) : null;
    // the ancestor's folder may be gone; its name still says where this one comes from
    if (at === null && revision && !entries.some(({ id }) => id === revision.of))
      entries.push({ id: revision.of, createdAt: Number.NaN, isSameRouter });
  }
  return entries;
}

const longest = 1_000;

function readManifestOf(folder: string, id: string, seen: readonly LineageEntry[]): ArtifactManifest | null {
  const path = join(folder, id, "manifest.json");
  if (seen.some((entry) => entry.id === id) || !existsSync(path)) return null;
  return readJsonFile<ArtifactManifest>(path, "export the artifact again");
}
