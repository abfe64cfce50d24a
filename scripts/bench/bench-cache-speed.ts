import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  cacheKey,
  findServable,
  hashedEmbedder,
  neighboursRead,
  type PairModel,
  pairFeatureNames,
  pairFeatures,
  scorePair,
} from "@signalbox/runtime";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import { nearestVectors } from "../../models/embed/nearest.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";
import type { BenchSection } from "./bench-cache-guard.js";

const entries = 1_000;
const asked = 1_000;
const calls = 20_000;
const warmUp = 5_000;

/** Time the decision on a request with its eight nearest entries, and the key with it. */
export function measureDecision(): BenchSection {
  const questions = askQuestions();
  const model: PairModel = { weights: Float32Array.from(pairFeatureNames, (_, i) => 1 / (i + 1)), bias: -1 };
  const decide = (i: number) => {
    const { text, neighbours } = questions[i % asked]!;
    const at = findServable(text, neighbours);
    return at < 0 ? 0 : scorePair(model, pairFeatures(text, neighbours, at));
  };
  const decision = timeCalls(decide);
  const both = timeCalls((i) => {
    const { text } = questions[i % asked]!;
    const messages = [
      { role: "system", content: "You are the helpdesk of a software company. Answer in two sentences." },
      { role: "user", content: text },
    ];
    cacheKey({ messages, meta: { tenant: "synthetic-tenant-1" } });
    return decide(i);
  });
  return {
    tables: [
      {
        title: "Time of one decision, ms",
        columns: ["what", "p50", "p99", "p99, undisturbed calls", "disturbed calls", "wanted"],
        rows: [
          ["decision: guard, features and score", ...cellsOf(decision), "p99 < 0.1"],
          ["key hash and decision", ...cellsOf(both), "< 1"],
        ],
      },
    ],
    figures: {
      decision_p50_ms: decision.p50,
      decision_p99_ms: decision.ownP99,
      decision_p99_wall_ms: decision.p99,
      key_decision_p50_ms: both.p50,
      key_decision_p99_ms: both.ownP99,
      key_decision_p99_wall_ms: both.p99,
    },
    notes: [
      `Decision times: ${calls} calls in this thread after ${warmUp} to warm up, prompts of synthetic traffic with their ${neighboursRead} nearest of ${entries} entries; the p99 is wall clock, so what else the machine does is in it; in undisturbed calls the system didn't give the core to another process, and decision_p99_ms is of these. Embedding the prompt and finding its neighbours are not in it.`,
    ],
  };
}

function askQuestions() {
  const { embed } = hashedEmbedder(512);
  const texts = Array.from(plantedCacheTraffic({ requests: entries + asked, seed: 5 }), ({ text }) => text);
  const cached = texts.slice(0, entries);
  const vectors = cached.map(embed);
  return texts.slice(entries).map((text) => ({
    text,
    neighbours: nearestVectors(embed(text), vectors, { count: neighboursRead }).map(({ index, cosine }) => ({
      similarity: cosine,
      prompt: cached[index]!,
      answer: index % 10,
    })),
  }));
}

interface CallTimes {
  p50: number;
  p99: number;
  /** Of the calls during which the system didn't give the core to another process. */
  ownP99: number;
  /** Share of the others. */
  disturbed: number;
}

function timeCalls(call: (i: number) => unknown): CallTimes {
  for (let i = 0; i < warmUp; i++) call(i);
  const all: number[] = [];
  const own: number[] = [];
  let switches = process.resourceUsage().involuntaryContextSwitches;
  for (let i = 0; i < calls; i++) {
    const started = performance.now();
    call(i);
    const took = performance.now() - started;
    const now = process.resourceUsage().involuntaryContextSwitches;
    all.push(took);
    if (now === switches) own.push(took);
    switches = now;
  }
  const quantile = (times: number[], p: number) => sampleQuantile(Float64Array.from(times).sort(), p);
  return {
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    ownP99: quantile(own, 0.99),
    disturbed: 1 - own.length / calls,
  };
}

function cellsOf({ p50, p99, ownP99, disturbed }: CallTimes): string[] {
  return [p50, p99, ownP99].map((time) => time.toFixed(4)).concat(`${(100 * disturbed).toFixed(1)} %`);
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
