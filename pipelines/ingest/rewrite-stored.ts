import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { quarantine } from "../../datasets/quarantine.js";
import type { Workspace } from "../../datasets/workspace.js";
import { countReasons, countRecords } from "./count-reasons.js";
import { type Commit, commitFile, commitPath, type FileMarker, type ReasonCount } from "./file-marker.js";
import type { Changes } from "./redo-journal.js";
import { rowGroupRows } from "./row-group-rows.js";
import type { ReplacedFile } from "./settle-duplicates.js";
import { sqlList, sqlText } from "./sql-text.js";
import { commitOf, storedParquet } from "./stored-rows.js";

interface RewriteOptions {
  workspace: Workspace;
  engine: Engine;
  commits: ReadonlyMap<string, Commit>;
  /** Name of the commit that is being made. */
  name: string;
  aside: string;
  /** How many rows of which Parquet file lost. */
  lost: ReadonlyMap<string, number>;
  replaced: readonly ReplacedFile[];
}

/** What a new commit changes in earlier ones: rows that it beat go from their requests to their quarantine, rows of files that it
 * reads anew go altogether, and the counts follow.
 * @returns the changes, and the earlier commits as they are afterwards; null for one of which nothing is left */
export async function rewriteStored(
  options: RewriteOptions,
): Promise<{ changes: Changes; after: Map<string, Commit | null> }> {
  const { workspace, commits, name, lost, replaced } = options;
  const changes: Changes = { moves: [], removals: [], texts: [] };
  const after = new Map<string, Commit | null>();
  const paths = storedParquet(workspace);
  const dropped = new Map<string, Set<string>>();
  for (const { commit, path, isNow } of replaced)
    if (isNow) dropped.set(commit, (dropped.get(commit) ?? new Set()).add(path));
  const losing = paths.filter((path) => lost.has(join(workspace.path, path)));
  for (const commitName of new Set([...dropped.keys(), ...losing.map(commitOf)])) {
    const drop = dropped.get(commitName) ?? new Set();
    const commit = commits.get(commitName)!;
    const own = paths.filter((path) => commitOf(path) === commitName);
    const markers = commit.markers.filter(({ path }) => !drop.has(path));
    if (markers.length === 0) {
      changes.removals.push(...own, ...(commitName === name ? [] : [commitPath(commitName)]));
      after.set(commitName, null);
      continue;
    }
    const left = await rewriteCommit(options, { commit: { name: commitName, markers }, own, drop });
    after.set(commitName, left.commit);
    for (const kind of ["moves", "removals", "texts"] as const)
      changes[kind].push(...(left.changes[kind] as never[]));
  }
  return { changes, after };
}

/** @param own Parquet files of the commit; @param drop files whose rows go altogether */
async function rewriteCommit(
  { workspace, engine, aside, lost }: RewriteOptions,
  { commit, own, drop }: { commit: Commit; own: readonly string[]; drop: ReadonlySet<string> },
): Promise<{ changes: Changes; commit: Commit }> {
  const changes: Changes = { moves: [], removals: [], texts: [] };
  const keeps = `source_file NOT IN (SELECT unnest(${sqlList([...drop])}::VARCHAR[]))`;
  const write = async (path: string, query: string, likeStored: boolean): Promise<void> => {
    const written = await writeParquet(engine, {
      query,
      target: join(aside, "rewritten", path),
      groupRows: likeStored ? await rowGroupRows(engine, [join(workspace.path, path)]) : smallGroup,
    });
    if (written === 0) changes.removals.push(path);
    else changes.moves.push({ from: join(asideBelow(workspace, aside), "rewritten", path), to: path });
  };
  const isQuarantine = (path: string): boolean => path.startsWith(quarantine.name);
  const losing = own.filter((path) => lost.has(join(workspace.path, path)));
  for (const path of drop.size > 0 ? own.filter((p) => !isQuarantine(p)) : losing) {
    const stored = join(workspace.path, path);
    const beaten = lost.has(stored)
      ? `AND file_row_number NOT IN (SELECT row_no FROM losers WHERE part = ${sqlText(stored)})`
      : "";
    await write(
      path,
      `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${sqlText(stored)}, file_row_number = true, hive_partitioning = false) WHERE ${keeps} ${beaten}`,
      true,
    );
  }
  const rejected = join(quarantine.name, `${commit.name}.parquet`);
  const columns = Object.keys(quarantine.columns).join(", ");
  const hasRejected = existsSync(join(workspace.path, rejected));
  const beaten = `SELECT ${columns} FROM beaten WHERE part IN (SELECT unnest(${sqlList(losing.map((path) => join(workspace.path, path)))}::VARCHAR[]))`;
  const before = `SELECT ${columns} FROM read_parquet(${sqlText(join(workspace.path, rejected))}) WHERE ${keeps}`;
  const queries = [...(hasRejected ? [before] : []), ...(losing.length > 0 ? [beaten] : [])];
  if (queries.length > 0) await write(rejected, queries.join(" UNION ALL "), hasRejected);
  const reasons =
    queries.length > 0
      ? await countReasons(engine, `(${queries.join(" UNION ALL ")})`)
      : new Map<string, ReasonCount[]>();
  const markers = commit.markers.map((marker): FileMarker => {
    const ofFile =
      (commit.markers.length === 1 ? [...reasons.values()].flat() : reasons.get(marker.path)) ?? [];
    return { ...marker, ...countRecords(marker.read, ofFile), reasons: ofFile };
  });
  const rewritten = { name: commit.name, markers };
  changes.texts.push(commitFile(rewritten));
  return { changes, commit: rewritten };
}

/** Rows in a row group where nothing is known of their size. */
const smallGroup = 2048;

/** @returns how many rows were written */
async function writeParquet(
  engine: Engine,
  { query, target, groupRows }: { query: string; target: string; groupRows: number },
): Promise<number> {
  mkdirSync(dirname(target), { recursive: true });
  await engine.run(
    `COPY (${query}) TO ${sqlText(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows})`,
  );
  const [written] = await engine.rows<{ n: number }>(
    `SELECT CAST(sum(num_rows) AS BIGINT) AS n FROM parquet_file_metadata(${sqlText(target)})`,
  );
  return written!.n;
}

function asideBelow(workspace: Workspace, aside: string): string {
  return aside.slice(workspace.path.length + 1);
}
