import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile } from "../../datasets/read-json-file.js";
import type { CountPair } from "../../datasets/tokens/calibrate-counts.js";
import type { Workspace } from "../../datasets/workspace.js";

/** How many records of a file became what. read = accepted + quarantined + duplicates + skipped. */
export interface RecordCounts {
  read: number;
  accepted: number;
  quarantined: number;
  duplicates: number;
  skipped: number;
}

/** One way in which records did not become rows. */
export interface ReasonCount {
  disposition: string;
  reason: string;
  count: number;
  /** The first of them: `file:line: what was wrong`. */
  example: string;
}

/** What decides the rows of a file, beside its bytes. A file is read again when one of these differs. */
export interface IngestOptionsKey {
  source: string;
  content: string;
  toolkit: string;
  /** Fingerprint of the price book that list prices came from. */
  prices: string;
  /** SHA-256 of the mapping file that it was read by; absent without one. */
  map?: string;
  /** `file` when records without a time got their file's; absent when they were quarantined. */
  missing_time?: string;
  /** Zone of times that named none; absent when they were read as UTC. */
  zone?: string;
}

/** What is known of one ingested file. Its counts stay true: when a later file brings a newer version of one of its rows, that row
 * is counted as a duplicate from then on. */
export interface FileMarker extends RecordCounts {
  schema_version: 1;
  /** `replacing` when rows that it gave are gone: they are read again as soon as the file is given. */
  state: "committed" | "replacing";
  path: string;
  sha256: string;
  bytes: number;
  /** Format that was recognised; null when none was. */
  source: string | null;
  options: IngestOptionsKey;
  /** Whether the traffic was generated, as the demo's is. */
  is_synthetic: boolean;
  /** Rows that carry the file's time, having none of their own; absent when there are none. */
  dated_by_file?: number;
  reasons: ReasonCount[];
  /** What its rows with usage taught about tokens per text, for later files without usage; absent where nothing was counted. */
  token_pairs?: CountPair[];
}

/** What was stored in one go: one file, or many small ones that share their Parquet files. It is ingest/<name>.json, written last;
 * Parquet files of no commit are debris. */
export interface Commit {
  /** Start of the file's SHA-256, or of that of all files' SHA-256: 12 hex digits, with which the Parquet files' names begin. */
  name: string;
  markers: FileMarker[];
}

/** The name under which a file is known: the start of its content's SHA-256. */
export function storedName(sha256: string): string {
  return sha256.slice(0, 12);
}

/** Name of the commit of some files. */
export function commitName(files: ReadonlyArray<{ sha256: string }>): string {
  if (files.length === 1) return storedName(files[0]!.sha256);
  const hash = createHash("sha256");
  for (const { sha256 } of files) hash.update(sha256);
  return storedName(hash.digest("hex"));
}

/** All commits of a workspace, by name. */
export function readCommits(workspace: Workspace): Map<string, Commit> {
  const folder = join(workspace.path, markerFolder);
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^[0-9a-f]{12}\.json$/.test(name))
    : [];
  return new Map(
    names.sort().map((fileName) => {
      const name = fileName.slice(0, -".json".length);
      const stored = readJsonFile<FileMarker | CommitFile>(
        join(folder, fileName),
        "delete it, and ingest its file again",
      );
      return [name, { name, markers: "files" in stored ? stored.files : [stored] }];
    }),
  );
}

/** A commit's file, as text, and its path below the workspace. */
export function commitFile({ name, markers }: Commit): { path: string; text: string } {
  const stored: FileMarker | CommitFile =
    markers.length === 1 ? markers[0]! : { schema_version: 1, files: markers };
  return { path: commitPath(name), text: `${JSON.stringify(stored, null, 2)}\n` };
}

/** Path of a commit's file, below the workspace. */
export function commitPath(name: string): string {
  return join(markerFolder, `${name}.json`);
}

/** The markers of all commits by stored name of the file, and the commit of each. */
export function indexMarkers(commits: Iterable<Commit>): Map<string, { marker: FileMarker; commit: string }> {
  const index = new Map<string, { marker: FileMarker; commit: string }>();
  for (const { name, markers } of commits)
    for (const marker of markers) index.set(storedName(marker.sha256), { marker, commit: name });
  return index;
}

/** A commit of several files, as it is stored; one of a single file is stored as its marker. */
interface CommitFile {
  schema_version: 1;
  files: FileMarker[];
}

const markerFolder = "ingest";
