import { ARTIFACT_SCHEMA_VERSION, type ArtifactManifest } from "@signalbox/runtime";
import type { ConfounderReport } from "../../datasets/model-evidence.js";
import type { ModelResult } from "../../datasets/results.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import type { TrainedModel } from "../train/model-files.js";
import type { FlipBudgets } from "./measure-confounders.js";
import { describeFiles } from "./place-artifact.js";

/** manifest.json of an export. */
export function manifestOf(
  id: string,
  createdAt: Date,
  contents: Readonly<Record<string, string | Uint8Array>>,
  { weights, provenance }: TrainedModel,
  { metrics }: ModelResult,
  gates: ArtifactManifest["gates"],
): ArtifactManifest {
  return {
    schema_version: ARTIFACT_SCHEMA_VERSION,
    artifact_id: id,
    created_at: createdAt.toISOString(),
    toolkit_version: toolkitVersion,
    featuriser: weights.featuriser,
    heads: weights.heads,
    length_quantiles: weights.lengthQuantiles,
    files: describeFiles(contents),
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
    gates,
  };
}

/** What the export was held to, and what was accepted beyond the default budgets. */
export function gatesOf(
  { families }: ConfounderReport,
  { maxFlipRate, maxSearchedFlipRate }: FlipBudgets,
  minSliceRetention: number | undefined,
): ArtifactManifest["gates"] {
  return {
    max_flip_rate: maxFlipRate,
    max_searched_flip_rate: maxSearchedFlipRate,
    min_slice_retention: minSliceRetention ?? null,
    accepted: families
      .filter(({ status }) => status === "accepted")
      .map(({ family, to_cheaper }) => ({ family, to_cheaper: to_cheaper! })),
  };
}

/** prices.json: what the models cost at export, for people and reports. */
export function pricesOf({ policy }: TrainedModel) {
  return {
    schema_version: 1,
    unit: "USD per million tokens, list price; null = unknown",
    models: policy.models.map(
      ({
        model,
        provider,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        mean_cost_usd,
      }) => ({
        model,
        provider,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok: cache_read_usd_per_mtok ?? null,
        mean_cost_usd,
      }),
    ),
  };
}
