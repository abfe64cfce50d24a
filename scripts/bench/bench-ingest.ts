import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { percent } from "../terminal.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { benchFormats, writeBenchFile } from "./bench-ingest-files.js";
import { logFoldersTable } from "./bench-ingest-folders.js";

/** Disk space for the file, and for what is made of it. */
const bytesPerRow = 6_000;

await runBench({
  name: "ingest",
  title: "Ingest",
  about:
    "Time of `ingest` into a new workspace, redaction, prices, duplicates and quarantine included, against a bare DuckDB `COPY (SELECT * FROM read_json/read_parquet(FILE)) TO ... (FORMAT parquet)` of the same file in the same run: each in a process of its own, two threads. The calls are made up: about 1 kB of text each, 15 days, six models, 3 % with personal data, 2 % with values of odd types.",
  options: ["rows", "format"],
  main: async ({ quick, data, options }) => {
    const sizes =
      options.rows !== undefined ? [Number(options.rows)] : quick ? [200_000] : [1_000_000, 5_000_000];
    const timings: Timing[] = [];
    const formats = benchFormats.filter(
      (format) => options.format === undefined || options.format === format,
    );
    for (const rows of sizes) for (const format of formats) timings.push(await timeFormat(format, rows));
    return outcomeOf(timings, data);
  },
});

interface Run {
  rows: number;
  seconds: number;
  cpuSeconds: number;
  rssMb: number;
}

interface Timing {
  format: string;
  rows: number;
  fileMb: number;
  ours: Run;
  bare: Run;
}

async function timeFormat(format: (typeof benchFormats)[number], rows: number): Promise<Timing> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  try {
    const { bavail, bsize } = statfsSync(folder);
    const needed = rows * bytesPerRow;
    if (bavail * bsize < needed)
      throw new Error(
        `${folder}: ${(needed / 1e9).toFixed(0)} GB must be free; name another folder with TMPDIR`,
      );
    const path = await writeBenchFile(folder, format, rows);
    const bare = runOnce("bare", path, join(folder, "copy.parquet"));
    const ours = runOnce("ours", path, join(folder, "workspace"));
    return { format, rows, fileMb: statSync(path).size / 1e6, ours, bare };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runOnce(what: "ours" | "bare", path: string, target: string): Run {
  const script = fileURLToPath(new URL("bench-ingest-run.js", import.meta.url));
  const printed = execFileSync(process.execPath, [script, what, path, target], { encoding: "utf8" });
  return JSON.parse(printed.trim().split("\n").at(-1)!) as Run;
}

async function outcomeOf(timings: readonly Timing[], data: string | null): Promise<BenchOutcome> {
  const figures: Record<string, number> = {};
  // Of several sizes the largest counts.
  for (const { format, ours, bare } of timings) {
    figures[`ratio_${format}`] = ours.seconds / bare.seconds;
    if (format === "jsonl") figures.rows_per_s_jsonl = ours.rows / ours.seconds;
  }
  figures.peak_rss_mb = Math.max(...timings.map(({ ours }) => ours.rssMb));
  const logs = data === null ? null : join(data, "logs");
  const folders = logs !== null && existsSync(logs) ? [await logFoldersTable(logs)] : [];
  return {
    figures,
    reference: { wanted_ratio_jsonl: 2, wanted_ratio_parquet: 1.5, wanted_peak_rss_mb: 1500 },
    tables: [
      {
        title: "Time and memory",
        columns: [
          "format",
          "rows",
          "MB",
          "rows/s",
          "s",
          "bare s",
          "ratio",
          "CPU ratio",
          "peak MB",
          "bare peak MB",
        ],
        rows: timings.map(({ format, rows, fileMb, ours, bare }) => [
          format,
          count(rows),
          fileMb.toFixed(0),
          count(Math.round(ours.rows / ours.seconds)),
          ours.seconds.toFixed(1),
          bare.seconds.toFixed(1),
          (ours.seconds / bare.seconds).toFixed(2),
          (ours.cpuSeconds / bare.cpuSeconds).toFixed(2),
          ours.rssMb.toFixed(0),
          bare.rssMb.toFixed(0),
        ]),
      },
      ...folders,
    ],
    notes: [
      `DuckDB ${await duckDbVersion()}; the bare copy writes its default (snappy, row groups of 122,880), ingest writes zstd by day. ${percent(0.05)} of the calls are odd and go through JavaScript. *CPU ratio* compares processor time, which other work on the machine distorts less. Load average at the end: ${loadavg()[0]!.toFixed(1)}.`,
      ...(folders.length === 0 ? ["The table of real logs is missing: no logs in the data folder."] : []),
    ],
  };
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}

async function duckDbVersion(): Promise<string> {
  const engine = await openDuckDb();
  const [row] = await engine.rows<{ version: string }>("SELECT version() AS version");
  engine.close();
  return row!.version;
}
