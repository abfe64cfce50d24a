import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { type QuarantineRow, quarantine } from "../../datasets/quarantine.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { createTableSql, defineTable, type RowOf } from "../../datasets/table.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { ReasonCount } from "./file-marker.js";

/** Rows whose id had been seen: duplicates, unless the hash of the id lied. */
const suspects = defineTable({
  name: "suspects",
  grain: "one row per record whose request id may be known",
  columns: {
    ...requestLog.columns,
    suspect_no: { type: "BIGINT", required: true, about: "Order in which it was read" },
    raw: { type: "VARCHAR", about: "The record as read, under the content mode" },
  },
});
type SuspectRow = RowOf<typeof suspects>;

const tables = { staged: requestLog, suspects, rejected: quarantine };

/** The rows of the file in hand, kept in DuckDB so that a file may be larger than memory. */
export class Staging {
  private readonly pending = { staged: [] as object[], suspects: [] as object[], rejected: [] as object[] };
  private pendingChars = 0;
  private suspectNo = 0;

  private constructor(readonly engine: Engine) {}

  static async open(workspace: Workspace): Promise<Staging> {
    // One thread: the rows come from one JavaScript thread anyway, and a small Parquet file is written twice as fast.
    const engine = await openDuckDb({
      threads: 1,
      memoryLimit: "512MB",
      temporaryFolder: join(workspace.path, "tmp"),
    });
    for (const [name, table] of Object.entries(tables)) await engine.run(createTableSql(table, name));
    return new Staging(engine);
  }

  async addRow(row: RequestRow, rawChars: number): Promise<void> {
    await this.add("staged", row, rawChars);
  }

  /** @param raw the record as read, under the content mode: it is needed if the row proves to be a duplicate */
  async addSuspect(row: RequestRow, raw: string | null, rawChars: number): Promise<void> {
    const suspect: SuspectRow = { ...row, suspect_no: this.suspectNo++, raw };
    await this.add("suspects", suspect, rawChars * 2);
  }

  async addRejected(row: QuarantineRow): Promise<void> {
    await this.add("rejected", row, row.raw?.length ?? 0);
  }

  /** Settle the suspects: duplicates are rejected, the others become rows after all.
   * @param storedBefore gives the FROM-clause item with the rows stored before; null when there are none */
  async settleSuspects(storedBefore: () => string | null): Promise<void> {
    await this.flush();
    const [count] = await this.engine.rows<{ n: number }>("SELECT count(*) AS n FROM suspects");
    if (count!.n === 0) return;
    await this.engine.run(
      `CREATE OR REPLACE VIEW stored AS SELECT * FROM ${storedBefore() ?? "staged WHERE false"}`,
    );
    for (const statement of ["settle-firsts", "settle-duplicates", "settle-false-alarms"]) {
      await this.engine.run(readSql(`pipelines/ingest/${statement}.sql`));
    }
  }

  async countReasons(): Promise<ReasonCount[]> {
    return this.engine.rows<ReasonCount>(readSql("pipelines/ingest/count-reasons.sql"));
  }

  async countStaged(): Promise<number> {
    const [count] = await this.engine.rows<{ n: number }>("SELECT count(*) AS n FROM staged");
    return count!.n;
  }

  async clear(): Promise<void> {
    for (const name of Object.keys(tables)) await this.engine.run(`TRUNCATE "${name}"`);
  }

  close(): void {
    this.engine.close();
  }

  async flush(): Promise<void> {
    this.pendingChars = 0;
    for (const name of ["staged", "suspects", "rejected"] as const) {
      await this.engine.append(name, tables[name], this.pending[name] as Record<string, unknown>[]);
      this.pending[name] = [];
    }
  }

  private async add(name: keyof typeof tables, row: object, chars: number): Promise<void> {
    this.pending[name].push(row);
    this.pendingChars += chars;
    if (this.pending[name].length >= batchRows || this.pendingChars >= batchChars) await this.flush();
  }
}

/** DuckDB's vector size, and a ceiling for records with long texts. */
const batchRows = 2048;
const batchChars = 32_000_000;
