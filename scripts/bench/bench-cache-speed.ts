import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { neighboursRead } from "@signalbox/runtime";
import type { BenchSection } from "./bench-cache-guard.js";
import { type CallTimes, measureCacheDecision } from "./measure-cache-decision.js";

/** Time the runtime's decision on a request with its eight nearest entries, and the key with it. */
export async function measureDecision(): Promise<BenchSection> {
  const times = await measureCacheDecision();
  const { decision, unseen_entries: unseen, all_refused: refused, key_and_decision: both } = times;
  return {
    tables: [
      {
        title: "Time of one decision of the runtime, us",
        columns: ["what", "p50", "p99", "p99, undisturbed calls", "wanted"],
        rows: [
          ["decision, entries that recur", ...cellsOf(decision), "p99 < 100"],
          ["decision, each entry seen for the first time", ...cellsOf(unseen), ""],
          ["decision, the guard refuses all", ...cellsOf(refused), ""],
          ["key hash and decision", ...cellsOf(both), "< 1000"],
        ],
      },
    ],
    figures: {
      decision_p50_ms: decision.p50_us / 1_000,
      decision_p99_ms: decision.p99_us / 1_000,
      decision_own_p99_ms: decision.own_p99_us / 1_000,
      decision_unseen_p99_ms: unseen.p99_us / 1_000,
      key_decision_p99_ms: both.p99_us / 1_000,
    },
    notes: [
      `Decision times: ${decision.calls} calls of router.cacheDecision after a warm-up, prompts of synthetic traffic (${times.mean_chars.toFixed(0)} characters on average) with their ${neighboursRead} nearest entries; the p99 is wall clock, so what else the machine does is in it; in undisturbed calls the system didn't give the core to another process. Embedding the prompt and finding its neighbours are not in it.`,
    ],
  };
}

function cellsOf({ p50_us, p99_us, own_p99_us }: CallTimes): string[] {
  return [p50_us, p99_us, own_p99_us].map((time) => time.toFixed(1));
}

/** Fields of bench-cache-replay's line that are shown. */
interface TimedReplay {
  requests: number;
  capacity: number;
  seconds: number;
  cpuSeconds: number;
  rssMb: number;
  exactHits: number;
  semanticHits: number;
}

const replayed = 1_000_000;
const capacity = 50_000;

/** Replay a million requests in a process of its own. */
export async function measureReplay(): Promise<BenchSection> {
  const script = fileURLToPath(new URL("./bench-cache-replay.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, `${replayed}`, "1", `${capacity}`]);
  const { requests, seconds, cpuSeconds, rssMb, exactHits, semanticHits } = JSON.parse(stdout) as TimedReplay;
  return {
    tables: [
      {
        title: "Replay of a million requests in one scope",
        columns: [
          "requests",
          "entries at most",
          "seconds (wanted < 600)",
          "CPU seconds",
          "peak memory, MB",
          "exact hits",
          "semantic hits",
        ],
        rows: [
          [
            String(requests),
            String(capacity),
            seconds.toFixed(0),
            cpuSeconds.toFixed(0),
            rssMb.toFixed(0),
            String(exactHits),
            String(semanticHits),
          ],
        ],
      },
    ],
    figures: { replay_s_1m: seconds, replay_cpu_s_1m: cpuSeconds, replay_rss_mb_1m: rssMb },
  };
}
