import {
  type CachePolicy,
  type CacheRules,
  type CacheSegment,
  decodePairModel,
  neighboursRead,
  pairFeatureNames,
  SCOPE_VERSION,
} from "@signalbox/runtime";
import type { CacheCalibrationResult, CacheSegmentThreshold } from "../../datasets/cache-calibration.js";
import type { CacheExportResult, CacheProbeCounts } from "../../datasets/cache-export.js";
import { DataError } from "../../datasets/errors.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";
import { encodePairModel } from "../../models/onnx/encode-pair-model.js";
import { goldenCacheRows } from "./golden-cache.js";
import { probeSegment, whyUnsafe } from "./probe-cache.js";
import { probeIsolation } from "./probe-isolation.js";
import { readProbePrompts } from "./probe-prompts.js";

/** What an artifact says of the cache. */
export interface ExportedCache {
  /** cache.json, and for a calibrated cache its model and golden rows. */
  files: Record<string, string | Uint8Array>;
  /** What the probes found; null for a cache that wasn't calibrated. */
  report: Omit<CacheExportResult, "artifact_id"> | null;
}

/** Requests whose scopes are compared across tenants. */
const isolationRequests = 25;

/** Turn the workspace's calibration, when there is one, into the artifact's cache files. Each threshold is probed first: a segment that
 * serves a planted near-duplicate is exported without its threshold, and nothing overrides that.
 * @throws {DataError} if the calibration is of another version, or two tenants share a scope */
export async function exportCache(workspace: Workspace): Promise<ExportedCache> {
  const calibration = readResult<CacheCalibrationResult>(workspace, "cache_calibration");
  if (calibration === null) return { files: { "cache.json": jsonText(uncalibrated) }, report: null };
  const model = modelOf(calibration);
  const rules: CacheRules = {
    policy: policyOf(calibration),
    model: model === null ? null : decodePairModel(model),
  };
  const prompts = await readProbePrompts(workspace, calibration.source, calibration.seed);
  const probes = probeAll(rules, prompts, calibration.seed);
  for (const [name, counts] of probes) withholdUnsafe(rules.policy.segments[name]!, counts);
  const isolation = probeIsolation(
    [...(prompts?.values() ?? [])]
      .flat()
      .slice(0, isolationRequests - 1)
      .concat("hi"),
  );
  if (isolation.shared > 0) {
    throw new DataError(
      `not exported: ${isolation.shared} of ${isolation.pairs} pairs of tenants share a cache key; report this, it is a fault of Signalbox`,
    );
  }
  const golden = goldenCacheRows(rules);
  return {
    files: {
      "cache.json": jsonText(rules.policy),
      ...(model === null ? {} : { "cache-model.onnx": model }),
      "golden-cache.jsonl": golden.map((row) => `${JSON.stringify(row)}\n`).join(""),
    },
    report: {
      schema_version: 1,
      score: calibration.score,
      embedder: calibration.embedder,
      is_simulated: calibration.is_simulated,
      segments: calibration.segments.map((row) => segmentReport(row, rules.policy, probes.get(row.segment))),
      isolation,
      notes: prompts === null ? [lostStream(calibration)] : [],
    },
  };
}

function modelOf({ score, model }: CacheCalibrationResult): Uint8Array | null {
  if (score === "cosine") return null;
  if (model?.features.join() !== pairFeatureNames.join()) {
    throw new DataError(
      "results/cache_calibration.json: its score reads other features than this version computes; run again: signalbox cache calibrate",
    );
  }
  return encodePairModel({ weights: Float32Array.from(model.weights), bias: model.bias });
}

function policyOf(calibration: CacheCalibrationResult): CachePolicy {
  const { score, embedder, ttl_s, max_entries } = calibration;
  return {
    score,
    scope_version: SCOPE_VERSION,
    embedder: { id: embedder.id, sha256: embedder.sha256, dim: embedder.dim },
    neighbours: neighboursRead,
    learnt_answers: score === "pair_model" && calibration.reads_answers,
    ttl_s,
    max_entries,
    segments: Object.fromEntries(
      calibration.segments.map((row): [string, CacheSegment] => [
        row.segment,
        {
          min_score: row.level === "exact_only" ? null : row.min_score,
          level: row.level,
          alpha: row.alpha,
          delta: row.delta,
          n: row.n,
          errors: row.errors,
          usr_high: row.usr_high,
          note: row.note,
          unsafe: null,
          min_similarity: score === "cosine" ? row.min_score : null,
        },
      ]),
    ),
  };
}

function probeAll(
  rules: CacheRules,
  prompts: ReadonlyMap<string, string[]> | null,
  seed: number,
): Map<string, CacheProbeCounts> {
  const certified = Object.entries(rules.policy.segments).filter(([, { min_score }]) => min_score !== null);
  return new Map(
    certified.map(([name]) => [name, probeSegment(rules, name, prompts?.get(name) ?? [], seed)]),
  );
}

function withholdUnsafe(segment: CacheSegment, counts: CacheProbeCounts): void {
  segment.unsafe = whyUnsafe(counts);
  if (segment.unsafe === null) return;
  segment.min_score = null;
  segment.min_similarity = null;
  segment.usr_high = null;
}

function segmentReport(
  row: CacheSegmentThreshold,
  { segments }: CachePolicy,
  probes: CacheProbeCounts | undefined,
): CacheExportResult["segments"][number] {
  const { min_score, usr_high, unsafe } = segments[row.segment]!;
  return {
    segment: row.segment,
    level: row.level,
    calibrated_min_score: row.min_score,
    min_score,
    alpha: row.alpha,
    delta: row.delta,
    n: row.n,
    errors: row.errors,
    usr_high,
    unsafe,
    probes: probes ?? null,
  };
}

function lostStream({ source }: CacheCalibrationResult): string {
  return `${source.path ?? "the stream"} isn't there any more: only pairs from templates were planted, none of its own prompts`;
}

const uncalibrated: CachePolicy = {
  score: "cosine",
  scope_version: SCOPE_VERSION,
  embedder: null,
  neighbours: neighboursRead,
  learnt_answers: false,
  ttl_s: null,
  max_entries: null,
  segments: {
    default: {
      min_score: null,
      level: null,
      alpha: null,
      delta: null,
      n: 0,
      errors: 0,
      usr_high: null,
      note: "not calibrated: cached answers are not served",
      unsafe: null,
      min_similarity: null,
    },
  },
};

function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
