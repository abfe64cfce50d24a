import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { writeParquet } from "../../datasets/engine/write-parquet.js";
import { labels } from "../../datasets/labels.js";
import { outcomeItems, outcomes } from "../../datasets/outcomes.js";
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
