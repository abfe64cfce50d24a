import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactSource } from "./artifact-source.js";
import { readPointer } from "./read-artifact-json.js";

/** Open an artifact's folder, or that which the latest.json of a folder of artifacts names.
 * @throws {ArtifactError} when latest.json names nothing usable */
export async function openFolder(given: string): Promise<ArtifactSource> {
  const folder = await resolveFolder(given);
  const pathOf = (name: string) => join(folder, name);
  return { pathOf, read: (name) => readOrNull(pathOf(name)) };
}

/** The folder itself, or the artifact that its latest.json names. */
export async function resolveFolder(given: string): Promise<string> {
  const pointer = join(given, "latest.json");
  const text = await readFile(pointer, "utf8").catch(() => null);
  return text === null ? given : join(given, readPointer(text, pointer));
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    const message = `can't be read (${code}); check its permissions, or copy the artifact again`;
    throw new ArtifactError(ArtifactFault.missingFile, path, message, { cause: error });
  }
}
