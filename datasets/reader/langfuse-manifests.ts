import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What the manifests of a Langfuse blob storage export say. A manifest is the last object of an export run; files of a run that
 * has none are unfinished. */
export interface LangfuseExport {
  /** Folder of the export: the one that holds the manifests' folder. */
  folder: string;
  /** Listed files by `table/name` below that folder. */
  listed: ReadonlySet<string>;
  /** Name of the first manifest, a time: earlier releases of Langfuse wrote none. */
  since: string;
}

/** Read the manifests below a folder; null when there is none, and so no Langfuse export. */
export function readLangfuseManifests(folder: string): LangfuseExport | null {
  const listed = new Set<string>();
  let since: string | null = null;
  for (const name of manifestNames(join(folder, "manifests"))) {
    const keys = readKeys(join(folder, "manifests", name));
    if (keys === null) continue;
    since ??= name;
    for (const key of keys) listed.add(tablePath(key));
  }
  return since === null ? null : { folder, listed, since: stem(since) };
}

/** Why a file of an export is left out; null for files that are to be read, and for what is no part of it. */
export function whyNotListed(path: string, { folder, listed, since }: LangfuseExport): string | null {
  const table = dirname(path);
  if (dirname(table) !== folder) return null;
  if (basename(table) === "manifests") return "manifest of a Langfuse export";
  if (!TABLES.test(basename(table)) || listed.has(tablePath(path))) return null;
  if (stem(path) < since) return null;
  return "in no manifest of its Langfuse export: a run that didn't end";
}

const TABLES = /^(traces|observations|scores|observations_v2)$/;

function manifestNames(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.sort();
  } catch {
    return [];
  }
}

/** Keys of the files of a run; null when the file is no manifest, or cut. */
function readKeys(path: string): string[] | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { files, tables } = manifest as { files?: unknown; tables?: unknown };
    if (!Array.isArray(files) || !Array.isArray(tables)) return null;
    return files.map((file: { key?: unknown }) => file?.key).filter((key) => typeof key === "string");
  } catch {
    return null;
  }
}

/** Keys hold the bucket's prefix, which a copy need not have. */
function tablePath(key: string): string {
  return key.split(/[\\/]/).slice(-2).join("/");
}

/** The files of a run and its manifest are named by one time. */
function stem(path: string): string {
  return basename(path).replace(/\..*$/, "");
}
