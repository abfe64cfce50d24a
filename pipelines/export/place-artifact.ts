import { createHash } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ArtifactManifest, loadRouter } from "@signalbox/runtime";
import { makeFolder } from "../../datasets/make-folder.js";
import { writeFileAtomic } from "../../datasets/workspace.js";

/** Files of an artifact by name, the manifest apart. */
export type ArtifactContents = Readonly<Record<string, string | Uint8Array>>;

/** Write an artifact and point `latest.json` beside it to it. The files are staged, the manifest last, and loaded by the runtime
 * before the folder appears under its name.
 * @param sign gives the content of manifest.sig; null = unsigned
 * @returns path of the artifact's own folder
 * @throws {ArtifactError} if the runtime refuses what was staged; nothing is left of it then */
export async function placeArtifact(
  folder: string,
  manifest: ArtifactManifest,
  contents: ArtifactContents,
  sign: ((manifest: string) => string) | null = null,
): Promise<string> {
  const id = manifest.artifact_id;
  const path = join(folder, id);
  const staging = join(folder, `.${id}.tmp`);
  makeFolder(folder);
  rmSync(staging, { recursive: true, force: true });
  makeFolder(staging);
  try {
    for (const [name, content] of Object.entries(contents)) writeFileAtomic(join(staging, name), content);
    const text = jsonText(manifest);
    if (sign !== null) writeFileAtomic(join(staging, "manifest.sig"), sign(text));
    writeFileAtomic(join(staging, "manifest.json"), text);
    await loadRouter(staging, { warmUp: false });
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
  replaceFolder(path, staging);
  writeFileAtomic(join(folder, "latest.json"), jsonText({ artifact_id: id, path: id }));
  return path;
}

/** An artifact of the same name is moved aside first, so that a reader misses it for no longer than two renames take. */
function replaceFolder(path: string, staging: string): void {
  const old = `${staging}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(path)) renameSync(path, old);
  renameSync(staging, path);
  rmSync(old, { recursive: true, force: true });
}

/** Name of an artifact: its day and a hash of what decides, `<yyyymmdd-hash8>`. */
export function artifactId(createdAt: Date, contents: ArtifactContents): string {
  const hash = createHash("sha256");
  for (const [name, content] of Object.entries(contents)) hash.update(name).update("\0").update(content);
  const day = createdAt.toISOString().slice(0, 10).replaceAll("-", "");
  return `${day}-${hash.digest("hex").slice(0, 8)}`;
}

/** What the manifest says of each file. */
export function describeFiles(contents: ArtifactContents): ArtifactManifest["files"] {
  return Object.fromEntries(
    Object.entries(contents).map(([name, content]) => {
      const bytes = Buffer.from(content);
      return [name, { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length }];
    }),
  );
}

/** Time of an export: now, or SOURCE_DATE_EPOCH where that is set.
 * @see https://reproducible-builds.org/specs/source-date-epoch/ */
export function exportTime(): Date {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Number.NaN);
  return Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date();
}

/** A JSON document as artifacts and results are written: two spaces, a line feed at the end. */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
