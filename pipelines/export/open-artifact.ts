import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  ArtifactError,
  type ArtifactManifest,
  loadRouter,
  type Policy,
  type Router,
} from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";

/** An artifact on disk that the runtime accepts, with its files as they are. */
export interface OpenedArtifact {
  /** The artifact's own folder, and the folder that holds it and its revisions. */
  path: string;
  folder: string;
  /** What latest.json of that folder names; null without one. */
  latest: string | null;
  manifest: ArtifactManifest;
  policy: Policy;
  /** Every file that the manifest lists. */
  contents: Record<string, Uint8Array>;
  isSigned: boolean;
  /** What the runtime made of it. */
  router: Router;
}

/** Open an artifact for a change or a look: hashes are checked and the golden rows replayed first.
 * @param given the artifact's folder, or a folder whose latest.json names one
 * @throws {InputError} if the runtime refuses it */
export async function openArtifact(given: string): Promise<OpenedArtifact> {
  const { path, folder } = locateArtifact(given);
  const router = await loadRouter(path, { warmUp: false }).catch((error: unknown) => {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  });
  const manifest = readJsonFile<ArtifactManifest>(join(path, "manifest.json"), again);
  return {
    path,
    folder,
    latest: readLatest(folder),
    manifest,
    policy: readJsonFile<Policy>(join(path, "policy.json"), again),
    contents: Object.fromEntries(
      Object.keys(manifest.files).map((name) => [name, readFileSync(join(path, name))]),
    ),
    router,
    isSigned: existsSync(join(path, "manifest.sig")),
  };
}

const again = "export the artifact again";

/** An artifact's own folder and the one that holds it.
 * @param given the artifact's folder, or a folder whose latest.json names one */
export function locateArtifact(given: string): Pick<OpenedArtifact, "path" | "folder"> {
  const latest = readLatest(given);
  const path = resolve(given, latest ?? ".");
  return { path, folder: dirname(path) };
}

/** Name of the artifact that latest.json of a folder points to; null without one.
 * @throws {InputError} if it names none */
export function readLatest(folder: string): string | null {
  const pointer = join(folder, "latest.json");
  if (!existsSync(pointer)) return null;
  const { artifact_id: id } = readJsonFile<{ artifact_id?: unknown }>(pointer, again);
  if (typeof id === "string" && id !== "" && basename(id) === id && !/^\.+$/.test(id)) return id;
  throw new InputError(`${pointer}: artifact_id names no folder beside it; ${again}`);
}
