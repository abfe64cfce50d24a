import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { attemptLinks } from "../../datasets/attempt-links.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { requestLog } from "../../datasets/request-log.js";
import type { IngestResult } from "../../datasets/results.js";
import { createTableSql } from "../../datasets/table.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";
import { sqlList, sqlText } from "./sql-text.js";
import { storedRequests } from "./stored-rows.js";

/** What {@link linkAttempts} infers by. */
interface LinkOptions {
  /** How long after a failure its retry may begin, seconds; default 120: providers ask to wait up to a minute, client libraries
   * back off for less, and whoever asks again later is a person and not a client. */
  windowS?: number;
  /** Attempts of one logical request at most; default 20. */
  maxAttempts?: number;
}

/** Find the attempts that belong together: those that the log joins by their logical id, and for all others a failed attempt and the
 * next one by the same caller with the same prompt (without prompts: with the same endpoint and size of input) soon after it. Two
 * successful calls are never joined.
 * @param engine with `requests` as stored; it has the table new_links afterwards */
export async function inferLinks(engine: Engine, options: LinkOptions = {}): Promise<void> {
  const { windowS = 120, maxAttempts = 20 } = options;
  await runStep(engine, "attempt-links-logged");
  await runStep(engine, "attempt-links-candidates", { window_s: windowS, slack_s: slackS });
  await engine.run("CREATE OR REPLACE TEMP TABLE links (earlier BIGINT, later BIGINT)");
  for (let before = -1, now = 0; before < now; ) {
    before = now;
    await runStep(engine, "attempt-links-match");
    now = await count(engine, "links");
  }
  await engine.run(
    "CREATE OR REPLACE TEMP TABLE chains AS SELECT later AS id, earlier AS ancestor, 1 AS distance FROM links",
  );
  while ((await count(engine, "chains WHERE ancestor IN (SELECT id FROM chains)")) > 0)
    await runStep(engine, "attempt-links-chains");
  await runStep(engine, "attempt-links", { max_attempts: maxAttempts });
}

/** Store the links of a workspace's attempts anew.
 * @returns the counts */
export async function linkAttempts(
  workspace: Workspace,
  engine: Engine,
): Promise<NonNullable<IngestResult["attempts"]>> {
  const stored = storedRequests(workspace);
  await engine.run(
    stored.length > 0
      ? `CREATE OR REPLACE TEMP VIEW requests AS SELECT * FROM read_parquet(${sqlList(stored)}, union_by_name = true, hive_partitioning = false)`
      : createTableSql(requestLog).replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE"),
  );
  await inferLinks(engine);
  const [counts] = await engine.rows<NonNullable<IngestResult["attempts"]>>(
    readSql("pipelines/ingest/attempt-counts.sql"),
  );
  const folder = tableFolder(workspace, attemptLinks);
  const target = join(folder, `${attemptLinks.name}.parquet`);
  if ((await count(engine, "new_links")) === 0) {
    rmSync(target, { force: true });
    return counts!;
  }
  const aside = join(workspace.path, "tmp", "ingest-links.parquet");
  const columns = Object.keys(attemptLinks.columns).join(", ");
  await engine.run(
    `COPY (SELECT ${columns} FROM new_links ORDER BY logical_id, attempt_no, request_id) TO ${sqlText(aside)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  mkdirSync(folder, { recursive: true });
  renameSync(aside, target);
  return counts!;
}

/** Logs round times, so that a retry may seem to begin before the failure has ended, seconds. */
const slackS = 1;

async function runStep(engine: Engine, step: string, parameters?: Record<string, number>): Promise<void> {
  await engine.run(readSql(`pipelines/ingest/${step}.sql`), parameters);
}

async function count(engine: Engine, rows: string): Promise<number> {
  const [counted] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${rows}`);
  return counted!.n;
}
