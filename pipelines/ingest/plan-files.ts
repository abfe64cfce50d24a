import { statSync } from "node:fs";
import type { Progress } from "../../datasets/progress.js";
import { hashFile } from "../../datasets/reader/hash-file.js";
import { type FileMarker, type IngestOptionsKey, storedName } from "./file-marker.js";

/** One file of a call, and what is to be done with it. */
export interface PlannedFile {
  path: string;
  sha256: string;
  bytes: number;
  /** read it; keep what is stored; or nothing, because another path of this call has the same content. */
  action: "read" | "keep" | "copy";
}

/** Decide by their content which files have to be read. */
export async function planFiles(
  paths: readonly string[],
  markers: ReadonlyMap<string, { marker: FileMarker }>,
  key: IngestOptionsKey,
  onProgress: Progress,
): Promise<PlannedFile[]> {
  const plan: PlannedFile[] = [];
  const seen = new Set<string>();
  for (const [i, path] of paths.entries()) {
    onProgress({ label: "hashing", done: i, total: paths.length, unit: "files" });
    const sha256 = await hashFile(path);
    const isKept = isSameIngest(markers.get(storedName(sha256))?.marker, key);
    plan.push({
      path,
      sha256,
      bytes: statSync(path).size,
      action: seen.has(sha256) ? "copy" : isKept ? "keep" : "read",
    });
    seen.add(sha256);
  }
  return plan;
}

function isSameIngest(marker: FileMarker | undefined, key: IngestOptionsKey): boolean {
  return (
    marker?.state === "committed" &&
    marker.options.source === key.source &&
    marker.options.content === key.content &&
    marker.options.toolkit === key.toolkit &&
    marker.options.prices === key.prices &&
    marker.options.map === key.map &&
    marker.options.missing_time === key.missing_time &&
    marker.options.zone === key.zone
  );
}
