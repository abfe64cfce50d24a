import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactBytes, ArtifactSource } from "./artifact-source.js";
import { plainPath } from "./plain-path.js";
import { readTar } from "./read-tar.js";

/** Open an artifact that is in memory. Files may lie in a folder, as in an archive of one.
 * @throws {ArtifactError} (bad_archive) unless it holds exactly one artifact, under names that lead nowhere else */
export function openBytes(given: ArtifactBytes): ArtifactSource {
  const label = isBytes(given) ? "archive" : "files";
  const files = isBytes(given) ? readTar(given, label) : readRecord(given, label);
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
  const refuse = (message: string) => new ArtifactError(ArtifactFault.badArchive, label, message);
  if (!isRecord(given))
    throw refuse("are no Uint8Array and no record of file name to Uint8Array; give one of them");
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of Object.entries(given)) {
    const path = plainPath(name);
    if (path === null || files.has(path) || !isBytes(bytes)) {
      const problem = `${JSON.stringify(name)} is no file's name with a Uint8Array`;
      throw refuse(`${problem}; give each file of the artifact's folder once`);
    }
    files.set(path, bytes);
  }
  return files;
}

/** By its tag: a Uint8Array may come from another realm, such as a test's or an iframe's. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** Entries of other binary types would be their bytes, one by one. */
function isRecord(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}
