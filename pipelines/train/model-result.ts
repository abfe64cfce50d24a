import type { Policy } from "@signalbox/runtime";
import type { ModelResult } from "../../datasets/results.js";
import { leastRowsForGrid } from "../../models/classifier/fit-members.js";
import type { FittedRouter } from "../../models/fit-router.js";
import { reliabilityBins } from "../../models/metrics/calibration-metrics.js";
import type { SplitPlan } from "../../models/plan-split.js";
import { type Certification, candidateAt } from "../../models/thresholds/certify-retention.js";
import type { BaselineNeeds } from "./baseline-needs.js";
import type { ModelChoice, ModelFacts } from "./choose-models.js";
import { heldOutMetrics } from "./held-out-metrics.js";
import type { HeldOut } from "./held-out-rows.js";
import { baselineNotes, heldOutStrategies } from "./held-out-strategies.js";
import type { TrainingData } from "./read-training-items.js";

/** Most points that the frontier keeps: enough to draw, few enough to read. */
const frontierPoints = 60;

/** results/model.json of a trained router; the artifact's fields stay null until export. */
export function modelResult({
  data,
  choice,
  plan,
  fitted,
  heldOut,
  needs,
  certification,
  policy,
  evidence,
  seed,
}: {
  data: TrainingData;
  choice: ModelChoice;
  plan: SplitPlan;
  fitted: FittedRouter;
  heldOut: HeldOut;
  needs: BaselineNeeds;
  certification: Certification;
  policy: Policy;
  evidence: Pick<ModelResult, "weights" | "dial" | "slices" | "calibration" | "distribution">;
  seed: number;
}): ModelResult {
  const strategies = heldOutStrategies(heldOut, choice, certification.threshold, needs);
  return {
    schema_version: 1,
    artifact_id: null,
    artifact_path: null,
    strong_model: choice.strong.model,
    candidates: describeModels(choice),
    rows: countRows(plan),
    split: plan.about,
    label_sources: data.labelSources,
    is_simulated: data.isSimulated,
    retention_target: policy.retention_target,
    metrics: heldOutMetrics(heldOut, certification.threshold, seed),
    reliability: choice.candidates.map(({ model }, c) => ({
      model,
      bins: reliabilityBins(heldOut.crossCalibrated[c]!, heldOut.targets[c]!),
    })),
    frontier: frontierOf(heldOut, certification),
    heldout: {
      n: heldOut.strongQuality.length,
      sessions: new Set(heldOut.clusters).size,
      strategies,
    },
    ...evidence,
    confounders: null,
    notes: [...notesOf(choice, policy, fitted, data), ...baselineNotes(strategies)],
  };
}

function describeModels({ strong, candidates, excluded }: ModelChoice): ModelResult["candidates"] {
  const line = (facts: ModelFacts, status: string) => ({
    model: facts.model,
    mean_quality: facts.meanQuality,
    mean_cost_usd: facts.meanCostUsd,
    cost_source: facts.costSource,
    status,
  });
  return [
    ...candidates.map((facts) => line(facts, "candidate")),
    line(strong, "strong"),
    ...excluded.flatMap(({ facts, reason }) => (facts ? [line(facts, `excluded: ${reason}`)] : [])),
  ];
}

/** In cross-fitting every row serves all three purposes, each time without itself. */
function countRows({ kind, parts }: SplitPlan): ModelResult["rows"] {
  const count = (part: number) => parts.filter((other) => other === part).length;
  return kind === "holdout"
    ? { train: count(0), calibration: count(1), threshold: count(2) }
    : { train: parts.length, calibration: parts.length, threshold: parts.length };
}

/** Cost against quality along the dial, thinned to settings that route different shares; the certified one is always kept. */
function frontierOf(
  heldOut: HeldOut,
  { dial, threshold: certified }: Certification,
): ModelResult["frontier"] {
  const points: ModelResult["frontier"] = [];
  let lastShare = Number.POSITIVE_INFINITY;
  for (const { threshold, strongShare, retentionLow } of dial) {
    const isNew = lastShare - strongShare >= 1 / frontierPoints;
    if (!isNew && threshold !== 0 && threshold !== certified) continue;
    lastShare = strongShare;
    points.push({
      threshold,
      strong_share: strongShare,
      retention_low: retentionLow,
      ...meansAt(heldOut, threshold),
    });
  }
  return points;
}

function meansAt({ sufficiency, quality, strongQuality, costs, weights }: HeldOut, threshold: number) {
  let total = 0;
  let usd = 0;
  let answered = 0;
  for (let i = 0; i < strongQuality.length; i++) {
    const c = candidateAt(sufficiency, i, threshold);
    total += weights[i]!;
    usd += weights[i]! * (c < 0 ? costs.at(-1)! : costs[c]!)[i]!;
    answered += weights[i]! * (c < 0 ? strongQuality : quality[c]!)[i]!;
  }
  return { usd: usd / total, quality: answered / total };
}

function notesOf(choice: ModelChoice, policy: Policy, fitted: FittedRouter, data: TrainingData): string[] {
  const notes = choice.excluded.map(({ model, reason }) => `${model} left out: ${reason}`);
  notes.push(policy.thresholds[choice.candidates[0]!.model]!.note);
  if (data.isSimulated)
    notes.push("labels come from a simulated judge: figures show the machinery, not a model");
  for (const { model, costSource } of [...choice.candidates, choice.strong]) {
    if (costSource === "price_book")
      notes.push(`cost of ${model}: list price times tokens, input estimated from characters`);
  }
  if (data.items.length < leastRowsForGrid)
    notes.push(`fewer than ${leastRowsForGrid} rows: strongly regularised linear model`);
  if (fitted.weights.hidden === 0) notes.push("model: linear in n-grams and dense features, no hidden layer");
  return notes;
}
