import { checkNumber } from "../../datasets/check-number.js";
import { DataError } from "../../datasets/errors.js";
import { outcomeItems, outcomes } from "../../datasets/outcomes.js";
import type { Progress } from "../../datasets/progress.js";
import type { ModelResult } from "../../datasets/results.js";
import { tableFolder, type Workspace, writeManifest, writeResult } from "../../datasets/workspace.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { fitRouter } from "../../models/fit-router.js";
import { planSplit } from "../../models/plan-split.js";
import { clampMatrix, denseRange } from "../../models/robustness/dense-range.js";
import { fitDistribution } from "../../models/robustness/fit-distribution.js";
import { groupRows } from "../../models/split.js";
import { certifyDial, dialPoints } from "../../models/thresholds/certify-dial.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { correctedOutcomes } from "../trust/corrected-outcomes.js";
import { baselineNeeds } from "./baseline-needs.js";
import { chooseModels } from "./choose-models.js";
import { dialReport, policyDial } from "./dial-report.js";
import { shapeFeatures } from "./distribution-bounds.js";
import { distributionReport } from "./distribution-report.js";
import { hashFolder } from "./hash-folder.js";
import { headCalibration } from "./head-calibration.js";
import { headTargets, refuseOneClass } from "./head-targets.js";
import { heldOutRows } from "./held-out-rows.js";
import { heldOutSlices } from "./held-out-slices.js";
import { labelWeights } from "./label-weights.js";
import { writeTrainedModel } from "./model-files.js";
import { modelResult } from "./model-result.js";
import { readWorkspaceItems, type TrainingItem } from "./read-training-items.js";
import { routerPolicy } from "./router-policy.js";
import { stakesThreshold } from "./stakes-threshold.js";
import { unseenLogits } from "./unseen-logits.js";

/** How a router is trained. */
export interface TrainOptions {
  /** Least ratio of routed to strong quality that thresholds must keep; default 0.98. */
  retention?: number;
  /** One-sided confidence of that promise; default 0.95. */
  confidence?: number;
  /** Decides splits and bootstraps; default 1. */
  seed?: number;
  /** Cheaper models to consider; all when absent. */
  candidates?: readonly string[];
  /** Reference model; the best one when absent. */
  strong?: string;
  onProgress?: Progress;
}

/** Train a router on a workspace's labelled items: choose the models, fit, calibrate, certify a threshold. Writes model/,
 * results/model.json and train.manifest.json. The same tables, options and machine give the same bits.
 * @throws {InputError} for a retention outside (0, 1], a confidence outside [0.5, 1) or a seed that isn't whole
 * @throws {DataError} when the data can't support a router, saying why */
export async function train(workspace: Workspace, options: TrainOptions = {}): Promise<ModelResult> {
  const { retention = 0.98, confidence = 0.95, seed = 1, onProgress = () => {} } = options;
  checkNumber("retention", retention, { above: 0, to: 1 });
  checkNumber("confidence", confidence, { from: 0.5, below: 1 });
  checkNumber("seed", seed, { isWhole: true });
  const started = Date.now();
  const data = await readWorkspaceItems(workspace);
  const choice = chooseModels(data.items, options);
  const targets = headTargets(data.items, choice);
  refuseOneClass(targets, choice);

  const { items } = data;
  const matrix = featureMatrix(
    items.map(({ request }) => request),
    (done) => onProgress({ label: "featurising", done, total: items.length, unit: "requests" }),
  );
  const groups = groupRows(
    items.map(({ sessionId }) => sessionId),
    items.map(({ text }) => text),
  );
  refuseFewGroups(groups);
  const plan = planSplit(
    groups,
    items.map(({ createdAt }) => createdAt),
    seed,
  );
  const range = denseRange(matrix);
  onProgress({ label: "training", done: 0, total: null, unit: "fits" });
  const fitted = await fitRouter(clampMatrix(matrix, range), targets, groups, plan, {
    seed,
    onFit: (done, total) => onProgress({ label: "training", done, total, unit: "fits" }),
  });
  const stakes = stakesThreshold(fitted, targets);
  const distribution = fitDistribution(matrix, plan, shapeFeatures);
  const { corrected, note } = correctedOutcomes(
    workspace,
    items,
    [...choice.candidates, choice.strong].map(({ model }) => model),
  );
  const heldOut = heldOutRows({
    items,
    groups,
    choice,
    targets,
    fitted,
    stakes,
    flags: distribution.flags,
    corrected,
  });
  const certifications = certifyDial(heldOut, { retentions: dialPoints(retention), confidence });
  const certification = certifications.find((setting) => setting.retention === retention)!;
  const needs = await baselineNeeds({ items, matrix, plan, choice, rows: heldOut.rows });

  const policy = routerPolicy({
    workspace,
    choice,
    certification,
    dial: policyDial(certifications, choice.candidates),
    matrix,
    range,
    distribution,
    items,
    retention,
    confidence,
    stakes,
    correction: heldOut.correction,
  });
  const heads = targets.heads.map(({ head }) => head);
  const evidence = {
    weights: labelWeights(items.map(({ weight }) => weight)),
    dial: dialReport(policy, certifications, heldOut),
    slices: heldOutSlices(heldOut, items, matrix.dense, certification.threshold),
    calibration: headCalibration(fitted, targets.heads, groups, seed),
    distribution: distributionReport({ items, flags: distribution.flags, groups, policy, heads, seed }),
  };
  const result = modelResult({
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
  });
  if (note !== null) result.notes.push(note);
  const inputs = [outcomes, outcomeItems].map((table) =>
    hashFolder(tableFolder(workspace, table), workspace.path),
  );
  writeTrainedModel(workspace, {
    weights: fitted.weights,
    unseen: unseenLogits(items, fitted, distribution.flags),
    policy,
    provenance: {
      rows: items.length,
      sessions: new Set(groups).size,
      ...timeSpan(items),
      seed,
      inputs: inputs.map(({ path, sha256 }) => ({ path, sha256 })),
      labelSources: data.labelSources,
      isSimulated: data.isSimulated,
    },
  });
  writeResult(workspace, "model", result);
  writeManifest(workspace, {
    stage: "train",
    completed_at: new Date().toISOString(),
    versions: { signalbox: toolkitVersion, featuriser: fitted.weights.featuriser.hash },
    inputs,
    rows: { items: items.length, held_out: heldOut.strongQuality.length },
    seed,
    seconds: (Date.now() - started) / 1000,
    notes: result.notes,
  });
  return result;
}

/** Rows are held out by whole sessions, and twins together: with fewer of them no figure would have an interval. */
function refuseFewGroups(groups: Int32Array): void {
  const count = new Set(groups).size;
  if (count >= leastGroups) return;
  throw new DataError(
    `the labelled requests are ${count} sessions or distinct prompts; at least ${leastGroups} are needed to hold some out. ` +
      "Add outcomes of other sessions, or leave out session ids that don't mean a conversation.",
  );
}

const leastGroups = 10;

function timeSpan(items: readonly TrainingItem[]): { from: string | null; to: string | null } {
  const times = items.flatMap(({ createdAt }) => createdAt ?? []).sort((a, b) => a - b);
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time / 1000).toISOString());
  return { from: iso(times[0]), to: iso(times.at(-1)) };
}
