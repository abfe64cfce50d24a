import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pLimit, { type LimitFunction } from "p-limit";
import { InputError } from "../../datasets/errors.js";
import { findUseLite, useLitePackage } from "../../models/embed/read-use-lite.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { measureConversation } from "./bench-cache-conversation.js";
import { type BenchSection, measureGuard } from "./bench-cache-guard.js";
import { measureIsolation } from "./bench-cache-isolation.js";
import { splitNotes } from "./bench-cache-notes.js";
import { measurePlanted } from "./bench-cache-planted.js";
import { measurePoison } from "./bench-cache-poison.js";
import type { BenchSet } from "./bench-cache-sets.js";
import { measureDecision, measureReplay } from "./bench-cache-speed.js";
import type { SplitRecord } from "./bench-cache-splits.js";
import { type PolicySummary, summariseSplits } from "./bench-cache-summary.js";
import { certifiedHits, guaranteeTable, hitTable, type SetResult } from "./bench-cache-tables.js";
import type { BenchEmbedder } from "./bench-cache-vectors.js";

const needed = [
  "cache/banking77/queries.jsonl",
  "cache/clinc150/queries.jsonl",
  "cache/nlupp/queries.jsonl",
  "cache/nlupp/pairs.jsonl",
  "cache/sgd-multiturn/turns.jsonl",
] as const;

/** What was wanted at USR <= 1 % and <= 2 %: reached once in research, with gold-labelled features. */
const wanted = { banking77: [0.44, 0.57], clinc150: [0.59, 0.7] };

/** Splits with hashed vectors. */
const hashedSplits = 30;
/** Splits that the policies without a promise are replayed on. */
const tableSplits = 10;

const script = fileURLToPath(new URL("./bench-cache-splits-run.js", import.meta.url));
const mostOutput = 1 << 30;

const embedderNames = { use: "USE-lite", hashed: "hashed-512" } as const;

await runBench({
  name: "cache",
  title: "Semantic cache",
  about:
    "What a semantic cache serves, and how often wrongly, on real queries whose right answers are known. USR is wrong hits / all requests, FHR is wrong hits / hits. A split shuffles all queries by its seed; the first half fills the cache and is calibrated on with 1,000 labels at delta = 10 %, the second is replayed through that cache, no larger than the first half, and every miss becomes an entry. Intents stand for answers.",
  options: ["splits"],
  main: async ({ data, quick, options }) => {
    const missing = needed.find((file) => !existsSync(join(data ?? "", file)));
    if (data === null || missing !== undefined)
      return { figures: {}, skipped: `no ${missing ?? needed[0]} in the data folder` };
    if (findUseLite() === null) return { figures: {}, skipped: `${useLitePackage} is not installed` };
    const splits = Number(options.splits ?? (quick ? 10 : 200));
    if (!(Number.isInteger(splits) && splits >= 1))
      throw new InputError("--splits: give a whole number above 0");
    const decision = await measureDecision();
    const limit = pLimit(Math.max(1, availableParallelism()));
    const [results, replay, sections] = await Promise.all([
      runSets(data, { splits, quick, limit }),
      quick ? null : limit(measureReplay),
      measureSections(data, quick),
    ]);
    return outcomeOf(results, [...sections, decision, ...(replay === null ? [] : [replay])]);
  },
});

interface SetRun {
  set: BenchSet;
  embedder: BenchEmbedder;
  splits: number;
}

/** Sets with the most work first, each in a process of its own. */
async function runSets(
  data: string,
  { splits, quick, limit }: { splits: number; quick: boolean; limit: LimitFunction },
): Promise<SetResult[]> {
  const fewer = Math.min(splits, hashedSplits);
  const runs: SetRun[] = [
    { set: "clinc150", embedder: "use", splits },
    { set: "banking77", embedder: "use", splits },
    { set: "nlupp", embedder: "use", splits },
    ...(quick
      ? []
      : (["banking77", "clinc150", "nlupp"] as const).map((set) => ({
          set,
          embedder: "hashed" as const,
          splits: fewer,
        }))),
  ];
  return Promise.all(runs.map((run) => limit(() => runSet(data, run, quick ? 2 : tableSplits))));
}

async function runSet(data: string, { set, embedder, splits }: SetRun, tabled: number): Promise<SetResult> {
  const given = [script, data, set, embedder, String(splits), String(Math.min(splits, tabled))];
  const { stdout } = await promisify(execFile)(process.execPath, given, { maxBuffer: mostOutput });
  const summaries = summariseSplits(JSON.parse(stdout) as SplitRecord[]);
  return { set, embedder: embedderNames[embedder], summaries };
}

async function measureSections(data: string, quick: boolean): Promise<BenchSection[]> {
  return [
    measureGuard(data),
    await measureConversation(data),
    await measureIsolation(data),
    await measurePoison(data),
    await measurePlanted(
      quick ? { requests: 8_000, streams: 1, seeds: 20 } : { requests: 20_000, streams: 4, seeds: 200 },
    ),
  ];
}

function outcomeOf(results: readonly SetResult[], sections: readonly BenchSection[]): BenchOutcome {
  return {
    figures: Object.assign({}, figuresOf(results), ...sections.map(({ figures }) => figures)),
    reference: {
      wanted_hit: wanted,
      wanted_violations: 0.142,
      wanted_guard: { wrong: 0.7, right: 0.06 },
      vcache: "implemented anew from arXiv 2502.03771 and its program; not the official run",
    },
    tables: [
      certifiedHits(results, wanted),
      ...results.map(hitTable),
      ...results.map(guaranteeTable),
      ...sections.flatMap(({ tables }) => tables),
    ],
    notes: [...splitNotes, ...sections.flatMap(({ notes: own = [] }) => own)],
  };
}

function figuresOf(results: readonly SetResult[]): Record<string, number> {
  const figures: Record<string, number> = {};
  const most = Math.max(...results.flatMap(({ summaries }) => summaries.map(({ splits }) => splits)));
  const worst = (key: string, share: number) => {
    figures[key] = Math.max(figures[key] ?? 0, share);
  };
  for (const { set, embedder, summaries } of results) {
    const prefix = embedder === embedderNames.use ? set : `hashed_${set}`;
    for (const summary of summaries) {
      const { policy, target, hitRate } = summary;
      if (target === null) continue;
      const place = Math.round(100 * target);
      const share = summary.usrViolations / summary.splits;
      if (policy === "ours_answers") figures[`${prefix}_hit_usr${place}`] = hitRate.mean;
      if (policy === "ours_labels") figures[`${prefix}_labels_hit_usr${place}`] = hitRate.mean;
      if (policy === "ours_cosine") figures[`${prefix}_cosine_hit_usr${place}`] = hitRate.mean;
      if (policy === "vcache") figures[`vcache_${prefix}_hit_${place}`] = hitRate.mean;
      if (policy.startsWith("ours") && summary.splits === most) worst(`usr_violations_${place}`, share);
      if (policy.startsWith("judge") && embedder === embedderNames.use) {
        worst(`judge_${policy.endsWith("ignored") ? "ignored_" : ""}violations_${place}`, share);
      }
      if (policy.startsWith("naive") && embedder === embedderNames.use) {
        worst("naive_violations", naiveShare(summary));
      }
    }
  }
  return figures;
}

function naiveShare({ policy, splits, usrViolations, fhrViolations }: PolicySummary): number {
  return (policy.endsWith("fhr") ? fhrViolations : usrViolations) / splits;
}
