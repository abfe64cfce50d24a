import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { replay, replayModels } from "../../datasets/replay.js";
import { createTableSql, defineTable, type Table } from "../../datasets/table.js";
import { openTables, tableFolder, type Workspace } from "../../datasets/workspace.js";
import { leftReasons } from "./left-reasons.js";
import type { ReplayColumns } from "./replay-columns.js";

/** Write the tables of a replay: each whole or not at all, both new or, when killed between the two renames, without a manifest.
 * @param folder with log-order.parquet; what DuckDB spills goes there, too
 * @param options.meanwhile is done while the database writes the first, on another core
 * @param options.beforeSwap called when both files are complete and before either takes its place
 * @returns rows of each
 * @throws {DataError} when the log holds an attempt twice */
export async function writeReplay(
  workspace: Workspace,
  columns: ReplayColumns,
  folder: string,
  { meanwhile, beforeSwap }: { meanwhile: () => void; beforeSwap: () => void },
): Promise<{ replay: number; replay_models: number }> {
  const engine = await openTables(workspace, {
    memoryLimit: "600MB",
    temporaryFolder: join(folder, "spilled-tables"),
  });
  const swaps: Array<{ from: string; to: string }> = [];
  const copy = async (table: Table, sql: string): Promise<void> => {
    const to = join(tableFolder(workspace, table), `${table.name}.parquet`);
    const from = `${to}.${process.pid}.tmp`;
    makeFolder(tableFolder(workspace, table));
    swaps.push({ from, to });
    await engine.run(`COPY (${sql}) TO '${from.replaceAll("'", "''")}' (FORMAT parquet)`);
  };
  try {
    await prepare(engine, folder);
    await engine.run(createTableSql(leftTable));
    await engine.append(
      leftTable.name,
      leftTable,
      leftReasons.map(({ evidence, note }, code) => ({ left_code: code, evidence, left_reason: note })),
    );
    await engine.run(createTableSql(decided));
    await appendAll(engine, decided, columns.rows, (row) => decidedRow(columns, row));
    const copying = copy(replay, readSql("pipelines/simulate/replay-rows.sql"));
    await Promise.all([copying, Promise.resolve().then(meanwhile)]);
    await checkCount(engine, swaps[0]!.from, columns.rows);
    await engine.run(createTableSql(modelUsd));
    const models = await appendModels(engine, columns);
    await copy(replayModels, `FROM ${modelUsd.name}`);
    beforeSwap();
    for (const { from, to } of swaps) renameSync(from, to);
    return { replay: columns.rows, replay_models: models };
  } finally {
    for (const { from } of swaps) rmSync(from, { force: true });
    engine.close();
  }
}

/** What was decided of each attempt. */
const decided = defineTable({
  name: "decided",
  grain: "one row per attempt",
  columns: {
    row: replay.columns.row,
    left_code: { type: "INTEGER", required: true, about: "Code of left_reasons" },
    served: replay.columns.served,
    chosen: replay.columns.chosen,
    tier: replay.columns.tier,
    is_stakes: replay.columns.is_stakes,
    confidence: replay.columns.confidence,
  },
});

/** Reasons by code: a million texts take longer to hand over than a million numbers. */
const leftTable = defineTable({
  name: "left_reasons",
  grain: "one row per code",
  columns: {
    left_code: decided.columns.left_code,
    evidence: replay.columns.evidence,
    left_reason: replay.columns.left_reason,
  },
});

/** The stored table goes by its own name until it is replaced. */
const modelUsd = defineTable({ ...replayModels, name: "replayed_models" });

async function prepare(engine: Engine, folder: string): Promise<void> {
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const path = join(folder, "log-order.parquet").replaceAll("'", "''");
  await engine.run(`CREATE VIEW log_order AS FROM read_parquet('${path}')`);
}

/** Attempts are joined by id, file and line. */
async function checkCount(engine: Engine, path: string, rows: number): Promise<void> {
  const [{ count } = { count: 0 }] = await engine.rows<{ count: number }>(
    `SELECT count(*) AS count FROM read_parquet('${path.replaceAll("'", "''")}')`,
  );
  if (count === rows) return;
  throw new DataError(
    `requests: some attempt is stored more than once under one id, file and line (${rows} attempts, ${count} joined); ingest the files again into a new workspace`,
  );
}

function decidedRow(columns: ReplayColumns, row: number): Readonly<Record<string, unknown>> {
  const isReplayed = columns.left[row] === 0;
  const known = (value: number) => (value < 0 ? null : value);
  return {
    row,
    left_code: columns.left[row],
    served: columns.served[row],
    chosen: columns.chosen[row],
    tier: known(columns.tier[row]!),
    is_stakes: columns.stakes[row]! < 0 ? null : columns.stakes[row] === 1,
    confidence: isReplayed ? columns.confidence[row] : null,
  };
}

async function appendModels(engine: Engine, columns: ReplayColumns): Promise<number> {
  const rows = Int32Array.from(columns.left.keys()).filter((row) => columns.left[row] === 0);
  for (let model = 0; model < columns.models; model++) {
    await appendAll(engine, modelUsd, rows.length, (i) => {
      const at = model * columns.rows + rows[i]!;
      const sufficiency = columns.sufficiency[at]!;
      return {
        model,
        row: rows[i],
        usd: columns.usd[at],
        sufficiency: Number.isNaN(sufficiency) ? null : sufficiency,
      };
    });
  }
  return rows.length * columns.models;
}

const batchRows = 50_000;

/** Append rows that are made when they are needed: a log's worth of objects at once would not fit. */
async function appendAll(
  engine: Engine,
  table: Table,
  count: number,
  rowAt: (i: number) => Readonly<Record<string, unknown>>,
): Promise<void> {
  for (let start = 0; start < count; start += batchRows) {
    const size = Math.min(batchRows, count - start);
    await engine.append(
      table.name,
      table,
      Array.from({ length: size }, (_, i) => rowAt(start + i)),
    );
  }
}
