import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMmluPro } from "../../datasets/benchmarks/read-mmlu-pro.js";
import { createRandom } from "../../datasets/random.js";
import { openOrCreateWorkspace, openWorkspace, type Workspace } from "../../datasets/workspace.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { apgr } from "../../models/metrics/apgr.js";
import { clampMatrix } from "../../models/robustness/dense-range.js";
import { headProbabilities, routerLogits } from "../../models/router-logits.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { addModel } from "../../pipelines/train/add-model.js";
import { readTrainedModel } from "../../pipelines/train/model-files.js";
import { train } from "../../pipelines/train/train.js";
import { type BenchOutcome, type BenchTable, runBench } from "./bench.js";

const seed = 1;
const strong = "gemini-1.5-pro-002";
const known = ["Meta-Llama-3_1-8B-Instruct", "gemini-1.5-flash-002"];
/** Models that the router doesn't know, weaker, between and near the known ones. */
const newModels = ["Phi-3-mini-4k-instruct", "Qwen1.5-72B-Chat", "Meta-Llama-3_1-70B-Instruct"];
/** The data have no costs. These only put the models in order of their accuracy, so that none is dominated. */
const standInUsd: Readonly<Record<string, number>> = {
  "Phi-3-mini-4k-instruct": 1,
  "Meta-Llama-3_1-8B-Instruct": 2,
  "Qwen1.5-72B-Chat": 3,
  "Meta-Llama-3_1-70B-Instruct": 4,
  "gemini-1.5-flash-002": 5,
  [strong]: 6,
};

interface Size {
  train: number;
  test: number;
  labels: readonly number[];
  draws: number;
}

await runBench({
  name: "add-model",
  title: "Adding a model to a trained router from few labels",
  about: `MMLU-Pro's published runs. A router is trained on 3,000 questions for ${known.join(", ")} and the strong ${strong}; then a model is added from n of those questions' labels with \`train --add-model\`. APGR between the added and the strong model on 2,000 other questions, against a router that is trained again with all 3,000 labels of the added model.`,
  main: async ({ data, quick }) => {
    if (data === null || !existsSync(join(data, "routing/mmlu-pro")))
      return { figures: {}, skipped: "no routing/mmlu-pro in the data folder" };
    return measure(
      data,
      quick
        ? { train: 600, test: 500, labels: [50, 200], draws: 1 }
        : { train: 3_000, test: 2_000, labels: [50, 100, 200, 500, 1_500], draws: 3 },
    );
  },
});

type Question = ReturnType<typeof readMmluPro>[number];

