import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chooseModel,
  compilePolicy,
  type Estimate,
  featurise,
  type Policy,
  Reason,
  readRequest,
} from "@signalbox/runtime";
import type { ConfounderReport } from "../../datasets/model-evidence.js";
import type { ModelResult } from "../../datasets/results.js";
import { openOrCreateWorkspace, openTables, readResult } from "../../datasets/workspace.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { fitRouter } from "../../models/fit-router.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { planSplit } from "../../models/plan-split.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { groupRows } from "../../models/split.js";
import { certifyRetention } from "../../models/thresholds/certify-retention.js";
import { defaultBudgets, measureConfounders } from "../../pipelines/export/measure-confounders.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { chooseModels } from "../../pipelines/train/choose-models.js";
import { headTargets } from "../../pipelines/train/head-targets.js";
import { heldOutMetrics } from "../../pipelines/train/held-out-metrics.js";
import { heldOutRows } from "../../pipelines/train/held-out-rows.js";
import { readTrainedModel } from "../../pipelines/train/model-files.js";
import { readTrainingItems } from "../../pipelines/train/read-training-items.js";
import { train } from "../../pipelines/train/train.js";
import { type BenchOutcome, runBench } from "./bench.js";

const ladders = ["openai-2tier", "gemini15-2tier"] as const;
const trainingRows = 3_500;
const retention = 0.95;
const seed = 1;

await runBench({
  name: "robustness",
  title: "What sways a router, and what strange requests it notices",
  about:
    "Routers trained on two public price ladders (MMLU-Pro, GSM8K, MATH level 5, CRUX), at most 3,500 training rows each, for a retention of 95 %. The export gate is run on 400 requests that were trained on and on all dev requests, up to 400, which were not. *As is* is the same router fitted to dense features that aren't clamped to the central 95 %.",
  main: async ({ data, quick }) => {
    const folder = join(data ?? "", "routing/mixed");
    if (data === null || !existsSync(folder))
      return { figures: {}, skipped: "no routing/mixed in the data folder" };
    const runs: LadderRun[] = [];
    for (const ladder of quick ? ladders.slice(0, 1) : ladders) runs.push(await runLadder(folder, ladder));
    return outcomeOf(runs);
  },
});

interface LadderRow {
  id: string;
  split: string;
  prompt: string;
  models: Record<string, { correct: number; est_cost_usd: number }>;
}

/** One router on one set of requests. */
interface LadderRun {
  ladder: string;
  metrics: { clamped: ModelResult["metrics"]; asIs: ModelResult["metrics"] };
  onTrain: ConfounderReport;
  onDev: ConfounderReport;
  asIsOnDev: ConfounderReport;
  falseAlarms: Estimate;
  devFlagged: { flagged: number; rows: number };
  planted: NonNullable<ModelResult["distribution"]>["planted"];
}

