import { readBenchmarkLines } from "./benchmark-file.js";
import type { PairRow, RoutellmBenchmark } from "./pair-row.js";

/** A row of RouteLLM's benchmarks with the scores that three routers without training give it; higher = send to the strong
 * model. */
interface BaselineScoreRow extends PairRow {
  /** Characters of the prompt. */
  score_length: number;
  /** LiteLLM's complexity rules. */
  score_litellm_rules: number;
  /** ClawRouter's rules. */
  score_clawrouter: number;
}

/** Read the same rows as `readRoutellmEvals`, in the same order, beside the scores of other routers on them.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged */
export function readBaselineScores(data: string, benchmark: RoutellmBenchmark): BaselineScoreRow[] {
  const full = benchmark === "mt-bench" ? 10 : 100;
  const rows = readBenchmarkLines(data, `routing/baselines/${benchmark}.jsonl`, (row) => ({
    prompt: row.prompt,
    group: row.group,
    weak: row.weak / full,
    strong: row.strong / full,
    score_length: row.score_length,
    score_litellm_rules: row.score_litellm_rules,
    score_clawrouter: row.score_clawrouter,
  }));
  // The file keeps upstream's order of subjects; within a subject both have the order of its CSV.
  if (benchmark === "mmlu") rows.sort((a, b) => Number(a.group > b.group) - Number(a.group < b.group));
  return rows;
}
