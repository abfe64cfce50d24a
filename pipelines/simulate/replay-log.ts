import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { GatewayTerms } from "../../datasets/gateway-terms.js";
import { makeFolder } from "../../datasets/make-folder.js";
import type { MarkupResult } from "../../datasets/markup-result.js";
import type { Progress } from "../../datasets/progress.js";
import type { SimulateTiming } from "../../datasets/results.js";
import { openTables, readResult, type Workspace } from "../../datasets/workspace.js";
import { gatewayTerms } from "../markup/gateway-terms.js";
import { decideLog } from "./decide-log.js";
import { type LabelledPairs, labelledPairs } from "./labelled-pairs.js";
import { type ReplayColumns, replayColumns } from "./replay-columns.js";
import { pricedPool } from "./reprice.js";
import { writeReplay } from "./write-replay.js";

/** A log replayed through a router. */
export interface ReplayedLog {
  columns: ReplayColumns;
  /** Apps by their number in the columns. */
  apps: string[];
  pairs: LabelledPairs | null;
  /** What gateways add to list prices, by the places in the columns. */
  terms: GatewayTerms[];
  /** Whether `signalbox markup` was run before. */
  isMarkupInferred: boolean;
}

/** Replay a workspace's log through a router into the tables `replay` and `replay_models`, and keep the columns that strategies are compared
 * on. The same log and artifact give the same bytes, whatever the number of workers.
 * @param options.workers threads; by default as many as there are cores
 * @param options.onDecided called once everything is decided, while the tables are being written
 * @param options.beforeSwap called when both tables are complete, before they take the place of older ones */
export async function replayLog(
  workspace: Workspace,
  options: {
    artifact: string;
    policy: Policy;
    workers?: number;
    onDecided: (replayed: ReplayedLog) => void;
    beforeSwap: () => void;
    onProgress?: Progress;
  },
): Promise<{ written: { replay: number; replay_models: number }; seconds: SimulateTiming["seconds"] }> {
  const { artifact, policy, workers, onDecided, beforeSwap, onProgress } = options;
  const folder = join(workspace.path, "tmp", `simulate-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder);
  const lap = stopwatch();
  try {
    const { rows, apps, pairs, ordering, learning } = await prepare(workspace, folder, policy, lap);
    const columns = replayColumns(rows, policy.models.length);
    const markup = readResult<MarkupResult>(workspace, "markup");
    const terms = gatewayTerms(markup, pricedPool(policy));
    let done = 0;
    await decideLog(
      { workspace, artifact, policy, folder, columns, bandit: pairs?.bandit ?? null, terms },
      {
        workers,
        onRows: (more) => {
          done += more;
          onProgress?.({ label: "routing the log", done, total: rows, unit: "requests" });
        },
      },
    );
    const deciding = lap();
    let comparing = 0;
    const meanwhile = () => {
      const compare = stopwatch();
      onDecided({ columns, apps, pairs, terms, isMarkupInferred: markup !== null });
      comparing = compare();
    };
    const written = await writeReplay(workspace, columns, folder, { meanwhile, beforeSwap });
    return { written, seconds: { ordering, learning, deciding, writing: lap(), comparing } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Write the order of the log, and learn what simpler strategies need. The engine is closed before workers open theirs. */
async function prepare(
  workspace: Workspace,
  folder: string,
  policy: Policy,
  lap: () => number,
): Promise<{
  rows: number;
  apps: string[];
  pairs: LabelledPairs | null;
  ordering: number;
  learning: number;
}> {
  const engine = await openTables(workspace, {
    memoryLimit: "600MB",
    temporaryFolder: join(folder, "spilled-order"),
  });
  try {
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
    const { rows, apps } = await orderLog(engine, folder);
    const ordering = lap();
    const [weak, strong] = [policy.models[0]!.model, policy.models.at(-1)!.model];
    const pairs = weak === strong ? null : await labelledPairs(engine, { weak, strong });
    return { rows, apps, pairs, ordering, learning: lap() };
  } finally {
    engine.close();
  }
}

async function orderLog(engine: Engine, folder: string): Promise<{ rows: number; apps: string[] }> {
  const path = join(folder, "log-order.parquet").replaceAll("'", "''");
  await engine.run(`COPY (${readSql("pipelines/simulate/order-log.sql")}) TO '${path}' (FORMAT parquet)`);
  const [{ count } = { count: 0 }] = await engine.rows<{ count: number }>(
    `SELECT count(*) AS count FROM read_parquet('${path}')`,
  );
  const apps = await engine.rows<{ app: string }>(
    `SELECT DISTINCT app, app_number FROM read_parquet('${path}') ORDER BY app_number`,
  );
  return { rows: count, apps: apps.map(({ app }) => app) };
}

function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return Math.round(last - before) / 1000;
  };
}
