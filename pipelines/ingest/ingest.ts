import { rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { Progress } from "../../datasets/progress.js";
import { listFiles } from "../../datasets/reader/list-files.js";
import type { IngestResult } from "../../datasets/results.js";
import { sourceByName, sources } from "../../datasets/sources/index.js";
import { mappingSource } from "../../datasets/sources/mapping/mapping-source.js";
import { readMapping } from "../../datasets/sources/mapping/read-mapping.js";
import type { Source } from "../../datasets/sources/source.js";
import { type TimeZone, timeZone, utc } from "../../datasets/sources/time-zone.js";
import { zonedSource } from "../../datasets/sources/zoned-source.js";
import type { Workspace } from "../../datasets/workspace.js";
import { commitBatch, type ReadFile } from "./commit-batch.js";
import { concludeIngest } from "./conclude-ingest.js";
import { contentRules } from "./content-rules.js";
import { TokenEstimator } from "./estimate-tokens.js";
import { type Commit, type IngestOptionsKey, indexMarkers, readCommits, storedName } from "./file-marker.js";
import { incompleteCommits } from "./incomplete-commits.js";
import { lockWorkspace } from "./ingest-lock.js";
import { KnownIds } from "./known-ids.js";
import { MissingTime } from "./missing-time.js";
import { planFiles } from "./plan-files.js";
import { readFile } from "./read-file.js";
import { hasJournal, redoJournal } from "./redo-journal.js";
import { type ReplacedFile, rememberStored } from "./settle-duplicates.js";
import { sqlList } from "./sql-text.js";
import { Staging } from "./staging.js";
import { removeDebris, removeTemporary, storedRequests } from "./stored-rows.js";
import { toolkitVersion } from "./toolkit-version.js";

interface IngestOptions {
  /** Name of a log format, or auto (default) to recognise it in every file. */
  source?: string;
  /** Mapping file that says how to read files of a format of their own; in place of `source`. */
  map?: string;
  /** Zone of times that name none: an IANA name (`Europe/Berlin`) or an offset (`+02:00`); default UTC. A mapping file's own counts
   * before it. */
  zone?: string;
  /** What to keep of prompts and answers; default redacted. */
  content?: ContentMode;
  /** What becomes of records without any time; default quarantine. */
  missingTime?: MissingTime;
  /** Whether the logs were generated, as the demo's are: reports then say so. */
  isSynthetic?: boolean;
  /** Files are committed together until they have this many bytes (default 16 MB), or are 4,096: a Parquet file for each small one
   * would be a burden. */
  batchBytes?: number;
  /** Clock, for times in the future. */
  now?: Date;
  onProgress?: Progress;
}

/** Read log files into a workspace's canonical tables: requests by day, and quarantine for every record that is no row.
 *
 * Files are committed one by one and known by their content: what was ingested before under the same options is kept and
 * reported as `reused`; with another content mode or source it is read again and replaced. A request id that was seen before,
 * in any file, is a duplicate: the first one stays. Killed at any point, the next run cleans up and carries on.
 * @param paths files and folders
 * @returns what became of the files of this call; results/ingest.json says it of all files of the workspace
 * @throws {InputError} for a path that isn't there, an unknown source or zone, a mapping file that is none, or a workspace that is being written */
export async function ingest(
  workspace: Workspace,
  paths: readonly string[],
  options: IngestOptions = {},
): Promise<IngestResult> {
  const release = lockWorkspace(workspace);
  try {
    return await ingestLocked(workspace, paths, options);
  } finally {
    release();
  }
}

async function ingestLocked(
  workspace: Workspace,
  paths: readonly string[],
  options: IngestOptions,
): Promise<IngestResult> {
  const {
    source = "auto",
    map,
    zone: zoneName = "UTC",
    content = ContentMode.redacted,
    missingTime = MissingTime.quarantine,
    isSynthetic = false,
    batchBytes = 16_000_000,
    now = new Date(),
    onProgress = () => {},
  } = options;
  const started = Date.now();
  const mapped = map === undefined ? null : readMapping(map);
  if (mapped !== null && source !== "auto")
    throw new InputError(
      `source ${source} and the mapping file ${map} both say how to read; give one of them`,
    );
  const zone = chooseZone(zoneName);
  const chosenSource =
    mapped === null ? chooseSource(source, zone) : mappingSource(mapped.mapping, zone ?? undefined);
  const list = listFiles(paths);
  redoJournal(workspace);
  const commits = readCommits(workspace);
  removeDebris(workspace, new Set(commits.keys()));
  const prices = openPriceBook({ folder: priceFolder(workspace) });
  const key: IngestOptionsKey = {
    source,
    content,
    toolkit: toolkitVersion,
    prices: prices.fingerprint,
    ...(mapped && { map: mapped.sha256 }),
    ...(missingTime === MissingTime.file && { missing_time: missingTime }),
    ...(zone !== null && { zone: zoneName }),
  };
  const staging = await Staging.open(workspace);
  try {
    const incomplete = await markIncomplete(workspace, staging, commits);
    const known = indexMarkers(commits.values());
    const plan = await planFiles(list.files, known, key, onProgress);
    const toRead = plan.filter(({ action }) => action === "read");
    if (toRead.length > 0) rmSync(join(workspace.path, "ingest.manifest.json"), { force: true });
    const stored = toRead.length > 0 ? storedRequests(workspace) : [];
    await rememberStored(staging.engine, stored);
    const knownIds = new KnownIds();
    if (stored.length > 0)
      await knownIds.addStored(staging.engine, `read_parquet(${sqlList(stored)}, hive_partitioning = false)`);
    const replaced = new Map<string, ReplacedFile>();
    for (const { sha256 } of toRead) {
      const before = known.get(storedName(sha256));
      if (before) replaced.set(sha256, { commit: before.commit, path: before.marker.path, isNow: false });
    }
    const kept = [...known.values()].filter(({ marker }) => !replaced.has(marker.sha256));
    const estimator = new TokenEstimator(kept.flatMap(({ marker }) => marker.token_pairs ?? []));
    let batch: ReadFile[] = [];
    let done = 0;
    const commit = async (): Promise<void> => {
      if (batch.length === 0) return;
      for (const { sha256 } of batch) if (replaced.has(sha256)) replaced.get(sha256)!.isNow = true;
      await commitBatch({ workspace, staging, commits }, batch, [...replaced.values()], () =>
        onProgress({ label: "storing", done, total: toRead.length, unit: "files" }),
      );
      for (const { sha256 } of batch) replaced.delete(sha256);
      done += batch.length;
      batch = [];
    };
    for (const { path, sha256, bytes } of toRead) {
      if (bytes >= batchBytes) await commit();
      staging.beginFile(path);
      const {
        read,
        datedByFile,
        source: recognised,
      } = await readFile(path, {
        workspace,
        staging,
        knownIds,
        rules: contentRules(content, workspace),
        source: chosenSource,
        zone,
        missingTime,
        estimator,
        now,
        onProgress,
        prices,
      });
      batch.push({
        schema_version: 1,
        state: "committed",
        path,
        sha256,
        bytes,
        source: recognised,
        options: key,
        is_synthetic: isSynthetic,
        ...(datedByFile > 0 && { dated_by_file: datedByFile }),
        read,
        ...estimator.endFile(),
      });
      if (batch.length >= batchFiles || sumBytes(batch) >= batchBytes) await commit();
    }
    await commit();
    const markers = new Map([...indexMarkers(commits.values())].map(([name, { marker }]) => [name, marker]));
    const stillIncomplete = incomplete
      .map((name) => markers.get(name)!)
      .filter(({ state }) => state === "replacing")
      .map(({ path }) => ({ path, why: "rows that it gave before are gone; ingest it again" }));
    return await concludeIngest(workspace, {
      plan,
      markers,
      ignored: [...list.skipped, ...stillIncomplete],
      content,
      isChanged: toRead.length > 0,
      started,
      engine: staging.engine,
    });
  } finally {
    staging.close();
    if (!hasJournal(workspace)) removeTemporary(workspace);
  }
}

/** Files that are committed together, at most. */
const batchFiles = 4_096;

function sumBytes(batch: readonly ReadFile[]): number {
  return batch.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Mark the files whose rows are not all there any more.
 * @returns their stored names */
async function markIncomplete(
  workspace: Workspace,
  staging: Staging,
  commits: Map<string, Commit>,
): Promise<string[]> {
  const names = await incompleteCommits(workspace, staging.engine, commits);
  for (const name of names) {
    const { markers } = commits.get(name)!;
    commits.set(name, { name, markers: markers.map((marker) => ({ ...marker, state: "replacing" })) });
  }
  return names.flatMap((name) => commits.get(name)!.markers.map(({ sha256 }) => storedName(sha256)));
}

/** @returns null for UTC, which times without a zone are in anyway */
function chooseZone(name: string): TimeZone | null {
  const zone = timeZone(name);
  if (zone === null)
    throw new InputError(
      `${name}: no such time zone; name one of the IANA database, such as Europe/Berlin, or an offset, such as +02:00`,
    );
  return zone === utc ? null : zone;
}

function chooseSource(name: string, zone: TimeZone | null): Source | null {
  const source = name === "auto" ? null : sourceByName(name);
  if (source && zone) return zonedSource(source, zone);
  if (source || name === "auto") return source;
  throw new InputError(
    `${name}: no such source; name auto, ${sources.map((known) => known.name).join(", ")}`,
  );
}
