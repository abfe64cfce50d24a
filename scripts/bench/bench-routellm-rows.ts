import type { RoutellmBenchmark } from "../../datasets/benchmarks/pair-row.js";
import { readBaselineScores } from "../../datasets/benchmarks/read-baseline-scores.js";
import { readRoutellmEvals } from "../../datasets/benchmarks/read-routellm-evals.js";
import { makePolicyRows } from "../../models/policies/make-policy-rows.js";
import type { PolicyRows } from "../../models/policies/policy.js";
import { groupRows } from "../../models/split.js";

/** One benchmark's prompts with the quality of the weak (first) and the strong model. */
export interface BenchmarkRows extends PolicyRows {
  /** Prompts with the same text share a number. */
  twins: Int32Array;
  /** Need scores of routers that others wrote, by name; none where their file is absent. */
  others: Record<string, Float64Array>;
}

/** All three benchmarks. */
export type RoutellmRows = Record<RoutellmBenchmark, BenchmarkRows>;

/** Read and featurise the benchmarks. */
export function openRoutellmRows(data: string): RoutellmRows {
  const open = (benchmark: RoutellmBenchmark): BenchmarkRows => {
    const rows = readRoutellmEvals(data, benchmark);
    const baselines = readBaselineScores(data, benchmark);
    return {
      ...makePolicyRows(
        rows.map(({ prompt, group, weak, strong }) => ({
          prompt,
          group,
          quality: [weak, strong],
          usd: [weakUsdPerMtok, strongUsdPerMtok],
        })),
      ),
      twins: groupRows(
        rows.map(() => null),
        rows.map(({ prompt }) => prompt),
      ),
      others: {
        "LiteLLM complexity rules": Float64Array.from(baselines, (row) => row.score_litellm_rules),
        "ClawRouter rules": Float64Array.from(baselines, (row) => row.score_clawrouter),
      },
    };
  };
  return { mmlu: open("mmlu"), gsm8k: open("gsm8k"), "mt-bench": open("mt-bench") };
}

/** The pair's prices in RouteLLM's paper, USD per million tokens. */
const weakUsdPerMtok = 0.24;
const strongUsdPerMtok = 24.7;
