import { mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { requestLog } from "../../datasets/request-log.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { Changes } from "./redo-journal.js";
import { rowGroupRows } from "./row-group-rows.js";
import { sqlList, sqlText } from "./sql-text.js";

interface Part {
  path: string;
  first_day: string;
  last_day: string;
}

/** Put the settled rows in hand where they can be moved into requests/ by day: parts of one day without losers as they are, all
 * others written anew below `aside`.
 * @param lost how many rows of which part lost
 * @returns the moves, named for the commit */
export async function writeRequests(
  workspace: Workspace,
  engine: Engine,
  { name, aside, lost }: { name: string; aside: string; lost: ReadonlyMap<string, number> },
): Promise<Changes["moves"]> {
  const parts = await engine.rows<Part>(
    `SELECT filename AS path, strftime(min(created_at), '%Y-%m-%d') AS first_day, strftime(max(created_at), '%Y-%m-%d') AS last_day
     FROM staged GROUP BY filename ORDER BY filename`,
  );
  const byDay = new Map<string, string[]>();
  const addPart = (day: string, path: string): void => {
    byDay.set(day, [...(byDay.get(day) ?? []), path]);
  };
  const mixed = parts.filter(({ first_day, last_day }) => first_day !== last_day).map(({ path }) => path);
  for (const { path, first_day, last_day } of parts) if (first_day === last_day) addPart(first_day, path);
  for (const { day, path } of await splitByDay(engine, join(aside, "split"), mixed)) addPart(day, path);

  const moves: Changes["moves"] = [];
  for (const [day, paths] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const dirty = paths.filter((path) => lost.has(path));
    const clean = paths.filter((path) => !lost.has(path));
    const merged = isSplintered(clean) ? paths : dirty;
    const stored = merged === paths ? [] : clean;
    const written = join(aside, requestLog.name, `${day}.parquet`);
    if (merged.length > 0 && (await writeWinners(engine, merged, written)) > 0) stored.unshift(written);
    for (const [i, path] of stored.entries()) {
      const fileName = i === 0 ? `${name}.parquet` : `${name}-${i}.parquet`;
      moves.push({ from: relative(workspace.path, path), to: join(requestLog.name, `day=${day}`, fileName) });
    }
  }
  return moves;
}

/** More parts of one day than this are merged when they are small: each costs every later query a file. */
const fewParts = 8;
const smallBytes = 1_000_000;

function isSplintered(paths: readonly string[]): boolean {
  if (paths.length <= fewParts) return false;
  return paths.reduce((sum, path) => sum + statSync(path).size, 0) / paths.length < smallBytes;
}

/** Write rows of parts that span days as one file or more per day, losers left out. */
async function splitByDay(
  engine: Engine,
  folder: string,
  paths: readonly string[],
): Promise<Array<{ day: string; path: string }>> {
  if (paths.length === 0) return [];
  mkdirSync(folder, { recursive: true });
  const groupRows = await rowGroupRows(engine, paths);
  await engine.run(`SET partitioned_write_flush_threshold = ${groupRows}`);
  await engine.run(
    `COPY (SELECT *, strftime(created_at, '%Y-%m-%d') AS day FROM (${await winnersOf(engine, paths)}))
     TO ${sqlText(folder)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}, PARTITION_BY (day), OVERWRITE_OR_IGNORE)`,
  );
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".parquet"))
    .sort()
    .map((path) => ({ day: dirname(path).slice("day=".length), path: join(folder, path) }));
}

/** @returns how many rows were written */
async function writeWinners(engine: Engine, paths: readonly string[], target: string): Promise<number> {
  mkdirSync(dirname(target), { recursive: true });
  await engine.run(
    `COPY (${await winnersOf(engine, paths)}) TO ${sqlText(target)}
     (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${await rowGroupRows(engine, paths)})`,
  );
  const [written] = await engine.rows<{ n: number }>(
    `SELECT CAST(sum(num_rows) AS BIGINT) AS n FROM parquet_file_metadata(${sqlText(target)})`,
  );
  return written!.n;
}

/** Query for the rows of some parts that did not lose. */
async function winnersOf(engine: Engine, paths: readonly string[]): Promise<string> {
  const rows = `read_parquet(${sqlList(paths)}, filename = true, file_row_number = true, hive_partitioning = false)`;
  const [losers] = await engine.rows<{ n: number }>("SELECT count(*) AS n FROM losers");
  const condition =
    losers!.n > 0
      ? "WHERE NOT EXISTS (FROM losers AS l WHERE l.part = r.filename AND l.row_no = r.file_row_number)"
      : "";
  return `SELECT * EXCLUDE (filename, file_row_number) FROM ${rows} AS r ${condition}`;
}
