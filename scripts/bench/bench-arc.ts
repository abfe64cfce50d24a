import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRouterbenchArc } from "../../datasets/benchmarks/read-routerbench-arc.js";
import { ensemblePolicy } from "../../models/policies/ensemble-policy.js";
import { knnPolicy } from "../../models/policies/knn-policy.js";
import { ngramPolicy } from "../../models/policies/linear-policies.js";
import { linUcbPolicy } from "../../models/policies/linucb-policy.js";
import { makePolicyRows } from "../../models/policies/make-policy-rows.js";
import { type Policy, type PolicyRows, selectPolicyRows } from "../../models/policies/policy.js";
import { routerPolicy } from "../../models/policies/router-policy.js";
import {
  bestSinglePolicy,
  lengthPolicy,
  oraclePolicy,
  randomPolicy,
  rulesPolicy,
} from "../../models/policies/simple-policies.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { forecastRuns } from "./bench-arc-runs.js";
import { type ArcRun, aiqTable, arenaTable, gainsTable, modelTable, pairTable } from "./bench-arc-tables.js";

const seed = 1;

await runBench({
  name: "arc",
  title: "Routing between eleven models",
  about:
    "RouterBench's ARC-Challenge questions (zero-shot outcomes and real costs of eleven models of 2023, RouterDC's split: 1,019 train, 437 test). Every strategy learns on the train rows and routes the test rows by expected quality minus the price of money times the model's mean cost on train rows, over all prices. A router is worth something only if its AIQ is above the Zero router's, which mixes single models at random.",
  main: async ({ data, quick }) => {
    if (data === null || !existsSync(join(data, "routing/routerbench-arc")))
      return { figures: {}, skipped: "no routing/routerbench-arc in the data folder" };
    return measure(data, quick);
  },
});

async function measure(data: string, quick: boolean): Promise<BenchOutcome> {
  const { models, rows } = arcRows(data, "train");
  const train = quick
    ? selectPolicyRows(
        rows,
        Int32Array.from({ length: 300 }, (_, row) => 3 * row),
      )
    : rows;
  const { rows: test } = arcRows(data, "test");
  const runs = await forecastRuns(policies(test), train, test, seed);
  const arc: ArcRun = { models, train, test, runs, replicates: quick ? 50 : 400, seed };
  const aiq = aiqTable(arc);
  return {
    figures: aiq.figures,
    tables: [aiq.table, modelTable(arc), arenaTable(arc), gainsTable(arc), pairTable(arc)],
    notes: [
      "Intervals: 95 %, percentile bootstrap of test rows; differences are paired. RouterBench takes the hull over a router's points on the test rows themselves, which picks the luckiest of many settings: even `random` then beats the Zero router. The next column picks nothing: it goes along all settings in the order of their cost, dips included, and `zero` there mixes the single models that training rows call worth having. Judge by the last column. `oracle` knows the outcomes.",
      "Accuracies are of one run of each model; with 437 rows a difference of two points is within chance. Costs are RouterBench's for 2023 prices. The five worked examples that precede every question are left out of what routers read.",
    ],
  };
}

function arcRows(data: string, split: "train" | "test"): { models: string[]; rows: PolicyRows } {
  const rows = readRouterbenchArc(data, split);
  const models = Object.keys(rows[0]!.models);
  return {
    models,
    rows: makePolicyRows(
      rows.map((row) => ({
        prompt: row.prompt,
        group: "arc-challenge",
        quality: models.map((model) => row.models[model]!.correct),
        usd: models.map((model) => row.models[model]!.cost_usd),
      })),
    ),
  };
}

/** Task means are missing: this data has one task. */
function policies(test: PolicyRows): Policy[] {
  const learners = [knnPolicy(), ngramPolicy];
  return [
    routerPolicy,
    ngramPolicy,
    knnPolicy(),
    linUcbPolicy(),
    ensemblePolicy(learners, "mean"),
    ensemblePolicy(learners, "rank"),
    ensemblePolicy(learners, "stack"),
    lengthPolicy,
    rulesPolicy,
    randomPolicy,
    bestSinglePolicy,
    oraclePolicy(test),
  ];
}
