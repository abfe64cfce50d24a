import { readBenchmarkLines } from "./benchmark-file.js";

/** One MMLU-Pro question with what many models made of it. */
interface MmluProRow {
  id: number;
  /** Category, such as business. */
  group: string;
  /** Where the question comes from: ori_mmlu-SUBJECT, stemez-..., theoremQA-... or scibench-... */
  src: string;
  /** Taken over from MMLU, so perhaps in RouteLLM's MMLU rows too: not to be trained on when those are reported. */
  is_mmlu: boolean;
  /** Question, lettered options, `Answer:`. */
  prompt: string;
  /** Models that have no result for this row are absent. */
  models: Record<string, MmluProAnswer>;
}

interface MmluProAnswer {
  correct: 0 | 1;
  out_chars: number;
  /** false = no answer letter was found in the text, which counts as wrong. */
  is_parsed: boolean;
}

/** Read the outcomes of MMLU-Pro's published runs.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see TIGER-AI-Lab/MMLU-Pro, eval_results */
export function readMmluPro(data: string): MmluProRow[] {
  return readBenchmarkLines(
    data,
    "routing/mmlu-pro/matrix.jsonl",
    ({ id, group, src, prompt, models }): MmluProRow => ({
      id,
      group,
      src,
      is_mmlu: src.startsWith("ori_mmlu"),
      prompt,
      models: Object.fromEntries(
        Object.entries<[0 | 1, number, 0 | 1]>(models).map(([model, [correct, out_chars, parsed]]) => [
          model,
          { correct, out_chars, is_parsed: parsed === 1 },
        ]),
      ),
    }),
  );
}