async function measure(data: string, size: Size): Promise<BenchOutcome> {
  const all = readMmluPro(data).filter(({ models }) => Object.keys(standInUsd).every((name) => models[name]));
  const rows = createRandom(seed).shuffle([...all]);
  const [seen, test] = [rows.slice(0, size.train), rows.slice(size.train, size.train + size.test)];
  const root = mkdtempSync(join(tmpdir(), "signalbox-add-model-"));
  try {
    const trunk = await trainOn(join(root, "trunk"), seen, [...known, strong]);
    const tables: BenchTable[] = [];
    const figures: Record<string, number> = {};
    for (const model of newModels) {
      const { table, gap } = await measureModel({ root, trunk, model, seen, test, size });
      tables.push(table);
      figures[`gap_200_labels_${model}`] = gap;
    }
    return {
      figures,
      tables,
      notes: [
        `Means over ${size.draws} draws of the labels; intervals are 95 %, bootstrap of the test questions, and differences are paired. *0* ranks by the sufficiency of ${known[0]}, which is what the router knew before. From 1,000 labels on, n-grams are read too. Costs are stand-ins that only order the models, so no threshold is reported.`,
      ],
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureModel({
  root,
  trunk,
  model,
  seen,
  test,
  size,
}: {
  root: string;
  trunk: Workspace;
  model: string;
  seen: readonly Question[];
  test: readonly Question[];
  size: Size;
}): Promise<{ table: BenchTable; gap: number }> {
  const again = await trainOn(join(root, `again-${model}`), seen, [...known, model, strong]);
  const reference = needOf(again, model, test);
  const compare = comparison(test, model, reference);
  const rows: string[][] = [["0", ...compare([needOf(trunk, known[0]!, test)]).cells]];
  let gap = Number.NaN;
  for (const labels of size.labels) {
    const needs: Float64Array[] = [];
    for (let draw = 0; draw < size.draws; draw++) {
      const chosen = new Set(
        createRandom(100 + draw)
          .shuffle(Int32Array.from(seen.keys()))
          .subarray(0, labels),
      );
      const folder = join(root, `added-${model}-${labels}-${draw}`);
      cpSync(trunk.path, folder, { recursive: true });
      const workspace = openWorkspace(folder);
      await importQuestions(workspace, join(root, "trunk.jsonl"), seen, (row) => [
        ...known,
        strong,
        ...(chosen.has(row) ? [model] : []),
      ]);
      await addModel(workspace, model, { seed });
      needs.push(needOf(workspace, model, test));
      rmSync(folder, { recursive: true, force: true });
    }
    const result = compare(needs);
    if (labels === 200) gap = result.difference;
    rows.push([labels.toLocaleString("en-US"), ...result.cells]);
  }
  rows.push([`trained again, ${seen.length.toLocaleString("en-US")}`, ...compare([reference]).cells]);
  return { table: { title: model, columns: ["labels", "APGR", "less than trained again"], rows }, gap };
}

/** APGR on the test questions, mean over draws, and what it falls short of the reference by. */
function comparison(test: readonly Question[], model: string, reference: Float64Array) {
  const quality = (name: string) => Float64Array.from(test, ({ models }) => models[name]!.correct);
  const [weak, best] = [quality(model), quality(strong)];
  const clusters = Int32Array.from(test.keys());
  return (needs: readonly Float64Array[]): { cells: string[]; difference: number } => {
    const mean = (counts: Float64Array) =>
      needs.reduce((sum, scores) => sum + apgr({ scores, weak, strong: best }, counts), 0) / needs.length;
    const own = clusterBootstrap({ clusters, statistic: mean, replicates: 200, seed });
    const less = clusterBootstrap({
      clusters,
      statistic: (counts) => apgr({ scores: reference, weak, strong: best }, counts) - mean(counts),
      replicates: 200,
      seed,
    });
    const text = ({ value, low, high }: { value: number; low: number; high: number }) =>
      `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
    return { cells: [text(own), text(less)], difference: less.value };
  };
}

/** Need of the strong model by a router's sufficiency head for a model. */
function needOf(workspace: Workspace, model: string, test: readonly Question[]): Float64Array {
  const { weights, policy } = readTrainedModel(workspace);
  const matrix = clampMatrix(featureMatrix(test.map(({ prompt }) => ({ prompt }))), policy.dense_range!);
  const head = weights.heads.findIndex((other) => other.kind === "sufficiency" && other.model === model);
  return headProbabilities(weights, routerLogits(weights, matrix))[head]!.map((p) => 1 - p);
}

async function trainOn(
  path: string,
  questions: readonly Question[],
  models: readonly string[],
): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(path);
  await importQuestions(workspace, `${path}.jsonl`, questions, () => models);
  await train(workspace, { strong, seed });
  return workspace;
}

async function importQuestions(
  workspace: Workspace,
  file: string,
  questions: readonly Question[],
  modelsOf: (row: number) => readonly string[],
): Promise<void> {
  const lines = questions.map(({ id, prompt, models }, row) => {
    const outcomes = modelsOf(row).map((name) => [
      name,
      { quality: models[name]!.correct, cost_usd: standInUsd[name] },
    ]);
    return `${JSON.stringify({ id: String(id), prompt, outcomes: Object.fromEntries(outcomes) as object })}\n`;
  });
  writeFileSync(file, lines.join(""));
  await importOutcomes(workspace, file);
}
