import { sha256HexInSteps } from "../hash/sha256-in-steps.js";
import type { Breather } from "../life/breather.js";
import type { ArtifactManifest } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactSource } from "./artifact-source.js";

/** Read a file that must be there.
 * @throws {ArtifactError} missing_file */
export async function readNeeded(source: ArtifactSource, name: string): Promise<Uint8Array> {
  const bytes = await source.read(name);
  if (bytes !== null) return bytes;
  const message = "is not there; name an artifact's directory, or export the artifact again";
  throw new ArtifactError(ArtifactFault.missingFile, source.pathOf(name), message);
}

/** Read every file that the manifest lists, checked against its hash.
 * @throws {ArtifactError} missing_file, bad_hash */
export async function readArtifactFiles(
  source: ArtifactSource,
  manifest: ArtifactManifest,
  breathe: Breather,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const bytes = await readNeeded(source, name);
    const found = await sha256HexInSteps(bytes, breathe);
    if (found !== sha256) {
      const message = `sha256 is ${found.slice(0, 8)}..., the manifest says ${sha256.slice(0, 8)}...; the file was changed or cut off: copy the artifact again`;
      throw new ArtifactError(ArtifactFault.badHash, source.pathOf(name), message);
    }
    files.set(name, bytes);
    await breathe();
  }
  return files;
}
