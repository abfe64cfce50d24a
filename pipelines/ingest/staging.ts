import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { type QuarantineRow, quarantine } from "../../datasets/quarantine.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { createTableSql, defineTable, type RowOf } from "../../datasets/table.js";
import type { Workspace } from "../../datasets/workspace.js";
import { sqlText } from "./sql-text.js";

/** Rows that JavaScript read and that are not in a part yet. */
const fresh = defineTable({
  name: "fresh",
  grain: "one row per row read",
  columns: {
    ...requestLog.columns,
    raw: {
      type: "VARCHAR",
      about: "The record as read, under the content mode, where its id had been seen before",
    },
  },
});
type FreshRow = RowOf<typeof fresh>;

const tables = { fresh, rejected: quarantine };

/** The rows of the files in hand, in memory up to some tens of MB and beyond that in Parquet files ("parts") below the workspace's
 * tmp/, so that a file may be of any size. A part has the columns of the request log. */
export class Staging {
  private readonly pending = { fresh: [] as object[], rejected: [] as object[] };
  private pendingChars = 0;
  private freshChars = 0;
  private partNo = 0;
  private readonly partPaths: string[] = [];
  private readonly filePaths: string[] = [];

  private constructor(
    readonly engine: Engine,
    /** Where parts may be written; emptied when the staging is cleared. */
    readonly folder: string,
  ) {}

  static async open(workspace: Workspace): Promise<Staging> {
    const folder = join(workspace.path, "tmp", "ingest-staging");
    const engine = await openDuckDb({
      memoryLimit: "700MB",
      temporaryFolder: join(workspace.path, "tmp", "ingest-spilled"),
    });
    const staging = new Staging(engine, folder);
    for (const [name, table] of Object.entries(tables)) await engine.run(createTableSql(table, name));
    await engine.run("CREATE TABLE raws (part VARCHAR NOT NULL, row_no BIGINT NOT NULL, raw VARCHAR)");
    staging.makeFolder();
    return staging;
  }

  /** All parts so far: every row is in one of them after {@link flush}. */
  get parts(): readonly string[] {
    return this.partPaths;
  }

  /** Files whose rows are staged, in the order in which they were read. */
  get files(): readonly string[] {
    return this.filePaths;
  }

  /** Say whose rows come now. */
  beginFile(path: string): void {
    this.filePaths.push(path);
  }

  /** Stage a Parquet file with exactly the columns of the request log, `source_file` and `source_line` included. It must lie below
   * the workspace's tmp/ (best in {@link folder}) and is taken over. A part whose rows are all of one UTC day is stored as it is,
   * by a rename, unless it holds duplicates; others are written once more. So write parts by day, zstd, in small row groups. */
  async addPart(parquetPath: string): Promise<void> {
    this.partPaths.push(parquetPath);
  }

  /** Rows are only collected; {@link makeRoom} is due when {@link isFull}. */
  addRow(row: RequestRow, rawChars: number): void {
    this.add("fresh", row, rawChars);
  }

  /** Add a row whose id may have been seen before.
   * @param raw the record as read, under the content mode: it is needed if the row proves to be a duplicate */
  addSuspect(row: RequestRow, raw: string | null, rawChars: number): void {
    const suspect: FreshRow = { ...row, raw };
    this.add("fresh", suspect, rawChars * 2);
  }

  addRejected(row: QuarantineRow): void {
    this.add("rejected", row, row.raw?.length ?? 0);
  }

  get isFull(): boolean {
    const { fresh, rejected } = this.pending;
    return fresh.length >= batchRows || rejected.length >= batchRows || this.pendingChars >= batchChars;
  }

  /** Bring the collected rows into DuckDB when they are many, and from there into parts when these are many. */
  async makeRoom(): Promise<void> {
    if (!this.isFull) return;
    await this.append();
    if (this.freshChars >= partChars) await this.spill();
  }

  /** Bring all rows into parts. */
  async flush(): Promise<void> {
    await this.append();
    await this.spill();
  }

  /** Forget everything, for the next files. */
  async clear(): Promise<void> {
    for (const name of [...Object.keys(tables), "raws"]) await this.engine.run(`TRUNCATE "${name}"`);
    this.partPaths.length = 0;
    this.filePaths.length = 0;
    this.makeFolder();
  }

  /** Release the engine; the folder stays, for a journal may still need its parts. */
  close(): void {
    this.engine.close();
  }

  private makeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  private add(name: keyof typeof tables, row: object, chars: number): void {
    this.pending[name].push(row);
    this.pendingChars += chars;
  }

  private async append(): Promise<void> {
    this.freshChars += this.pendingChars + this.pending.fresh.length * rowBytes;
    this.pendingChars = 0;
    for (const name of ["fresh", "rejected"] as const) {
      await this.engine.append(name, tables[name], this.pending[name] as Record<string, unknown>[]);
      this.pending[name] = [];
    }
  }

  /** Write the fresh rows as parts, one for every day, so that they can be stored as they are. */
  private async spill(): Promise<void> {
    this.freshChars = 0;
    const days = await this.engine.rows<{ day: string; n_raw: number }>(
      readSql("pipelines/ingest/fresh-days.sql"),
    );
    if (days.length === 0) return;
    const [group] = await this.engine.rows<{ n: number }>(readSql("pipelines/ingest/row-group-rows.sql"));
    for (const { day, n_raw } of days) {
      const part = join(this.folder, `part-${String(this.partNo++).padStart(6, "0")}.parquet`);
      const ofDay = `FROM fresh WHERE created_at >= DATE '${day}' AND created_at < DATE '${day}' + INTERVAL 1 DAY`;
      await this.engine.run(
        `COPY (SELECT * EXCLUDE (raw) ${ofDay}) TO ${sqlText(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${group!.n})`,
      );
      if (n_raw > 0)
        await this.engine.run(
          `INSERT INTO raws SELECT ${sqlText(part)}, row_no, raw
           FROM (SELECT row_number() OVER (ORDER BY rowid) - 1 AS row_no, raw ${ofDay}) WHERE raw IS NOT NULL`,
        );
      this.partPaths.push(part);
    }
    await this.engine.run("TRUNCATE fresh");
  }
}

/** DuckDB's vector size, and a ceiling for records with long texts. */
const batchRows = 2048;
const batchChars = 32_000_000;

/** Fresh rows are written as parts when they hold about this much, at about this much for a row beside its texts. */
const partChars = 64_000_000;
const rowBytes = 400;
