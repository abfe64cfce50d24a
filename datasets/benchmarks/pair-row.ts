/** One prompt of a two-model benchmark with the quality of both models' answers. */
export interface PairRow {
  prompt: string;
  /** Subject or category, as the benchmark names it. */
  group: string;
  /** Quality of the weak model's answer, 0 to 1. */
  weak: number;
  /** Quality of the strong model's answer, 0 to 1. */
  strong: number;
}

/** The benchmarks of RouteLLM's published table. */
export const routellmBenchmarks = ["mmlu", "gsm8k", "mt-bench"] as const;
export type RoutellmBenchmark = (typeof routellmBenchmarks)[number];