async function runLadder(folder: string, ladder: string): Promise<LadderRun> {
  const rows = readFileSync(join(folder, `${ladder}.jsonl`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LadderRow);
  const trained = spread(
    rows.filter(({ split }) => split === "train"),
    trainingRows,
  );
  const dev = rows.filter(({ split }) => split === "dev");
  const root = mkdtempSync(join(tmpdir(), "signalbox-robustness-"));
  try {
    const file = join(root, "outcomes.jsonl");
    writeFileSync(file, trained.map((row) => `${JSON.stringify(outcomeLine(row))}\n`).join(""));
    const workspace = openOrCreateWorkspace(join(root, "workspace"));
    await importOutcomes(workspace, file);
    await train(workspace, { retention, seed });
    const result = readResult<ModelResult>(workspace, "model")!;
    const { weights, policy } = readTrainedModel(workspace);
    const engine = await openTables(workspace);
    const asIs = await fitAsIs(await readTrainingItems(engine), policy);
    engine.close();
    const gate = (router: { weights: RouterWeights; policy: Policy }, on: readonly LadderRow[]) =>
      measureConfounders(
        {
          requests: on.map(({ prompt }, cluster) => ({ read: readRequest({ prompt }), cluster })),
          source: "",
          isSeen: false,
        },
        { onnx: encodeOnnx(router.weights), policy: router.policy, heads: router.weights.heads },
        defaultBudgets,
        seed,
      );
    return {
      ladder,
      metrics: { clamped: result.metrics, asIs: asIs.metrics },
      onTrain: gate({ weights, policy }, spread(trained, 400)),
      onDev: gate({ weights, policy }, spread(dev, 400)),
      asIsOnDev: gate(asIs, spread(dev, 400)),
      falseAlarms: result.distribution!.false_alarms,
      devFlagged: {
        flagged: dev.filter(({ prompt }) => isStrange(prompt, policy, weights)).length,
        rows: dev.length,
      },
      planted: result.distribution!.planted,
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function outcomeLine({ id, prompt, models }: LadderRow) {
  const outcomes = Object.entries(models).map(([model, { correct, est_cost_usd }]) => [
    model,
    { quality: correct, cost_usd: est_cost_usd },
  ]);
  return { id, prompt, outcomes: Object.fromEntries(outcomes) as Record<string, unknown> };
}

/** Evenly spaced rows: the files are in the order of their benchmarks. */
function spread<T>(rows: readonly T[], count: number): T[] {
  const kept = Math.min(count, rows.length);
  return Array.from({ length: kept }, (_, i) => rows[Math.floor((i * rows.length) / kept)]!);
}

/** The same training on features that aren't clamped. */
async function fitAsIs({ items }: Awaited<ReturnType<typeof readTrainingItems>>, policy: Policy) {
  const choice = chooseModels(items, {});
  const targets = headTargets(items, choice);
  const matrix = featureMatrix(items.map(({ request }) => request));
  const groups = groupRows(
    items.map(() => null),
    items.map(({ text }) => text),
  );
  const plan = planSplit(
    groups,
    items.map(() => null),
    seed,
  );
  const fitted = await fitRouter(matrix, targets, groups, plan, { seed });
  const flags = items.map(() => false);
  const heldOut = heldOutRows({ items, groups, choice, targets, fitted, stakes: null, flags });
  const { threshold } = certifyRetention(heldOut, { retention, confidence: 0.95 });
  const thresholds = Object.fromEntries(
    choice.candidates.map(({ model }) => [
      model,
      { min_sufficiency: threshold, retention_low: null, n: items.length, note: "" },
    ]),
  );
  const unclamped = { ...policy, thresholds, dense_range: undefined };
  return { weights: fitted.weights, policy: unclamped, metrics: heldOutMetrics(heldOut, threshold, seed) };
}

function isStrange(prompt: string, policy: Policy, { heads }: RouterWeights): boolean {
  const input = {
    read: readRequest({ prompt }),
    features: featurise({ prompt }),
    probabilities: new Float64Array(heads.length),
  };
  return chooseModel(compilePolicy(policy, heads), input).reasons[0]!.startsWith(Reason.outOfDistribution);
}

function outcomeOf(runs: readonly LadderRun[]): BenchOutcome {
  const worst = (report: ConfounderReport) =>
    Math.max(
      ...report.families
        .filter(({ family }) => family !== "searched_prefix")
        .map(({ to_cheaper }) => to_cheaper?.value ?? 0),
    );
  const searched = (report: ConfounderReport) => report.families.at(-1)!.to_cheaper?.value ?? 0;
  return {
    figures: Object.fromEntries(
      runs.flatMap(({ ladder, onDev, asIsOnDev }) => [
        [`${ladder}_worst_flip`, worst(onDev)],
        [`${ladder}_worst_flip_as_is`, worst(asIsOnDev)],
        [`${ladder}_searched_flip`, searched(onDev)],
        [`${ladder}_searched_flip_as_is`, searched(asIsOnDev)],
      ]),
    ),
    tables: [
      ...runs.map(({ ladder, onTrain, onDev, asIsOnDev }) => ({
        title: `${ladder}: moved to a cheaper model, %`,
        columns: ["change", "dev, as is", "dev", "trained on", "dev: to a dearer one"],
        rows: onDev.families.map(({ family, to_cheaper, to_dearer }, i) => [
          family,
          share(asIsOnDev.families[i]!.to_cheaper),
          share(to_cheaper),
          share(onTrain.families[i]!.to_cheaper),
          share(to_dearer),
        ]),
      })),
      {
        title: "What clamping costs",
        columns: ["ladder", "features", "APGR", "saving, %", "retention, %"],
        rows: runs.flatMap(({ ladder, metrics }) =>
          (["asIs", "clamped"] as const).map((kind) => [
            ladder,
            kind === "asIs" ? "as is" : "clamped",
            plain(metrics[kind].apgr!),
            share(metrics[kind].cost_saving!),
            share(metrics[kind].retention!),
          ]),
        ),
      },
      {
        title: "Out of distribution, % flagged",
        columns: ["ladder", "held-out rows", "dev rows", ...runs[0]!.planted.map(({ set }) => set)],
        rows: runs.map(({ ladder, falseAlarms, devFlagged, planted }) => [
          ladder,
          share(falseAlarms),
          `${((100 * devFlagged.flagged) / devFlagged.rows).toFixed(1)} of ${devFlagged.rows}`,
          ...planted.map(({ flagged }) => share(flagged)),
        ]),
      },
    ],
    notes: [
      "Shares are of the requests that the cheapest model doesn't answer (last column: that the dearest doesn't), with 95 % intervals. Each family's most harmful wording counts. The searched prefix is found on 24 requests and measured on the others.",
      "Names in prompts become pseudonyms that are salted per workspace, so features differ a little in each run: figures move by a point or two.",
      "Both ladders ask exam questions in English, some with source code and with characters of other scripts in them; what training holds is rightly not flagged.",
    ],
  };
}

function share(estimate: Estimate | null): string {
  if (estimate === null) return "-";
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${percent(estimate.value)} [${percent(estimate.low)}, ${percent(estimate.high)}]`;
}

function plain({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
