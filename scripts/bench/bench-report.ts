import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SimulateTiming } from "../../datasets/results.js";
import { audit } from "../../pipelines/audit/audit.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { writeSyntheticLog } from "./synthetic-log.js";

/** What one stage of bench-report-run.js reports. */
interface StageRun {
  seconds: number;
  rssMb: number;
  htmlMb: number;
  timing: SimulateTiming;
}

interface SizeRun {
  size: string;
  rows: number;
  simulate: StageRun;
  report: StageRun;
}

const sizes = [
  ["100k", 100_000],
  ["1m", 1_000_000],
  ["5m", 5_000_000],
] as const;

await runBench({
  name: "report",
  title: "Simulation and report: seconds, memory, size",
  about:
    "Simulating all strategies on a synthetic log and writing the report of it, each in a process of its own. The log has sessions of four turns on average, prompts of some 400 characters of which every one is asked ten times, three models with list prices, failed attempts and attempts without a text; 2,000 labelled requests set the simpler strategies. `--sizes 100k,1m` leaves out five million rows. Making the log and auditing it are not counted.",
  options: ["sizes"],
  main: async ({ quick, options }) => {
    const wanted = (options.sizes ?? (quick ? "100k" : "100k,1m,5m")).split(",");
    const runs: SizeRun[] = [];
    for (const [size, rows] of sizes) if (wanted.includes(size)) runs.push(await measure(size, rows));
    return outcomeOf(runs);
  },
});

async function measure(size: string, rows: number): Promise<SizeRun> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-report-"));
  try {
    await audit(await writeSyntheticLog(folder, { rows, prompts: Math.ceil(rows / 10) }));
    const simulated = await runStage("simulate", folder);
    return { size, rows, simulate: simulated, report: await runStage("report", folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runStage(stage: "simulate" | "report", folder: string): Promise<StageRun> {
  const script = fileURLToPath(new URL("./bench-report-run.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, stage, folder]);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as StageRun;
}

function outcomeOf(runs: readonly SizeRun[]): BenchOutcome {
  const figures: Record<string, number> = {};
  for (const { size, simulate, report } of runs) {
    figures[`simulate_s_${size}`] = simulate.seconds;
    figures[`report_s_${size}`] = report.seconds;
    figures[`rss_mb_${size}`] = Math.max(simulate.rssMb, report.rssMb);
    figures[`html_mb_${size}`] = report.htmlMb;
  }
  const parts = ["ordering", "learning", "deciding", "writing", "comparing"] as const;
  return {
    figures,
    tables: [
      {
        title: "By size",
        columns: ["rows", "simulate s", "peak RSS", "report s", "peak RSS", "HTML"],
        rows: runs.map(({ rows, simulate, report }) => [
          rows.toLocaleString("en"),
          simulate.seconds.toFixed(1),
          `${simulate.rssMb.toFixed(0)} MB`,
          report.seconds.toFixed(1),
          `${report.rssMb.toFixed(0)} MB`,
          `${report.htmlMb.toFixed(2)} MB`,
        ]),
      },
      {
        title: "Where simulating takes its time",
        columns: ["rows", ...parts.map((part) => `${part} s`), "decide p50", "decide p99"],
        rows: runs.map(({ rows, simulate: { timing } }) => [
          rows.toLocaleString("en"),
          ...parts.map((part) => timing.seconds[part].toFixed(1)),
          `${timing.decide_us?.p50 ?? 0} us`,
          `${timing.decide_us?.p99 ?? 0} us`,
        ]),
      },
    ],
  };
}
