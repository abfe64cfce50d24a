import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { quarantine } from "../../datasets/quarantine.js";
import { requestLog } from "../../datasets/request-log.js";
import { createTableSql, defineTable } from "../../datasets/table.js";
import { sqlList, sqlText } from "./sql-text.js";
import type { Staging } from "./staging.js";

/** A file whose stored rows give way to a new reading, named by its commit and its path. */
export interface ReplacedFile {
  commit: string;
  path: string;
  /** Whether the new reading is in hand; its stored rows don't count then. Else it comes later in this run: they lose. */
  isNow: boolean;
}

/** Remember the ids of the stored rows, as hashes of 8 bytes, for {@link settleDuplicates}.
 * @param stored absolute paths of the stored requests */
export async function rememberStored(engine: Engine, stored: readonly string[]): Promise<void> {
  const rows =
    stored.length > 0
      ? `SELECT hash(request_id, attempt_no) AS key FROM read_parquet(${sqlList(stored)}, hive_partitioning = false)`
      : "SELECT 0::UBIGINT AS key WHERE false";
  await engine.run(`CREATE OR REPLACE TEMP TABLE known_keys AS ${rows}`);
}

/** Find the rows that share their id and attempt with another one, in the rows in hand and the stored ones. The best stays; the
 * others are in the table `losers` (part, row_no) afterwards; those in hand are in `rejected`, the stored ones in `beaten`. Where no
 * hash of an id comes twice, this costs one look at the ids.
 * @param staging flushed, so that all its rows are in parts; the view `staged` is all of them afterwards
 * @param stored absolute paths of the stored requests
 * @returns how many rows lost in which Parquet file, parts and stored files alike */
export async function settleDuplicates(
  staging: Staging,
  stored: readonly string[],
  replaced: readonly ReplacedFile[] = [],
): Promise<Map<string, number>> {
  const { engine } = staging;
  await defineRows(engine, "staged", staging.parts);
  for (const step of ["settle-keys", "settle-suspects"]) await runStep(engine, step);
  await engine.run("CREATE OR REPLACE TEMP TABLE losers (part VARCHAR, row_no BIGINT)");
  const [suspects] = await engine.rows<{ n: number }>("SELECT count(*) AS n FROM suspect_keys");
  if (suspects!.n === 0) return new Map();
  await defineStored(engine, stored, replaced);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE read_files AS
     SELECT unnest(files) AS source_file, generate_subscripts(files, 1) AS file_no FROM (SELECT ${sqlList(staging.files)}::VARCHAR[] AS files)`,
  );
  await engine.run(createTableSql(beaten).replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE"));
  const buckets = Math.ceil(suspects!.n / bucketKeys);
  const folder = join(staging.folder, "candidates");
  await engine.run(
    `COPY (${readSql("pipelines/ingest/settle-candidates.sql").replaceAll("$buckets", String(buckets))})
     TO ${sqlText(folder)} (FORMAT parquet, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)`,
  );
  for (let bucket = 0; bucket < buckets; bucket++) {
    const files = join(folder, `bucket=${bucket}`, "*.parquet");
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE candidates AS SELECT row_number() OVER () AS n, * FROM read_parquet(${sqlText(files)}, hive_partitioning = false)`,
    );
    for (const step of ["settle-contest", "settle-losers", "settle-rejects", "settle-beaten"])
      await runStep(engine, step);
    await engine.run("INSERT INTO losers SELECT part, row_no FROM explained_losers");
  }
  for (const table of ["candidates", "contest", "explained_losers"]) await engine.run(`DROP TABLE ${table}`);
  rmSync(folder, { recursive: true });
  const parts = await engine.rows<{ part: string; n: number }>(
    "SELECT part, count(*) AS n FROM losers GROUP BY part ORDER BY part",
  );
  return new Map(parts.map(({ part, n }) => [part, n]));
}

/** The rows in hand are stored now: remember their ids too. */
export async function rememberStaged(engine: Engine): Promise<void> {
  await engine.run("INSERT INTO known_keys SELECT key FROM staged_keys");
}

/** Ids that are settled at once. */
const bucketKeys = 150_000;

/** Stored rows that lost, as their file's quarantine will hold them. */
const beaten = defineTable({
  name: "beaten",
  grain: "one row per stored row that lost",
  columns: {
    ...quarantine.columns,
    part: { type: "VARCHAR", required: true, about: "Parquet file of the stored row" },
  },
});

async function runStep(engine: Engine, step: string): Promise<void> {
  await engine.run(readSql(`pipelines/ingest/${step}.sql`));
}

async function defineRows(engine: Engine, name: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) {
    await engine.run(
      createTableSql(requestLog, "no_requests").replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"),
    );
    await engine.run(
      `CREATE OR REPLACE TEMP VIEW ${name} AS SELECT *, '' AS filename, 0::BIGINT AS file_row_number FROM no_requests`,
    );
    return;
  }
  await engine.run(
    `CREATE OR REPLACE TEMP VIEW ${name} AS SELECT * FROM read_parquet(${sqlList(paths)}, filename = true, file_row_number = true, union_by_name = true, hive_partitioning = false)`,
  );
}

async function defineStored(
  engine: Engine,
  stored: readonly string[],
  replaced: readonly ReplacedFile[],
): Promise<void> {
  const known = replaced.map(({ commit, path, isNow }) => `(${sqlText(commit)}, ${sqlText(path)}, ${isNow})`);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE replaced AS SELECT * FROM (VALUES ${["('', '', false)", ...known].join(", ")}) v(commit_name, source_file, is_now)`,
  );
  await defineRows(engine, "all_stored", stored);
  await engine.run(readSql("pipelines/ingest/settle-stored.sql"));
}
