import { rmSync } from "node:fs";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { sqlText } from "../../pipelines/ingest/sql-text.js";

// One timed run in a process of its own, so that its peak memory is its own: node bench-ingest-run.js ours|bare FILE FOLDER
const [, , what, file, folder] = process.argv as [string, string, "ours" | "bare", string, string];
const started = performance.now();
const rows = what === "ours" ? await runOurs(file, folder) : await runBare(file, folder);
const seconds = (performance.now() - started) / 1000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${JSON.stringify({ rows, seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, rssMb: maxRSS / 1024 })}\n`,
);

async function runOurs(path: string, workspace: string): Promise<number> {
  const { totals } = await ingest(openOrCreateWorkspace(workspace), [path]);
  return totals.read;
}

/** What DuckDB takes to do no more than read the file and write it as Parquet, with its own defaults. */
async function runBare(path: string, target: string): Promise<number> {
  const engine = await openDuckDb({
    threads: 2,
    memoryLimit: "1400MB",
    temporaryFolder: `${target}.spilled`,
  });
  const reader = path.endsWith(".parquet") ? "read_parquet" : "read_json";
  const [copied] = await engine.rows<{ Count: number }>(
    `COPY (SELECT * FROM ${reader}(${sqlText(path)})) TO ${sqlText(target)} (FORMAT parquet)`,
  );
  engine.close();
  return copied!.Count;
}
