import { join, resolve } from "node:path";
import { ARTIFACT_SCHEMA_VERSION } from "@signalbox/runtime";
import type { CacheExportResult } from "../../datasets/cache-export.js";
import { checkNumber } from "../../datasets/check-number.js";
import { DataError, StageError } from "../../datasets/errors.js";
import type { LabelDetails, ModelResult } from "../../datasets/results.js";
import {
  readResult,
  requireManifest,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { readTrainedModel } from "../train/model-files.js";
import type { OperatingChange } from "./apply-operating.js";
import { gatesOf, manifestOf, pricesOf } from "./artifact-documents.js";
import { type ExportedCache, exportCache } from "./export-cache.js";
import { refuseSwayed, refuseWeakSlices } from "./export-gates.js";
import { exportPolicy } from "./export-policy.js";
import { gateRequests } from "./gate-requests.js";
import { goldenRows } from "./golden-rows.js";
import { defaultBudgets, type FlipBudgets, measureConfounders } from "./measure-confounders.js";
import { modelCard } from "./model-card.js";
import { artifactId, exportTime, jsonText, placeArtifact } from "./place-artifact.js";

/** Where and how to export. */
export interface ExportOptions {
  /** Folder to put the artifact's own folder in; default artifact/ of the workspace. */
  out?: string;
  /** Share of sessions that the shadow sampler takes; default as trained. */
  rate?: number;
  /** Largest share of requests that a family of wordings may move to a cheaper model; default 0.25. */
  maxFlipRate?: number;
  /** The same for the searched prefix; default 1, which only reports it. */
  maxSearchedFlipRate?: number;
  /** Least retention in every slice that isn't too small to judge; not checked when absent. */
  minSliceRetention?: number;
  /** What the operator sets in the policy; as trained when absent. */
  operating?: OperatingChange;
  /** Start from the settings of the artifact that latest.json names. */
  keepOperating?: boolean;
}

/** An artifact on disk. */
export interface ExportedArtifact {
  path: string;
  id: string;
  /** Largest difference between TensorFlow.js, onnxruntime and the runtime's kernel on the golden rows. */
  maxDiff: number;
  /** Segments of the cache whose thresholds were taken out, and why. */
  unsafeCache: Array<{ segment: string; why: string }>;
  /** Settings of the artifact before, by latest.json, that this one doesn't have. */
  dropped: string[];
}

/** Engines may differ by this much and no more. */
const tolerance = 1e-5;

/** Export the workspace's trained model as an artifact, when it passes the gates: wording must not sway it, and no slice must
 * keep too little where that was asked for. Writes model.onnx, policy, prices, golden rows, model card, manifest last.
 * The golden rows are decided by three engines, and the finished artifact is loaded by the runtime, before it appears under
 * its name; `latest.json` beside it then points to it. The time comes from SOURCE_DATE_EPOCH where that is set.
 * @throws {StageError} if there is no trained model
 * @throws {InputError} if an operator's setting is one that the runtime refuses
 * @throws {DataError} if engines differ by more than 1e-5, or a gate refuses; results/model.json then says what was measured */
export async function exportArtifact(
  workspace: Workspace,
  options: ExportOptions = {},
): Promise<ExportedArtifact> {
  const started = Date.now();
  const budgets = checkOptions(options);
  const training = requireManifest(workspace, "train", `signalbox train --workspace ${workspace.path}`);
  const model = readTrainedModel(workspace);
  const trainedResult = readResult<ModelResult>(workspace, "model");
  if (!trainedResult)
    throw new StageError(`${workspace.path}: results/model.json is gone; run again: signalbox train`);
  const folder = resolve(options.out ?? join(workspace.path, "artifact"));
  const { policy, dropped } = exportPolicy(model.policy, folder, {
    rate: options.rate,
    operating: options.operating,
    keep: options.keepOperating,
  });
  const trained = { ...model, policy };
  const onnx = encodeOnnx(trained.weights);
  const { rows, maxDiff } = await goldenRows(trained.weights, onnx, trained.policy);
  if (!(maxDiff <= tolerance)) {
    throw new DataError(
      `engines differ by ${maxDiff} on the golden rows (at most ${tolerance} is allowed): not exported; train again`,
    );
  }

  const confounders = measureConfounders(
    await gateRequests(workspace, trained.provenance.seed),
    { onnx, policy: trained.policy, heads: trained.weights.heads },
    budgets,
    trained.provenance.seed,
  );
  const result: ModelResult = {
    ...trainedResult,
    ...(trainedResult.dial ? { dial: { ...trainedResult.dial, in_force: policy.retention_target } } : {}),
    confounders,
  };
  writeResult(workspace, "model", result);
  refuseSwayed(confounders);
  const { minSliceRetention } = options;
  if (minSliceRetention !== undefined && result.slices) refuseWeakSlices(result.slices, minSliceRetention);

  const cache = await exportCache(workspace);
  const createdAt = exportTime();
  const contents: Record<string, string | Uint8Array> = {
    "model.onnx": onnx,
    "policy.json": jsonText(trained.policy),
    ...cache.files,
    "prices.json": jsonText(pricesOf(trained)),
    "golden.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  };
  const id = artifactId(createdAt, contents);
  contents["README.md"] = modelCard({
    id,
    result,
    label: readResult<LabelDetails>(workspace, "label"),
    trained,
    cache: cache.report,
  });
  const gates = gatesOf(confounders, budgets, minSliceRetention);
  const manifest = manifestOf(id, createdAt, contents, trained, result, gates);

  const path = await placeArtifact(folder, manifest, contents);

  writeResult(workspace, "model", { ...result, artifact_id: id, artifact_path: path });
  if (cache.report) {
    writeResult(workspace, "cache_export", { ...cache.report, artifact_id: id } satisfies CacheExportResult);
  }
  writeManifest(workspace, {
    stage: "export",
    completed_at: new Date().toISOString(),
    versions: { signalbox: toolkitVersion, artifact_format: ARTIFACT_SCHEMA_VERSION },
    inputs: training.inputs,
    rows: { golden: rows.length },
    seed: training.seed,
    seconds: (Date.now() - started) / 1000,
    notes: [`largest difference between engines: ${maxDiff.toExponential(1)}`],
  });
  return { path, id, maxDiff, unsafeCache: unsafeSegments(cache.report), dropped };
}

function checkOptions({ rate, minSliceRetention, ...given }: ExportOptions): FlipBudgets {
  const {
    maxFlipRate = defaultBudgets.maxFlipRate,
    maxSearchedFlipRate = defaultBudgets.maxSearchedFlipRate,
  } = given;
  const share = { from: 0, to: 1 };
  if (rate !== undefined) checkNumber("rate", rate, share);
  checkNumber("max-flip-rate", maxFlipRate, share);
  checkNumber("max-searched-flip-rate", maxSearchedFlipRate, share);
  if (minSliceRetention !== undefined) checkNumber("min-slice-retention", minSliceRetention, { from: 0 });
  return { maxFlipRate, maxSearchedFlipRate };
}

function unsafeSegments(report: ExportedCache["report"]): ExportedArtifact["unsafeCache"] {
  return (report?.segments ?? []).flatMap(({ segment, unsafe }) =>
    unsafe === null ? [] : [{ segment, why: unsafe }],
  );
}
