import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RoutellmBenchmark, routellmBenchmarks } from "../../datasets/benchmarks/pair-row.js";
import { publishedRoutellmTable } from "../../datasets/benchmarks/published-routellm-table.js";
import { type BenchOutcome, type BenchTable, runBench } from "./bench.js";
import { openRoutellmRows, type RoutellmRows } from "./bench-routellm-rows.js";
import { type ScoredRow, scoreRows } from "./bench-routellm-scores.js";

const seed = 1;

await runBench({
  name: "routellm",
  title: "RouteLLM's table with our rows in it",
  about:
    "RouteLLM's three benchmarks (gpt-4-1106-preview or Mixtral-8x7B-Instruct answers; prompts decontaminated as upstream does) with the published rows and ours. Settings: `O` learns from nothing of the benchmark, but from another benchmark of the table answered by the same two models (MMLU from GSM8K, the others from MMLU); `D` learns from 1,500 labelled MMLU prompts drawn at random and is tested on all others, five resamples; `X` is five-fold cross-validation. Prompts with the same text are never on two sides. Intervals are 95 %, bootstrap of prompts; published rows have none.",
  main: async ({ data, quick }) => {
    if (data === null || !existsSync(join(data, "routing/routellm-evals")))
      return { figures: {}, skipped: "no routing/routellm-evals in the data folder" };
    return measure(openRoutellmRows(data), quick);
  },
});

async function measure(benchmarks: RoutellmRows, quick: boolean): Promise<BenchOutcome> {
  const figures: Record<string, number> = {};
  const tables: BenchTable[] = [];
  for (const benchmark of routellmBenchmarks) {
    const scored = await scoreRows(benchmarks, benchmark, { quick, seed });
    for (const row of scored) {
      if (row.key === null) continue;
      const key = `${row.key}_apgr`;
      figures[key] = row.apgr.value;
      figures[`${key}_low`] = row.apgr.low;
      figures[`${key}_high`] = row.apgr.high;
    }
    tables.push(tableOf(benchmark, benchmarks[benchmark].texts.length, scored));
  }
  return {
    figures,
    reference: {
      mmlu_best_arena: 0.524,
      mmlu_best_published: 0.603,
      gsm8k_best_published: 0.622,
      source: "arXiv 2406.18665v4",
    },
    tables,
    notes: [
      "`router` is what `signalbox train` fits: quality of both models, an ensemble of linear members and a hidden layer, stacked by held-out loss; it reads the prompt and nothing else. `structure` is its part without n-grams. Rows with *task means* also know the benchmark's own subject label, which a router in production has only where requests carry an app or endpoint; they are no competitors of prompt-only rows.",
      "In setting O the words of one benchmark say little about another: with n-grams the router scores lower there (row `router`) than on the structure alone. That was seen on these very rows, so read O as an upper view of what transfers. RouteLLM's Arena rows are its counterpart; its `+ gold` rows used 1,500 labelled MMLU validation questions, ours 1,500 of the test file, tested on the rest: comparable in size, not identical.",
      "APGR (all) uses every threshold and is what intervals are for; APGR (10 bins) and CPT are RouteLLM's own formulas, checked against an independent implementation (tests/models/metrics). MT-Bench has 72 prompts: its intervals are about +-.13 and no rank can be claimed.",
    ],
  };
}

function tableOf(benchmark: RoutellmBenchmark, rows: number, scored: readonly ScoredRow[]): BenchTable {
  const published = publishedRoutellmTable()
    .filter((row) => row.benchmark === benchmark)
    .map(({ training, router, cpt50, cpt80, apgr }) => ({
      apgr,
      cells: [
        `RouteLLM ${router}`,
        training,
        "published",
        apgr.toFixed(3),
        cpt50.toFixed(1),
        cpt80.toFixed(1),
      ],
    }));
  const ours = scored.map(({ name, setting, apgr, binned }) => ({
    apgr: apgr.value,
    cells: [
      name,
      setting,
      `${apgr.value.toFixed(3)} [${apgr.low.toFixed(3)}, ${apgr.high.toFixed(3)}]`,
      binned.apgr.toFixed(3),
      binned.cpt50.toFixed(1),
      binned.cpt80.toFixed(1),
    ],
  }));
  return {
    title: `${benchmark}, ${rows.toLocaleString("en-US")} prompts`,
    columns: ["router", "learnt from", "APGR (all)", "APGR (10 bins)", "CPT50", "CPT80"],
    rows: [...published, ...ours].sort((a, b) => b.apgr - a.apgr).map(({ cells }) => cells),
  };
}
