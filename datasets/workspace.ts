import { hash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { attemptLinks } from "./attempt-links.js";
import { cacheCandidates } from "./cache-candidates.js";
import { cachePairs } from "./cache-pairs.js";
import { type DuckDbOptions, openDuckDb } from "./engine/duckdb.js";
import type { Engine } from "./engine/engine.js";
import { InputError, StageError } from "./errors.js";
import { findDamage } from "./find-damage.js";
import { labels } from "./labels.js";
import { makeFolder } from "./make-folder.js";
import { outcomeItems, outcomes } from "./outcomes.js";
import { quarantine } from "./quarantine.js";
import { readJsonFile } from "./read-json-file.js";
import { replay, replayModels } from "./replay.js";
import { requestLog } from "./request-log.js";
import { shadowVerdicts } from "./shadow-verdicts.js";
import { createTableSql, type Table } from "./table.js";

/** A workspace: the one directory in which all stages meet. It holds Parquet tables, result documents, the trained model
 * and the manifests that say which stage is complete. */
export interface Workspace {
  /** Absolute path of the directory. */
  readonly path: string;
  /** Secret salt of this workspace's hashes and placeholders; it never leaves the directory. */
  readonly salt: string;
}

/** A stage's last word: written after everything else, so that its presence says that the stage is complete. */
export interface StageManifest {
  stage: string;
  completed_at: string;
  /** Toolkit version and everything else that decides the output. */
  versions: Record<string, string>;
  inputs: Array<{ path: string; sha256: string; bytes: number }>;
  rows: Record<string, number>;
  seed: number | null;
  seconds: number;
  notes: string[];
}

/** Tables that stages leave in a workspace, each a folder of Parquet files of the same name. */
const storedTables: ReadonlyArray<Table> = [
  attemptLinks,
  requestLog,
  quarantine,
  outcomes,
  outcomeItems,
  labels,
  cacheCandidates,
  cachePairs,
  shadowVerdicts,
  replay,
  replayModels,
];

/** Open a workspace, creating it when it isn't there.
 * @throws {InputError} if the path exists and isn't a workspace */
export function openOrCreateWorkspace(path: string): Workspace {
  const root = resolve(path);
  const marker = join(root, "workspace.json");
  if (!existsSync(marker)) {
    makeFolder(root);
    if (readdirSync(root).length > 0) {
      throw new InputError(
        `${root}: not a workspace (no workspace.json) and not empty; name an empty or new directory`,
      );
    }
    writeFileAtomic(
      marker,
      `${JSON.stringify({ schema_version: 1, salt: randomBytes(16).toString("hex") }, null, 2)}\n`,
    );
  }
  return openWorkspace(root);
}

/** Open a workspace that must exist.
 * @throws {InputError} if there is none at the path */
export function openWorkspace(path: string): Workspace {
  const root = resolve(path);
  const marker = join(root, "workspace.json");
  if (!existsSync(marker)) {
    throw new InputError(
      `${root}: no workspace here; make one with: signalbox ingest FILES --workspace ${path}`,
    );
  }
  const remedy = "without its salt nothing can be added; start a new workspace, or bring the file back";
  const { salt } = readJsonFile<{ salt?: unknown }>(marker, remedy);
  if (typeof salt !== "string" || salt === "") throw new InputError(`${marker}: holds no salt; ${remedy}`);
  return { path: root, salt };
}

/** Folder of a stored table's Parquet files. */
export function tableFolder(workspace: Workspace, table: Table): string {
  return join(workspace.path, table.name);
}

/** Path of a typed result document. */
export function resultPath(workspace: Workspace, name: string): string {
  return join(workspace.path, "results", `${name}.json`);
}

/** Open an engine on the workspace: every stored table is a view under its own name, empty when no stage wrote it yet. In
 * `requests` the attempts that ingest joined have the logical id and the attempt number of `attempt_links`. */
export async function openTables(workspace: Workspace, options: DuckDbOptions = {}): Promise<Engine> {
  const engine = await openDuckDb({
    temporaryFolder: join(workspace.path, "tmp"),
    explain: (error) =>
      findDamage(
        storedTables.map((table) => tableFolder(workspace, table)),
        error,
      ),
    ...options,
  });
  for (const table of storedTables) await defineView(engine, table, tableFolder(workspace, table));
  return engine;
}

async function defineView(engine: Engine, table: Table, folder: string): Promise<void> {
  if (!hasParquet(folder)) {
    await engine.run(createTableSql(table));
    return;
  }
  const columns = Object.keys(table.columns).map((name) => `"${name}"`);
  const glob = join(folder, "**", "*.parquet").replaceAll("'", "''");
  const rows = `SELECT ${columns.join(", ")} FROM read_parquet('${glob}', union_by_name = true, hive_partitioning = false)`;
  const isLinked = table === requestLog && (await hasInferredLinks(engine));
  await engine.run(`CREATE VIEW "${table.name}" AS ${isLinked ? linkedAttempts(rows) : rows}`);
}

async function hasInferredLinks(engine: Engine): Promise<boolean> {
  const found = await engine.rows(`SELECT 1 FROM ${attemptLinks.name} WHERE evidence = 'inferred' LIMIT 1`);
  return found.length > 0;
}

function linkedAttempts(rows: string): string {
  return `SELECT r.* REPLACE (
      coalesce(l.logical_id, r.logical_id) AS logical_id, coalesce(l.attempt_no, r.attempt_no) AS attempt_no
    )
    FROM (${rows}) AS r
    LEFT JOIN (FROM ${attemptLinks.name} WHERE evidence = 'inferred') AS l
      ON l.request_id = r.request_id AND l.logged_attempt_no = r.attempt_no`;
}

function hasParquet(folder: string): boolean {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(".parquet"))
  );
}

