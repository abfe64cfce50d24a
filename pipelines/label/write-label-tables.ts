import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { labels } from "../../datasets/labels.js";
import { outcomeItems, outcomes } from "../../datasets/outcomes.js";
import { createTableSql, type Table } from "../../datasets/table.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";
import type { LabelRows } from "./label-rows.js";

/** Write a run's rows: labels/<run>.parquet, outcomes/judged.parquet and outcome_items/judged.parquet. Labels of other runs are
 * removed, so that no request is judged twice in the tables; imported outcomes stay. */
export async function writeLabelTables(workspace: Workspace, runId: string, rows: LabelRows): Promise<void> {
  const engine = await openDuckDb();
  try {
    await writeParquet(engine, labels, rows.labels, join(tableFolder(workspace, labels), `${runId}.parquet`));
    await writeParquet(
      engine,
      outcomes,
      rows.outcomes,
      join(tableFolder(workspace, outcomes), "judged.parquet"),
    );
    await writeParquet(
      engine,
      outcomeItems,
      rows.outcomeItems,
      join(tableFolder(workspace, outcomeItems), "judged.parquet"),
    );
  } finally {
    engine.close();
  }
  const folder = tableFolder(workspace, labels);
  for (const name of readdirSync(folder)) if (name !== `${runId}.parquet`) rmSync(join(folder, name));
}

async function writeParquet(
  engine: Engine,
  table: Table,
  rows: ReadonlyArray<Record<string, unknown>>,
  path: string,
): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  await engine.run(createTableSql(table));
  await engine.append(table.name, table, rows);
  const temporary = `${path}.${process.pid}.tmp`;
  await engine.run(`COPY "${table.name}" TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet)`);
  renameSync(temporary, path);
}
