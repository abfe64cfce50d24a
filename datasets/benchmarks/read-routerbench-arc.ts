import { DataError } from "../errors.js";
import { readBenchmarkCsv } from "./benchmark-file.js";

/** One ARC-Challenge question with what eleven models made of it, at real prices. */
interface RouterbenchRow {
  /** The question itself: the five worked examples that precede every one are left out. */
  prompt: string;
  models: Record<string, { correct: 0 | 1; cost_usd: number }>;
}

/** Read RouterBench's zero-shot ARC-Challenge outcomes in RouterDC's split: 1,019 train and 437 test rows. Rows with an empty
 * cell are left out (20 and 8), so every row has all eleven models.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see Hu et al. 2024, RouterBench, arXiv 2403.12031; shuhao02/RouterDC, datasets/routerbench_zs */
export function readRouterbenchArc(data: string, split: "train" | "test"): RouterbenchRow[] {
  const path = `routing/routerbench-arc/arc_challenge_${split}.csv`;
  const rows = readBenchmarkCsv(data, path);
  const models = Object.keys(rows[0] ?? {}).flatMap((name) =>
    name.endsWith(costSuffix) ? name.slice(0, -costSuffix.length) : [],
  );
  if (models.length === 0)
    throw new DataError(`${path}: no column ends in ${costSuffix}; get the published file anew`);
  return rows
    .filter((row) => Object.values(row).every((cell) => cell !== null))
    .map((row) => ({
      prompt: lastQuestion(row.prompt!),
      models: Object.fromEntries(
        models.map((model) => [
          model,
          { correct: row[model] === "1.0" ? 1 : 0, cost_usd: Number(row[model + costSuffix]) },
        ]),
      ),
    }));
}

const costSuffix = "|total_cost";

/** @param list a Python list with one string, as `repr` writes it: examples and question, blank lines between them */
function lastQuestion(list: string): string {
  const question = list.trim().slice(2, -2).split("\\n\\n").at(-1)!;
  return question.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex: string | undefined, char: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (pythonEscapes[char] ?? char),
  );
}

const pythonEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
