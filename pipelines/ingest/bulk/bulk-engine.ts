import { join } from "node:path";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import type { PriceBook } from "../../../datasets/prices/price-book.js";
import { ContentMode } from "../../../datasets/privacy/content-mode.js";
import type { Workspace } from "../../../datasets/workspace.js";
import { sqlText } from "../sql-text.js";
import { defineBulkMacros } from "./macros.js";
import { fillClasses } from "./price-classes.js";
import { TaintedLabels } from "./tainted-labels.js";

/** What the rows of one file have in common. */
export interface BulkFile {
  /** As `source_file` names it. */
  path: string;
  /** Tells its parts from those of other files in the same folder. */
  fileNo: number;
  workspace: Workspace;
  mode: ContentMode;
  /** Times after this are in the future: microseconds since 1970, UTC. */
  latestTime: number;
  prices: PriceBook;
  /** Records up to this one are left to JavaScript, which learns from them how many tokens texts have. */
  learnedLines: number;
  /** Where parts may be written. */
  folder: string;
}

/** What became of the records of one chunk. */
export interface BulkOutcome {
  /** Records that are rows now. */
  claimed: number;
  /** Numbers of the records that SQL leaves to JavaScript. */
  left: number[];
  /** Parquet files with the rows, each of one day unless the chunk spans many. */
  parts: string[];
}

/** One chunk, as an engine reads it. */
export interface BulkInput {
  /** Statement that defines the view `fields`. */
  fieldsView: string;
  /** Number of the chunk in its file. */
  chunkNo: number;
  /** Numbers of its records: one that DuckDB can't parse has none there. */
  lines: { count: number; all: () => number[] };
  /** Size of a record, for the row groups. */
  bytesPerRow: number;
}

/** A DuckDB of one thread that turns chunks of records into Parquet parts of the request log. Two of them, on two chunks, use two
 * cores better than one with two threads: DuckDB shares out a table by 122,880 rows. */
export class BulkEngine {
  private readonly labels: TaintedLabels;

  private constructor(
    readonly engine: Engine,
    private readonly file: BulkFile,
  ) {
    this.labels = new TaintedLabels(file.workspace.salt);
  }

  static async open(file: BulkFile, name: string): Promise<BulkEngine> {
    const engine = await openDuckDb({
      threads: 1,
      memoryLimit: "400MB",
      temporaryFolder: join(file.folder, `spilled-${name}`),
    });
    await defineBulkMacros(engine);
    for (const [variable, value] of Object.entries(variablesOf(file)))
      await engine.run(`SET VARIABLE ${variable} = ${value}`);
    return new BulkEngine(engine, file);
  }

  async read({ fieldsView, chunkNo, lines, bytesPerRow }: BulkInput): Promise<BulkOutcome> {
    const { engine } = this;
    const { mode, prices } = this.file;
    await engine.run(fieldsView);
    for (const step of ["canonical-claims", "system-texts", "drop-system-texts"])
      await engine.run(readSql(`pipelines/ingest/bulk/${step}.sql`));
    if (mode !== ContentMode.full) await this.labels.drop(engine);
    await fillClasses(engine, prices);
    const days = await engine.rows<{ day: string; n: number }>(
      "SELECT strftime(created_at, '%Y-%m-%d') AS day, count(*) AS n FROM records WHERE is_claimed GROUP BY day ORDER BY day",
    );
    const claimed = days.reduce((sum, { n }) => sum + n, 0);
    const left = claimed === lines.count ? [] : await this.linesLeft(lines.all());
    const parts = await this.writeParts(
      days.map(({ day }) => day),
      { chunkNo, bytesPerRow, claimed },
    );
    await engine.run("DROP TABLE records");
    return { claimed, left, parts };
  }

  close(): void {
    this.engine.close();
  }

  private async linesLeft(all: readonly number[]): Promise<number[]> {
    const claimed = new Set<number>();
    for await (const rows of this.engine.chunks<{ line: number }>(
      "SELECT line FROM records WHERE is_claimed",
    ))
      for (const { line } of rows) claimed.add(line);
    return all.filter((line) => !claimed.has(line));
  }

  private async writeParts(
    days: readonly string[],
    { chunkNo, bytesPerRow, claimed }: { chunkNo: number; bytesPerRow: number; claimed: number },
  ): Promise<string[]> {
    const rows = readSql("pipelines/ingest/bulk/canonical-rows.sql");
    const groupRows = 2048 * Math.max(1, Math.min(60, Math.floor(groupBytes / bytesPerRow / 2048)));
    const filters =
      days.length > fewDays
        ? [""]
        : days.map(
            (day) => `AND r.created_at >= DATE '${day}' AND r.created_at < DATE '${day}' + INTERVAL 1 DAY`,
          );
    const parts: string[] = [];
    let written = 0;
    for (const [i, filter] of filters.entries()) {
      const part = join(this.file.folder, `bulk-${this.file.fileNo}-${chunkNo}-${i}.parquet`);
      const [copied] = await this.engine.rows<{ Count: number }>(
        `COPY (${rows} ${filter}) TO ${sqlText(part)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${groupRows})`,
      );
      written += copied!.Count;
      parts.push(part);
    }
    if (claimed > 0 && written !== claimed)
      throw new Error(`${this.file.path}: ${claimed} records were claimed and ${written} rows written`);
    return claimed > 0 ? parts : [];
  }
}

/** A chunk with more days than this is one part, which staging splits. */
const fewDays = 8;
const groupBytes = 32_000_000;

function variablesOf({ path, workspace, mode, latestTime, learnedLines }: BulkFile): Record<string, string> {
  return {
    source_file: sqlText(path),
    salt: sqlText(workspace.salt),
    content_mode: sqlText(mode),
    keeps_text: String(mode === ContentMode.redacted || mode === ContentMode.full),
    redacts_labels: String(mode !== ContentMode.full),
    redacts_texts: String(mode === ContentMode.redacted),
    learned_lines: String(learnedLines),
    latest_time: `make_timestamp(${Math.floor(latestTime)})`,
  };
}
