import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactBytes, ArtifactSource } from "./artifact-source.js";
import { plainPath } from "./plain-path.js";
import { readTar } from "./read-tar.js";

/** Open an artifact that is in memory. Files may lie in a folder, as in an archive of one.
 * @throws {ArtifactError} (bad_archive) unless it holds exactly one artifact, under names that lead nowhere else */
export function openBytes(given: ArtifactBytes): ArtifactSource {
  const label = given instanceof Uint8Array ? "archive" : "files";
  const files = given instanceof Uint8Array ? readTar(given, label) : readRecord(given, label);
  const manifests = [...files.keys()].filter((path) => /(^|\/)manifest\.json$/.test(path));
  if (manifests.length !== 1) {
    const message = `holds ${manifests.length} of manifest.json, not one; give one artifact's folder`;
    throw new ArtifactError(ArtifactFault.badArchive, label, message);
  }
  const folder = manifests[0]!.slice(0, -"manifest.json".length);
  return {
    pathOf: (name) => `${label}:${folder}${name}`,
    read: async (name) => files.get(`${folder}${name}`) ?? null,
  };
}

function readRecord(given: Readonly<Record<string, Uint8Array>>, label: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of Object.entries(given ?? {})) {
    const path = plainPath(name);
    if (path === null || files.has(path) || !(bytes instanceof Uint8Array)) {
      const message = `${JSON.stringify(name)} is no file's name with a Uint8Array; give each file of the artifact's folder once`;
      throw new ArtifactError(ArtifactFault.badArchive, label, message);
    }
    files.set(path, bytes);
  }
  return files;
}
