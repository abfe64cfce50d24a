import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  answerId,
  type CachePolicy,
  type CacheQuestion,
  type GivenNeighbour,
  hashedEmbedder,
  loadRouter,
  neighboursRead,
  pairFeatureNames,
  type Router,
  SCOPE_VERSION,
} from "@signalbox/runtime";
import { poisonPairs } from "../../datasets/synthetic/cache-poison.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import { dotProduct } from "../../models/embed/nearest.js";
import { writeRandomArtifact } from "./random-artifact.js";

/** Microseconds of one call; `own_p99_us` leaves calls out during which the system gave the core to another process. */
export interface CallTimes {
  p50_us: number;
  p99_us: number;
  own_p99_us: number;
  calls: number;
}

/** How long the cache takes to say whether it serves. */
export interface CacheDecisionTimes {
  /** Mean length of the prompts, UTF-16 units. */
  mean_chars: number;
  /** Prompts of synthetic traffic with their nearest eight of 2,000 entries, which recur as they do in traffic. */
  decision: CallTimes;
  /** The same for a router that sees each entry for the first time. */
  unseen_entries: CallTimes;
  /** The guard refuses all eight neighbours: the most that it is ever asked. */
  all_refused: CallTimes;
  /** Cache key of a chat request, and then the decision. */
  key_and_decision: CallTimes;
}

const entries = 2_000;
const asked = 1_000;
const settings: CachePolicy = {
  score: "pair_model",
  scope_version: SCOPE_VERSION,
  embedder: null,
  neighbours: neighboursRead,
  learnt_answers: true,
  ttl_s: 86_400,
  max_entries: entries,
  segments: {
    default: {
      min_score: 0.7,
      level: "own",
      alpha: 0.02,
      delta: 0.1,
      n: 500,
      errors: 0,
      usr_high: 0.01,
      note: "for timing only",
      unsafe: null,
      min_similarity: null,
    },
  },
};

/** Time `router.cacheDecision` on an artifact with a same-answer model, after a warm-up, call by call.
 * @param runs calls of each kind */
export async function measureCacheDecision(runs = 20_000): Promise<CacheDecisionTimes> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-cache-bench-"));
  try {
    const weights = Float32Array.from(pairFeatureNames, (_, i) => 1 / (i + 1));
    writeRandomArtifact(folder, { hidden: 0, cache: settings, cacheModel: { weights, bias: -1 } });
    return measure(await loadRouter(folder), runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(router: Router, runs: number): CacheDecisionTimes {
  const questions = askedQuestions();
  const refused = refusedQuestions();
  const requests = questions.map(({ prompt }, i) => ({
    model: "gpt-5-mini",
    temperature: 0,
    messages: [
      { role: "system", content: "You are a support agent of an online shop. Answer politely and briefly." },
      { role: "user", content: prompt! },
    ],
    meta: { tenant: `tenant-${i % 3}` },
  }));
  const result = {
    mean_chars: questions.reduce((sum, { prompt }) => sum + prompt!.length, 0) / questions.length,
    decision: timeCalls(runs, (i) => () => router.cacheDecision(questions[i % asked]!)),
    unseen_entries: timeCalls(runs, (i) => {
      const { prompt, neighbours } = questions[i % asked]!;
      const entries = neighbours!.map((entry) => ({ ...entry, prompt: `${entry.prompt} ${i}` }));
      return () => router.cacheDecision({ prompt: `${prompt} ${i}`, neighbours: entries });
    }),
    all_refused: timeCalls(runs, (i) => () => router.cacheDecision(refused[i % refused.length]!)),
    key_and_decision: timeCalls(runs, (i) => () => {
      router.cacheKey(requests[i % asked]!);
      router.cacheDecision(questions[i % asked]!);
    }),
  };
  const { errors } = router.stats();
  if (Object.keys(errors).length > 0) throw new Error(`decisions failed: ${JSON.stringify(errors)}`);
  return result;
}

function askedQuestions(): CacheQuestion[] {
  const items = [...plantedCacheTraffic({ requests: entries + asked, seed: 1 })];
  const { embed } = hashedEmbedder(256);
  const vectors = items.map(({ text }) => embed(text));
  return items.slice(entries).map(({ text }, i) => {
    const neighbours = items.slice(0, entries).map(
      (entry, j): GivenNeighbour => ({
        similarity: dotProduct(vectors[entries + i]!, vectors[j]!),
        prompt: entry.text,
        answer: answerId(entry.answer_key ?? ""),
        cachedAt: Date.now(),
      }),
    );
    const others = neighbours.filter((neighbour) => neighbour.prompt !== text);
    return {
      prompt: text,
      neighbours: others.sort((a, b) => b.similarity - a.similarity).slice(0, neighboursRead),
    };
  });
}

function refusedQuestions(): CacheQuestion[] {
  return poisonPairs(1, asked).map(({ a, b }) => ({
    prompt: b,
    neighbours: Array.from({ length: neighboursRead }, (_, i) => ({
      similarity: 0.99 - i / 100,
      prompt: `${a}${" ".repeat(i)}`,
      answer: "one",
    })),
  }));
}

/** Time calls one by one, after a warm-up of half as many.
 * @param prepare makes a call ready, off the clock */
function timeCalls(runs: number, prepare: (i: number) => () => unknown): CallTimes {
  const times: number[] = [];
  const ownTimes: number[] = [];
  for (let i = -Math.floor(runs / 2); i < runs; i++) {
    const call = prepare(i + runs);
    const switches = process.resourceUsage().involuntaryContextSwitches;
    const started = performance.now();
    call();
    const took = (performance.now() - started) * 1_000;
    if (i < 0) continue;
    times.push(took);
    if (process.resourceUsage().involuntaryContextSwitches === switches) ownTimes.push(took);
  }
  const quantile = (values: readonly number[], share: number) =>
    values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
  return {
    p50_us: quantile(times, 0.5),
    p99_us: quantile(times, 0.99),
    own_p99_us: quantile(ownTimes, 0.99),
    calls: runs,
  };
}
