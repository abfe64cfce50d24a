import { readdirSync } from "node:fs";
import { benchmarkPath, readBenchmarkCsv, readBenchmarkLines } from "./benchmark-file.js";
import type { PairRow, RoutellmBenchmark } from "./pair-row.js";

const folder = "routing/routellm-evals/routellm/evals";
const strongModel = "gpt-4-1106-preview";
const weakModel = "mistralai/Mixtral-8x7B-Instruct-v0.1";

/** Read the rows on which RouteLLM's table is computed: GPT-4 and Mixtral 8x7B on MMLU (14,037 rows), GSM8K (1,307) or MT-Bench
 * (72). Prompts that RouteLLM found in its own training data are left out by exact text, as its code does; duplicates stay.
 * Quality is 0 or 1; on MT-Bench it is a tenth of the judge's mean score over both turns, while the router sees turn one.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if a file of it is damaged
 * @see lm-sys/RouteLLM, routellm/evals/benchmarks.py */
export function readRoutellmEvals(data: string, benchmark: RoutellmBenchmark): PairRow[] {
  return readers[benchmark](data);
}

const readers: Record<RoutellmBenchmark, (data: string) => PairRow[]> = {
  mmlu: readMmlu,
  gsm8k: (data) => clean(data, "gsm8k", readAnswers(data, "gsm8k/gsm8k_responses.csv", "gsm8k")),
  "mt-bench": readMtBench,
};

function readMmlu(data: string): PairRow[] {
  const subjects = readdirSync(benchmarkPath(data, `${folder}/mmlu/responses`))
    .flatMap((name) => /^mmlu_(.+)\.csv$/.exec(name)?.[1] ?? [])
    .sort();
  const rows = subjects.flatMap((subject) =>
    readAnswers(data, `mmlu/responses/mmlu_${subject}.csv`, subject),
  );
  return clean(data, "mmlu", rows);
}

function readAnswers(data: string, path: string, group: string): PairRow[] {
  return readBenchmarkCsv(data, `${folder}/${path}`).map((row) => ({
    prompt: row.prompt!,
    group,
    weak: Number(row[weakModel] === "True"),
    strong: Number(row[strongModel] === "True"),
  }));
}

function clean(data: string, name: string, rows: readonly PairRow[]): PairRow[] {
  const contaminated = contaminatedPrompts(data, name);
  return rows.filter(({ prompt }) => !contaminated.has(prompt));
}

function contaminatedPrompts(data: string, name: string): Set<string> {
  return new Set(
    readBenchmarkLines(data, `${folder}/${name}/contaminated_prompts.jsonl`, ({ eval_prompt }) =>
      String(eval_prompt),
    ),
  );
}

/** A question counts as contaminated if either of its turns does. */
function readMtBench(data: string): PairRow[] {
  const scores = new Map<string, number[]>();
  readBenchmarkLines(data, `${folder}/mt_bench/judgements.jsonl`, ({ question_id, model, score }) => {
    const key = `${question_id} ${model}`;
    scores.set(key, [...(scores.get(key) ?? []), Number(score)]);
  });
  const meanTenth = (question: number, model: string) => {
    const given = scores.get(`${question} ${model}`);
    if (!given) throw new Error(`no judgement of ${model} on question ${question}`);
    return given.reduce((sum, score) => sum + score, 0) / given.length / 10;
  };
  const contaminated = contaminatedPrompts(data, "mt_bench");
  return readBenchmarkLines(data, `${folder}/mt_bench/question.jsonl`, (question) => question)
    .filter(({ turns }) => !turns.some((turn: string) => contaminated.has(turn)))
    .map(({ question_id, category, turns }) => ({
      prompt: turns[0],
      group: category,
      weak: meanTenth(question_id, weakModel),
      strong: meanTenth(question_id, strongModel),
    }));
}
