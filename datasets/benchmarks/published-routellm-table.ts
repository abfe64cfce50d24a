import type { RoutellmBenchmark } from "./pair-row.js";

/** One cell of RouteLLM's published table. */
interface PublishedRow {
  benchmark: RoutellmBenchmark;
  /** What the router learnt from: nothing, Chatbot Arena, or Arena with GPT-4 judgements or gold labels added. */
  training: "none" | "arena" | "arena + judge" | "arena + gold";
  router: string;
  /** Percent of calls to the strong model for 50 and 80 % of the gap. */
  cpt50: number;
  cpt80: number;
  apgr: number;
}

/** The figures that RouteLLM prints for gpt-4-1106-preview / Mixtral-8x7B-Instruct-v0.1. Its scores per prompt aren't public, so these
 * rows can be quoted but not computed again.
 * @see Ong et al. 2024, RouteLLM: Learning to Route LLMs with Preference Data, arXiv 2406.18665v4, tables 1-3 */
export function publishedRoutellmTable(): PublishedRow[] {
  return cells.map(([benchmark, training, router, cpt50, cpt80, apgr]) => ({
    benchmark,
    training,
    router,
    cpt50,
    cpt80,
    apgr,
  }));
}

type Cell = [RoutellmBenchmark, PublishedRow["training"], string, number, number, number];

const cells: readonly Cell[] = [
  ["mt-bench", "none", "random", 49.03, 78.08, 0.5],
  ["mt-bench", "arena", "BERT", 78.09, 87.64, 0.391],
  ["mt-bench", "arena", "causal LLM", 28.82, 77.53, 0.573],
  ["mt-bench", "arena", "matrix factorisation", 25.32, 74.26, 0.58],
  ["mt-bench", "arena", "SW ranking", 37.85, 58.99, 0.61],
  ["mt-bench", "arena + judge", "BERT", 19.58, 34.02, 0.751],
  ["mt-bench", "arena + judge", "causal LLM", 31.5, 48.75, 0.679],
  ["mt-bench", "arena + judge", "matrix factorisation", 13.4, 31.31, 0.802],
  ["mt-bench", "arena + judge", "SW ranking", 23.21, 36.04, 0.759],
  ["mmlu", "none", "random", 50.07, 79.93, 0.5],
  ["mmlu", "arena", "BERT", 49.43, 77.8, 0.502],
  ["mmlu", "arena", "causal LLM", 48.88, 77.93, 0.499],
  ["mmlu", "arena", "matrix factorisation", 45, 76.86, 0.524],
  ["mmlu", "arena", "SW ranking", 55.82, 80.25, 0.473],
  ["mmlu", "arena + gold", "BERT", 41.3, 72.2, 0.572],
  ["mmlu", "arena + gold", "causal LLM", 35.49, 70.31, 0.6],
  ["mmlu", "arena + gold", "matrix factorisation", 35.46, 71.4, 0.597],
  ["mmlu", "arena + gold", "SW ranking", 35.4, 71.55, 0.603],
  ["gsm8k", "none", "random", 50, 80.08, 0.497],
  ["gsm8k", "arena", "BERT", 58.78, 83.84, 0.438],
  ["gsm8k", "arena", "causal LLM", 56.09, 83.56, 0.461],
  ["gsm8k", "arena", "matrix factorisation", 53.59, 85.24, 0.4746],
  ["gsm8k", "arena", "SW ranking", 54.43, 82.11, 0.4753],
  ["gsm8k", "arena + judge", "BERT", 44.76, 79.09, 0.531],
  ["gsm8k", "arena + judge", "causal LLM", 33.64, 63.26, 0.622],
  ["gsm8k", "arena + judge", "matrix factorisation", 38.82, 72.62, 0.565],
  ["gsm8k", "arena + judge", "SW ranking", 41.21, 72.2, 0.568],
];
