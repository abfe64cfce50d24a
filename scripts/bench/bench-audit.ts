import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runBench } from "./bench.js";
import { writeBenchFile } from "./bench-ingest-files.js";

const cli = fileURLToPath(new URL("../cli.js", import.meta.url));
const runs = 5;

await runBench({
  name: "audit",
  title: "Audit",
  about:
    "Time of the whole command `signalbox audit --workspace WS`, from its start to its last line, on a workspace into which made-up calls were ingested (those of bench:ingest, JSONL).",
  options: ["rows"],
  main: async ({ quick, options }) => {
    const rows = Number(options.rows ?? (quick ? 100_000 : 1_000_000));
    const seconds = await timeAudits(rows);
    const [fastest, median, slowest] = [seconds[0]!, seconds[runs >> 1]!, seconds[runs - 1]!];
    return {
      figures: { [`audit_s_${rows}`]: median },
      reference: { wanted_audit_s_1000000: 5 },
      tables: [
        {
          title: `Seconds, ${runs} runs`,
          columns: ["rows", "fastest", "median", "slowest"],
          rows: [[rows.toLocaleString("en-US"), ...[fastest, median, slowest].map((s) => s.toFixed(2))]],
        },
      ],
    };
  },
});

/** @returns seconds, the fastest first */
async function timeAudits(rows: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  const workspace = join(folder, "ws");
  try {
    const log = await writeBenchFile(folder, "jsonl", rows);
    run("ingest", log, "--workspace", workspace);
    rmSync(log);
    return Array.from({ length: runs }, () => run("audit", "--workspace", workspace)).sort((a, b) => a - b);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(...args: string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, [cli, ...args], { stdio: "ignore" });
  return (performance.now() - started) / 1000;
}
