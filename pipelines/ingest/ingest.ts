import { rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { Progress } from "../../datasets/progress.js";
import { listFiles } from "../../datasets/reader/list-files.js";
import type { IngestResult } from "../../datasets/results.js";
import { sourceByName, sources } from "../../datasets/sources/index.js";
import type { Source } from "../../datasets/sources/source.js";
import type { Workspace } from "../../datasets/workspace.js";
import { commitFile, removeDebris } from "./commit-file.js";
import { concludeIngest } from "./conclude-ingest.js";
import { contentRules } from "./content-rules.js";
import { type FileMarker, type IngestOptionsKey, readMarkers, storedName } from "./file-marker.js";
import { incompleteFiles } from "./incomplete-files.js";
import { lockWorkspace } from "./ingest-lock.js";
import { checkCounts } from "./ingest-result.js";
import { KnownIds } from "./known-ids.js";
import { type PlannedFile, planFiles } from "./plan-files.js";
import { readFile } from "./read-file.js";
import { Staging } from "./staging.js";
import { storedRows } from "./stored-rows.js";
import { toolkitVersion } from "./toolkit-version.js";

interface IngestOptions {
  /** Name of a log format, or auto (default) to recognise it in every file. */
  source?: string;
  /** What to keep of prompts and answers; default redacted. */
  content?: ContentMode;
  /** Whether the logs were generated, as the demo's are: reports then say so. */
  isSynthetic?: boolean;
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
 * @throws {InputError} for a path that isn't there, an unknown source, or a workspace that is being written */
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
    content = ContentMode.redacted,
    isSynthetic = false,
    now = new Date(),
    onProgress = () => {},
  } = options;
  const started = Date.now();
  const chosenSource = chooseSource(source);
  const list = listFiles(paths);
  const markers = readMarkers(workspace);
  removeDebris(workspace, new Set(markers.keys()));
  const key: IngestOptionsKey = { source, content, toolkit: toolkitVersion };
  const staging = await Staging.open(workspace);
  try {
    const incomplete = await incompleteFiles(workspace, staging.engine, markers);
    for (const name of incomplete) markers.set(name, { ...markers.get(name)!, state: "replacing" });
    const plan = await planFiles(list.files, markers, key, onProgress);
    const toRead = plan.filter(({ action }) => action === "read");
    if (toRead.length > 0) rmSync(join(workspace.path, "ingest.manifest.json"), { force: true });
    const replaced = new Set(
      toRead.map(({ sha256 }) => storedName(sha256)).filter((name) => markers.has(name)),
    );
    const knownIds =
      toRead.length > 0 ? await loadKnownIds(staging, storedRows(workspace, replaced)) : new KnownIds();
    for (const [i, file] of toRead.entries()) {
      const name = storedName(file.sha256);
      const { read, source: recognised } = await readFile(file.path, {
        workspace,
        staging,
        knownIds,
        rules: contentRules(content, workspace),
        source: chosenSource,
        now,
        onProgress,
      });
      await staging.settleSuspects(() => storedRows(workspace, replaced));
      const marker = await markerOf(file, { read, source: recognised, options: key, isSynthetic }, staging);
      await commitFile(workspace, staging.engine, marker, markers.get(name), () =>
        onProgress({ label: "storing", done: i, total: toRead.length, unit: "files" }),
      );
      await staging.clear();
      markers.set(name, marker);
      replaced.delete(name);
    }
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
    });
  } finally {
    staging.close();
  }
}

function chooseSource(name: string): Source | null {
  const source = name === "auto" ? null : sourceByName(name);
  if (source || name === "auto") return source;
  throw new InputError(
    `${name}: no such source; name auto, ${sources.map((known) => known.name).join(", ")}`,
  );
}

async function loadKnownIds(staging: Staging, stored: string | null): Promise<KnownIds> {
  const known = new KnownIds();
  if (stored === null) return known;
  const ids = staging.engine.chunks<{ request_id: string; attempt_no: number }>(
    `SELECT request_id, attempt_no FROM ${stored}`,
  );
  for await (const rows of ids)
    for (const { request_id: id, attempt_no: attempt } of rows) known.add(id, attempt);
  return known;
}

async function markerOf(
  file: PlannedFile,
  {
    read,
    source,
    options,
    isSynthetic,
  }: { read: number; source: string | null; options: IngestOptionsKey; isSynthetic: boolean },
  staging: Staging,
): Promise<FileMarker> {
  const reasons = await staging.countReasons();
  const count = (disposition: string): number =>
    reasons
      .filter((reason) => reason.disposition === disposition)
      .reduce((sum, reason) => sum + reason.count, 0);
  const marker: FileMarker = {
    schema_version: 1,
    state: "committed",
    path: file.path,
    sha256: file.sha256,
    bytes: file.bytes,
    source,
    options,
    is_synthetic: isSynthetic,
    read,
    accepted: await staging.countStaged(),
    quarantined: count("quarantined"),
    duplicates: count("duplicate"),
    skipped: count("skipped"),
    reasons,
  };
  checkCounts(file.path, marker);
  return marker;
}
