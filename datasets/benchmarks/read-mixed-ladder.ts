import { readBenchmarkLines } from "./benchmark-file.js";

/** Price ladders: models of one vendor that answered the same prompts. */
export const ladders = {
  llama: "llama31-8b-70b",
  gemini: "gemini15-2tier",
  openai: "openai-2tier",
  anthropic: "anthropic-4tier",
} as const;
export type Ladder = keyof typeof ladders;

/** One prompt with what every model of the ladder made of it. */
export interface LadderRow {
  id: string;
  /** Task: mmlu-pro/CATEGORY, gsm, math-l5 or crux. */
  group: string;
  split: "train" | "dev" | "test";
  /** The prompt is also in RouteLLM's MMLU or GSM8K rows: not to be trained on when those are reported. */
  in_routellm_eval: boolean;
  prompt: string;
  models: Record<string, LadderAnswer>;
}

interface LadderAnswer {
  correct: 0 | 1;
  out_chars: number;
  /** Characters / 4 at 2024 list prices; an estimate. */
  est_cost_usd: number;
}

/** Read a price ladder of MMLU-Pro and ZeroEval outcomes. Splits are by hash of the prompt; a file may lack some.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged */
export function readMixedLadder(data: string, ladder: Ladder): LadderRow[] {
  return readBenchmarkLines(data, `routing/mixed/${ladders[ladder]}.jsonl`, (row): LadderRow => row);
}
