import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";

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
}

/** ingest/<hash12>.json: written last, it commits a file. Parquet files without a marker are debris of a crash. */
export interface FileMarker extends RecordCounts {
  schema_version: 1;
  /** `replacing` while a file that had been committed is written anew: its rows stay, but nobody may rely on the options. */
  state: "committed" | "replacing";
  path: string;
  sha256: string;
  bytes: number;
  /** Format that was recognised; null when none was. */
  source: string | null;
  options: IngestOptionsKey;
  /** Whether the traffic was generated, as the demo's is. */
  is_synthetic: boolean;
  reasons: ReasonCount[];
}

/** The name under which everything of one file is stored: the start of its content's SHA-256. */
export function storedName(sha256: string): string {
  return sha256.slice(0, 12);
}

/** All markers of a workspace, by stored name. */
export function readMarkers(workspace: Workspace): Map<string, FileMarker> {
  const folder = markerFolder(workspace);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  return new Map(
    names
      .sort()
      .map((name) => [
        name.slice(0, -".json".length),
        readJsonFile<FileMarker>(join(folder, name), "delete it, and ingest its file again"),
      ]),
  );
}

/** Write a file's marker. */
export function writeMarker(workspace: Workspace, marker: FileMarker): void {
  mkdirSync(markerFolder(workspace), { recursive: true });
  writeFileAtomic(
    join(markerFolder(workspace), `${storedName(marker.sha256)}.json`),
    `${JSON.stringify(marker, null, 2)}\n`,
  );
}

function markerFolder(workspace: Workspace): string {
  return join(workspace.path, "ingest");
}
