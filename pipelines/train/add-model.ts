import { FEATURISER, type Policy } from "@signalbox/runtime";
import { checkNumber } from "../../datasets/check-number.js";
import { DataError, InputError, StageError } from "../../datasets/errors.js";
import { outcomeItems, outcomes } from "../../datasets/outcomes.js";
import type { ModelResult } from "../../datasets/results.js";
import {
  readResult,
  requireManifest,
  tableFolder,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import { extendRouter } from "../../models/extend-router.js";
import { assignFolds } from "../../models/split.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { correctedOutcomes } from "../trust/corrected-outcomes.js";
import { addedResult } from "./added-result.js";
import { certifyNewModel } from "./certify-new-model.js";
import { strangerDetector } from "./distribution-report.js";
import { extendPolicy } from "./extend-policy.js";
import { extendUnseen } from "./extend-unseen.js";
import { fitNewHead } from "./fit-new-head.js";
import { hashFolder } from "./hash-folder.js";
import { readTrainedModel, type TrainedModel, writeTrainedModel } from "./model-files.js";
import { newModelRows } from "./new-model-rows.js";
import { placeModel } from "./place-model.js";
import { policyAtPoint } from "./policy-at-point.js";
import { readWorkspaceItems, type TrainingItem } from "./read-training-items.js";
import { readUnseenLogits } from "./unseen-logits.js";

/** Folds in which the new model's labels are cross-fitted. */
const folds = 5;

/** Add a model to a trained router from few labels, without training again: only the new model's own logit is fitted and
 * calibrated, and a threshold certified for it; every weight, output and threshold that was there stays as it is. Retention and
 * confidence are those that the router was trained for. Writes model/, results/model.json and train.manifest.json.
 * @param model with at least 50 outcomes on items that the strong model answered too
 * @param seed decides the folds; default 1
 * @throws {StageError} if no router was trained, or by another version of the featuriser
 * @throws {InputError} if the router has the model already, or the seed isn't whole
 * @throws {DataError} if there are too few outcomes, or the model is dearer than the strong one or dominated by another */
export async function addModel(
  workspace: Workspace,
  model: string,
  { seed = 1 }: { seed?: number } = {},
): Promise<ModelResult> {
  checkNumber("seed", seed, { isWhole: true });
  const started = Date.now();
  const training = requireManifest(workspace, "train", `signalbox train --workspace ${workspace.path}`);
  const trained = readTrainedModel(workspace);
  const result = readResult<ModelResult>(workspace, "model");
  if (!result)
    throw new StageError(`${workspace.path}: results/model.json is gone; run again: signalbox train`);
  refuseMismatch(trained, model);
  const unseen = readUnseenLogits(workspace);
  const data = await readWorkspaceItems(workspace);
  refuseUnknown(data.items, model);

  const { weights, policy, provenance } = trained;
  const range = policy.dense_range ?? null;
  const isStrange = strangerDetector(policy, weights.heads);
  const rows = newModelRows({
    all: data.items,
    unseen,
    weights,
    range,
    model,
    strong: policy.strong_model,
    isStranger: ({ request }) => isStrange(request),
  });
  const trainedStrong = result.candidates.find((other) => other.model === policy.strong_model)!;
  const { facts, rank, notes } = placeModel(rows, model, policy, trainedStrong.mean_quality);
  const foldOf = assignFolds(rows.groups, folds, seed);
  const fitted = await fitNewHead({ rows, weights, model, strong: policy.strong_model, foldOf });
  const models = [...policy.models.map((other) => other.model), model];
  const { corrected, note } = correctedOutcomes(workspace, data.items, models);
  const certifyAt = (setting: Policy) =>
    certifyNewModel({
      rows,
      facts,
      rank,
      sufficiency: fitted.sufficiency,
      isStakes: (row) =>
        policy.stakes_threshold !== null && (fitted.stakes?.[row] ?? 0) >= policy.stakes_threshold,
      policy: setting,
      corrected,
    });
  const certificate = certifyAt(policy);
  const dial = (policy.dial ?? []).map((point) => ({
    point,
    certificate:
      point.retention === policy.retention_target ? certificate : certifyAt(policyAtPoint(policy, point)),
  }));

  const extended = extendPolicy({ policy, facts, rank, certificate, dial, items: data.items, corrected });
  const added = addedResult({
    result,
    rows,
    facts,
    rank,
    fitted,
    certificate,
    dial,
    policy: extended,
    notes: [...notes, ...(note === null ? [] : [note])],
    seed,
  });
  const inputs = [outcomes, outcomeItems].map((table) =>
    hashFolder(tableFolder(workspace, table), workspace.path),
  );
  writeTrainedModel(workspace, {
    weights: extendRouter(weights, fitted.column, { ...fitted.head, place: rank }),
    policy: extended,
    unseen: extendUnseen({ unseen, all: data.items, rows, fitted, range }),
    provenance: {
      ...provenance,
      inputs: [...provenance.inputs, ...inputs.map(({ path, sha256 }) => ({ path, sha256 }))],
      labelSources: [...new Set([...provenance.labelSources, ...data.labelSources])].sort(),
      isSimulated: provenance.isSimulated || data.isSimulated,
      added: [...(provenance.added ?? []), { model, rows: rows.items.length, seed }],
    },
  });
  writeResult(workspace, "model", added);
  writeManifest(workspace, {
    ...training,
    completed_at: new Date().toISOString(),
    versions: { signalbox: toolkitVersion, featuriser: weights.featuriser.hash },
    inputs,
    rows: { ...training.rows, [`added_${model}`]: rows.items.length },
    seconds: (Date.now() - started) / 1000,
    notes: added.notes,
  });
  return added;
}

function refuseMismatch({ weights, policy }: TrainedModel, model: string): void {
  if (weights.featuriser.hash !== FEATURISER.hash) {
    throw new StageError(
      `the router was trained on features of version ${weights.featuriser.version}, which are not those of this version of ` +
        "Signalbox: nothing can be added to it; run it again: signalbox train",
    );
  }
  if (!policy.models.some((other) => other.model === model)) return;
  throw new InputError(
    `the router has ${model} already; to learn from more of its outcomes, run it again: signalbox train`,
  );
}

function refuseUnknown(items: readonly TrainingItem[], model: string): void {
  if (items.some(({ outcomes: known }) => known.has(model))) return;
  const names = new Set(items.flatMap(({ outcomes: known }) => [...known.keys()]));
  throw new DataError(
    `no outcomes of ${model}; there are: ${[...names].sort().join(", ")}. Import some: signalbox outcomes import FILE`,
  );
}
