import { buckets } from "../features/hash-ngrams.js";
import { decodeBase64 } from "../hash/base64.js";
import { type Fields, recordOf } from "../request/request-fields.js";
import { ARTIFACT_SCHEMA_MAJOR, type ArtifactManifest, type Head, type Policy } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import {
  type Check,
  checker,
  fault,
  isNumber,
  isNumberOrNull,
  isNumbers,
  isNumbersOf,
  isShareOrNull,
  isText,
  parseObject,
} from "./artifact-fields.js";
import { checkOperatingPolicy } from "./check-operating-policy.js";

/** Parse and check manifest.json.
 * @throws {ArtifactError} bad_json, unsupported_version, bad_manifest */
export function readManifest(text: string, path: string): ArtifactManifest {
  const manifest = parseObject(text, path);
  const version = manifest.schema_version;
  const major = typeof version === "string" ? /^(\d+)(?:\.|$)/.exec(version)?.[1] : undefined;
  if (major === undefined)
    throw fault(ArtifactFault.badManifest, path, `schema_version is ${JSON.stringify(version) ?? "absent"}`);
  if (Number(major) !== ARTIFACT_SCHEMA_MAJOR) {
    const message = `format ${version}; this runtime reads ${ARTIFACT_SCHEMA_MAJOR}.x: install the @signalbox/runtime that matches, or export the artifact again`;
    throw new ArtifactError(ArtifactFault.unsupportedVersion, path, message);
  }
  const check = checker(ArtifactFault.badManifest, path);
  check(isText(manifest.artifact_id), "artifact_id", manifest.artifact_id);
  const featuriser = recordOf(manifest.featuriser);
  check(isNumber(featuriser.version) && isText(featuriser.hash), "featuriser", manifest.featuriser);
  check(
    Array.isArray(manifest.heads) && manifest.heads.length > 0 && manifest.heads.every(isHead),
    "heads",
    manifest.heads,
  );
  check(isNumbers(manifest.length_quantiles), "length_quantiles", manifest.length_quantiles);
  for (const [name, file] of Object.entries(recordOf(manifest.files))) {
    check(isPlainName(name) && /^[0-9a-f]{64}$/.test(String(recordOf(file).sha256)), `files.${name}`, file);
  }
  return manifest as unknown as ArtifactManifest;
}

/** Parse and check latest.json: `{"artifact_id": NAME}`, NAME a folder beside it.
 * @throws {ArtifactError} bad_json, bad_manifest */
export function readPointer(text: string, path: string): string {
  const { artifact_id: id } = parseObject(text, path);
  checker(ArtifactFault.badManifest, path)(isText(id) && isPlainName(id), "artifact_id", id);
  return id as string;
}

/** Parse and check policy.json.
 * @param denseFeatures length of the in-distribution bounds
 * @throws {ArtifactError} bad_json, bad_policy */
export function readPolicy(text: string, path: string, denseFeatures: number): Policy {
  const policy = parseObject(text, path);
  const check = checker(ArtifactFault.badPolicy, path);
  check(
    Array.isArray(policy.models) && policy.models.length > 0 && policy.models.every(isModel),
    "models",
    policy.models,
  );
  const names = (policy.models as Fields[]).map(({ model }) => model);
  check(new Set(names).size === names.length, "models (a name occurs twice)", names);
  check(
    names.at(-1) === policy.strong_model,
    "strong_model (it must be the last of models)",
    policy.strong_model,
  );
  check(isText(policy.default_model), "default_model", policy.default_model);
  check(typeof policy.enabled === "boolean", "enabled", policy.enabled);
  check(isShareOrNull(policy.stakes_threshold), "stakes_threshold", policy.stakes_threshold);
  for (const [model, threshold] of Object.entries(recordOf(policy.thresholds))) {
    check(
      isNumberOrNull(recordOf(threshold).min_sufficiency),
      `thresholds.${model}.min_sufficiency`,
      threshold,
    );
  }
  const shadow = recordOf(policy.shadow);
  check(
    typeof shadow.salt === "string" && isNumber(shadow.rate) && isShareOrNull(shadow.rate),
    "shadow",
    policy.shadow,
  );
  if (policy.in_distribution !== null) {
    const { dense_low: low, dense_high: high } = recordOf(policy.in_distribution);
    const isBounds = isNumbersOf(low, denseFeatures) && isNumbersOf(high, denseFeatures);
    check(isBounds, `in_distribution (two lists of ${denseFeatures} numbers)`, policy.in_distribution);
    const { score } = recordOf(policy.in_distribution);
    if (score !== undefined) checkScore(recordOf(score), check, denseFeatures);
  }
  if (policy.dense_range !== undefined) {
    const { low, high } = recordOf(policy.dense_range);
    const isRange = isNumbersOf(low, denseFeatures) && isNumbersOf(high, denseFeatures);
    check(isRange, `dense_range (two lists of ${denseFeatures} numbers)`, policy.dense_range);
  }
  check(typeof policy.thresholds === "object" && policy.thresholds !== null, "thresholds", policy.thresholds);
  checkOperatingPolicy(policy, check, names as string[]);
  return policy as unknown as Policy;
}

function checkScore(score: Fields, check: Check, denseFeatures: number): void {
  const isTable = typeof score.rarity === "string" && decodeBase64(score.rarity)?.length === buckets / 2;
  check(isTable, `in_distribution.score.rarity (base64 of ${buckets / 2} bytes)`, score.rarity);
  for (const name of ["text_centre", "text_variance"]) {
    check(isNumbersOf(score[name], 2), `in_distribution.score.${name}`, score[name]);
  }
  const [floor, perGram] = score.text_variance as [number, number];
  check(floor > 0 && perGram >= 0, "in_distribution.score.text_variance", score.text_variance);
  for (const name of ["text_limit", "shape_limit"]) {
    const limit = score[name];
    check(isNumber(limit) && limit > 0, `in_distribution.score.${name}`, limit);
  }
  for (const name of ["shape_mean", "shape_scale"]) {
    check(isNumbersOf(score[name], denseFeatures), `in_distribution.score.${name}`, score[name]);
  }
}

function isHead(value: unknown): value is Head {
  const head = recordOf(value);
  if (head.kind === "sufficiency") return isText(head.model);
  if (head.kind === "difficulty") return head.level === 1 || head.level === 2;
  return head.kind === "stakes";
}

function isModel(value: unknown): boolean {
  const model = recordOf(value);
  const flags = [model.supports_tools, model.supports_vision, model.supports_json];
  const areFlags = flags.every((flag) => flag === null || typeof flag === "boolean");
  return isText(model.model) && isNumberOrNull(model.context_window) && areFlags;
}

function isPlainName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}
