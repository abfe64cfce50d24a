import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../errors.js";
import { type LangfuseExport, readLangfuseManifests, whyNotListed } from "./langfuse-manifests.js";
import { whySessionDebris } from "./session-debris.js";

/** Files to read, in order, and what was left out of the folders, with the reason, to be shown to the user. */
export interface FileList {
  files: string[];
  skipped: Array<{ path: string; why: string }>;
}

/** Find the files to ingest. A file that is named is always taken; folders are walked in name order, leaving out what is
 * plainly no log (hidden and temporary files, documentation, JSON schemas, empty files, what Claude Code keeps beside its
 * sessions) and what belongs to an unfinished run of a Langfuse export. A file is taken once, however often its path is given.
 * @throws {InputError} for a path that doesn't exist */
export function listFiles(paths: readonly string[]): FileList {
  const list: FileList = { files: [], skipped: [] };
  const visited = new Set<string>();
  for (const path of paths) {
    if (!existsSync(path))
      throw new InputError(`${path}: no such file or folder; name files or folders of logs to ingest`);
    if (statSync(path).isDirectory()) walk(path, list, visited);
    else addOnce(path, list, visited);
  }
  return list;
}

function walk(
  folder: string,
  list: FileList,
  visited: Set<string>,
  around: LangfuseExport | null = null,
): void {
  // Links can lead in circles: a folder is entered once, under its real path.
  const real = realpathSync(folder);
  if (visited.has(real)) return;
  visited.add(real);
  const manifests = readLangfuseManifests(folder) ?? around;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) list.skipped.push({ path, why: "link to nothing" });
    else if (name.startsWith(".")) list.skipped.push({ path, why: "hidden" });
    else if (stats.isDirectory()) walk(path, list, visited, manifests);
    else {
      const unlisted = (manifests && whyNotListed(path, manifests)) ?? whySessionDebris(path);
      const why = unlisted ?? (stats.isFile() ? whyNotALog(name, stats.size) : "not a regular file");
      if (why === null) addOnce(path, list, visited);
      else list.skipped.push({ path, why });
    }
  }
}

function addOnce(path: string, list: FileList, visited: Set<string>): void {
  const real = realpathSync(path);
  if (visited.has(real)) list.skipped.push({ path, why: "same file as one listed before" });
  else {
    visited.add(real);
    list.files.push(path);
  }
}

function whyNotALog(name: string, bytes: number): string | null {
  if (bytes === 0) return "empty";
  if (/\.(tmp|temp|part|partial|swp|lock|crdownload)$|~$/i.test(name)) return "temporary file";
  if (/^(readme|license|licence|copying|notice|changelog|upstream)\b/i.test(name)) return "documentation";
  if (/\.(md|markdown|rst|html?|pdf|png|jpe?g|gif|svg)$/i.test(name)) return "documentation";
  if (/\bschema\.json$/i.test(name)) return "JSON schema";
  if (
    /\.(sha256|sha1|md5|crc|sig|asc)$|^_(SUCCESS|committed.*|started.*|metadata|common_metadata)$/.test(
      basename(name),
    )
  )
    return "checksum or marker";
  return null;
}