/** Write a file so that a reader sees the old text or the new, never half of it.
 * @throws {InputError} if the system refuses: no such folder, no permission, no space */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, path);
  } catch (cause) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new InputError(`${path}: can't be written (${(cause as Error).message})`, { cause });
  }
}

/** Write a typed result document, atomically, with sorted nothing added: the same document gives the same bytes. */
export function writeResult(workspace: Workspace, name: string, document: unknown): string {
  const path = resultPath(workspace, name);
  makeFolder(join(workspace.path, "results"));
  writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}

/** Read a result document, or null when its stage has not run. */
export function readResult<T>(workspace: Workspace, name: string): T | null {
  const path = resultPath(workspace, name);
  return existsSync(path)
    ? readJsonFile<T & object>(path, "delete it, and run the stage again that wrote it")
    : null;
}

/** Write a stage's manifest; call it last. */
export function writeManifest(workspace: Workspace, manifest: StageManifest): void {
  writeFileAtomic(manifestPath(workspace, manifest.stage), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A stage's manifest, or null when the stage is not complete. */
export function readManifest(workspace: Workspace, stage: string): StageManifest | null {
  const path = manifestPath(workspace, stage);
  return existsSync(path) ? readJsonFile<StageManifest>(path, `delete it, and run ${stage} again`) : null;
}

/** A stage's manifest, for a stage that reads its output.
 * @throws {StageError} naming the command that must run first */
export function requireManifest(workspace: Workspace, stage: string, command: string): StageManifest {
  const manifest = readManifest(workspace, stage);
  if (!manifest) throw new StageError(`${workspace.path}: ${stage} has not run; run it first: ${command}`);
  return manifest;
}

function manifestPath(workspace: Workspace, stage: string): string {
  return join(workspace.path, `${stage}.manifest.json`);
}

/** Salted hash of a text or id, 24 hex digits: equal values stay equal inside one workspace and can't be joined outside it. */
export function saltedHash(workspace: Workspace, text: string): string {
  return hash("sha256", `${workspace.salt}\0${text}`, "hex").slice(0, 24);
}
