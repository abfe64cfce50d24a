import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { writeParquet } from "../../datasets/engine/write-parquet.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { type OutcomeItemRow, type OutcomeRow, outcomeItems, outcomes } from "../../datasets/outcomes.js";
import { createRandom } from "../../datasets/random.js";
import { requestLog } from "../../datasets/request-log.js";
import { createTableSql } from "../../datasets/table.js";
import {
  openOrCreateWorkspace,
  tableFolder,
  type Workspace,
  writeManifest,
} from "../../datasets/workspace.js";
import { writeRandomArtifact } from "./random-artifact.js";

/** Models of the synthetic log's artifact, ascending in cost. */
const pool = ["gpt-4.1-nano", "gpt-4.1-mini", "gpt-4.1"] as const;
const labelledItems = 2_000;

/** Make a workspace with a synthetic log, 2,000 labelled requests and, beside it, an artifact of random weights.
 * @param folder new; holds `ws` and `artifact` afterwards
 * @param prompts distinct prompts of the log; a prompt that was seen lately needs no features again */
export async function writeSyntheticLog(
  folder: string,
  { rows, prompts }: { rows: number; prompts: number },
): Promise<Workspace> {
  makeFolder(folder);
  const workspace = openOrCreateWorkspace(join(folder, "ws"));
  const engine = await openDuckDb({
    path: join(folder, "log.duckdb"),
    memoryLimit: "2GB",
    temporaryFolder: join(folder, "spilled"),
  });
  try {
    await engine.run(createTableSql(requestLog));
    await engine.run(readSql("scripts/bench/bench-report-workspace.sql"), { rows, prompts });
    makeFolder(tableFolder(workspace, requestLog));
    await engine.run(
      `COPY requests TO '${join(tableFolder(workspace, requestLog), "log.parquet").replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    await writeLabels(engine, workspace);
  } finally {
    engine.close();
  }
  writeManifest(workspace, {
    stage: "ingest",
    completed_at: "2026-01-01T00:00:00.000Z",
    versions: {},
    inputs: [],
    rows: { requests: rows },
    seed: null,
    seconds: 0,
    notes: [],
  });
  writeRandomArtifact(join(folder, "artifact"), { names: pool });
  return workspace;
}

/** Outcomes of all models: the cheaper ones fail some of the longer questions. */
async function writeLabels(engine: Engine, workspace: Workspace): Promise<void> {
  const random = createRandom(1);
  const items: OutcomeItemRow[] = [];
  const answers: OutcomeRow[] = [];
  for (let i = 0; i < labelledItems; i++) {
    const words = 3 + random.below(60);
    const text = Array.from({ length: words }, () =>
      random.pick(["refund", "order", "prove", "explain", "invoice", "matrix", "please", "compare"]),
    ).join(" ");
    const item = `label${i}`;
    items.push({
      item_id: item,
      messages_json: JSON.stringify({ messages: [{ role: "user", content: text }] }),
      group: null,
      session_id: null,
      created_at: null,
      weight: 1,
      tier: null,
      is_stakes: null,
    });
    pool.forEach((model, place) => {
      const isGood = place === 2 || random.uniform() > words / (90 * (1 + place));
      answers.push({
        item_id: item,
        model,
        quality: isGood ? 1 : 0,
        cost_usd: 10 ** (place - 5),
        cost_source: "given",
        output_tokens: 100,
        latency_ms: null,
        origin: "imported",
      });
    });
  }
  const pathOf = (table: typeof outcomes | typeof outcomeItems) =>
    join(tableFolder(workspace, table), "labels.parquet");
  await writeParquet(engine, outcomeItems, items, pathOf(outcomeItems));
  await writeParquet(engine, outcomes, answers, pathOf(outcomes));
}
