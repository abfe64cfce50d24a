import { createHash } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  ARTIFACT_SCHEMA_VERSION,
  type ArtifactManifest,
  type CachePolicy,
  loadRouter,
} from "@signalbox/runtime";
import { checkNumber } from "../../datasets/check-number.js";
import { DataError, StageError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import type { ModelResult } from "../../datasets/results.js";
import {
  readResult,
  requireManifest,
  type Workspace,
  writeFileAtomic,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { readTrainedModel, type TrainedModel } from "../train/model-files.js";
import { goldenRows } from "./golden-rows.js";
import { modelCard } from "./model-card.js";

/** Where and how to export. */
export interface ExportOptions {
  /** Folder to put the artifact's own folder in; default artifact/ of the workspace. */
  out?: string;
  /** Share of sessions that the shadow sampler takes; default as trained. */
  rate?: number;
}

/** An artifact on disk. */
export interface ExportedArtifact {
  path: string;
  id: string;
  /** Largest difference between TensorFlow.js, onnxruntime and the runtime's kernel on the golden rows. */
  maxDiff: number;
}

/** Engines may differ by this much and no more. */
const tolerance = 1e-5;

/** Export the workspace's trained model as an artifact: model.onnx, policy, prices, golden rows, model card, manifest last.
 * The golden rows are decided by three engines, and the finished artifact is loaded by the runtime, before it appears under
 * its name; `latest.json` beside it then points to it. The time comes from SOURCE_DATE_EPOCH where that is set.
 * @throws {StageError} if there is no trained model
 * @throws {DataError} if engines differ by more than 1e-5 */
export async function exportArtifact(
  workspace: Workspace,
  options: ExportOptions = {},
): Promise<ExportedArtifact> {
  const started = Date.now();
  if (options.rate !== undefined) checkNumber("rate", options.rate, { from: 0, to: 1 });
  const training = requireManifest(workspace, "train", "signalbox train --workspace DIR");
  const trained = readTrainedModel(workspace);
  const result = readResult<ModelResult>(workspace, "model");
  if (!result)
    throw new StageError(`${workspace.path}: results/model.json is gone; run again: signalbox train`);
  if (options.rate !== undefined) trained.policy.shadow.rate = options.rate;
  const onnx = encodeOnnx(trained.weights);
  const { rows, maxDiff } = await goldenRows(trained.weights, onnx, trained.policy);
  if (!(maxDiff <= tolerance)) {
    throw new DataError(
      `engines differ by ${maxDiff} on the golden rows (at most ${tolerance} is allowed): not exported; train again`,
    );
  }

  const createdAt = exportTime();
  const contents: Record<string, string | Uint8Array> = {
    "model.onnx": onnx,
    "policy.json": jsonText(trained.policy),
    "cache.json": jsonText(uncertifiedCache),
    "prices.json": jsonText(pricesOf(trained)),
    "golden.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  };
  const id = `${createdAt.toISOString().slice(0, 10).replaceAll("-", "")}-${contentHash(contents)}`;
  contents["README.md"] = modelCard({ id, result, trained });
  const manifest = manifestOf(id, createdAt, contents, trained, result);

  const folder = resolve(options.out ?? join(workspace.path, "artifact"));
  const path = join(folder, id);
  const staging = join(folder, `.${id}.tmp`);
  makeFolder(folder);
  rmSync(staging, { recursive: true, force: true });
  makeFolder(staging);
  for (const [name, content] of Object.entries(contents)) writeFileAtomic(join(staging, name), content);
  writeFileAtomic(join(staging, "manifest.json"), jsonText(manifest));
  await loadRouter(staging);
  rmSync(path, { recursive: true, force: true });
  renameSync(staging, path);
  writeFileAtomic(join(folder, "latest.json"), jsonText({ artifact_id: id, path: id }));

  writeResult(workspace, "model", { ...result, artifact_id: id, artifact_path: path });
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
  return { path, id, maxDiff };
}

const uncertifiedCache: CachePolicy = {
  segments: {
    default: {
      min_similarity: null,
      alpha: null,
      delta: null,
      n: 0,
      note: "not certified: cached answers are not served",
    },
  },
};

function pricesOf({ policy }: TrainedModel) {
  return {
    schema_version: 1,
    unit: "USD per million tokens, list price; null = unknown",
    models: policy.models.map(
      ({ model, provider, input_usd_per_mtok, output_usd_per_mtok, mean_cost_usd }) => ({
        model,
        provider,
        input_usd_per_mtok,
        output_usd_per_mtok,
        mean_cost_usd,
      }),
    ),
  };
}

function manifestOf(
  id: string,
  createdAt: Date,
  contents: Readonly<Record<string, string | Uint8Array>>,
  { weights, provenance }: TrainedModel,
  { metrics }: ModelResult,
): ArtifactManifest {
  return {
    schema_version: ARTIFACT_SCHEMA_VERSION,
    artifact_id: id,
    created_at: createdAt.toISOString(),
    toolkit_version: toolkitVersion,
    featuriser: weights.featuriser,
    heads: weights.heads,
    length_quantiles: weights.lengthQuantiles,
    files: Object.fromEntries(
      Object.entries(contents).map(([name, content]) => {
        const bytes = Buffer.from(content);
        return [name, { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length }];
      }),
    ),
    training: {
      rows: provenance.rows,
      sessions: provenance.sessions,
      from: provenance.from,
      to: provenance.to,
      seed: provenance.seed,
      inputs: provenance.inputs,
      label_sources: provenance.labelSources,
      is_simulated: provenance.isSimulated,
    },
    metrics,
  };
}

function contentHash(contents: Readonly<Record<string, string | Uint8Array>>): string {
  const hash = createHash("sha256");
  for (const [name, content] of Object.entries(contents)) hash.update(name).update("\0").update(content);
  return hash.digest("hex").slice(0, 8);
}

/** @see https://reproducible-builds.org/specs/source-date-epoch/ */
function exportTime(): Date {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Number.NaN);
  return Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date();
}

function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
