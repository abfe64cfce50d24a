import { SCOPE_VERSION } from "../cache/cache-scope.js";
import { neighboursRead } from "../cache/pair-features.js";
import type { Embedder } from "../embed/embedder.js";
import { hashedEmbedder } from "../embed/hashed-embedder.js";
import { type Fields, recordOf } from "../request/request-fields.js";
import type { CachePolicy, CacheSegment } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import {
  type Check,
  checker,
  fault,
  isNumber,
  isNumberOrNull,
  isShareOrNull,
  isText,
  parseObject,
} from "./artifact-fields.js";

const levels: readonly unknown[] = ["own", "pooled", "exact_only", null];

/** Parse and check cache.json of any 1.x.
 * @throws {ArtifactError} bad_json, bad_policy */
export function readCachePolicy(text: string, path: string): CachePolicy {
  const cache = parseObject(text, path);
  const check = checker(ArtifactFault.badPolicy, path);
  check(typeof cache.segments === "object" && cache.segments !== null, "segments", cache.segments);
  if (cache.score === undefined) return upgradeCachePolicy(recordOf(cache.segments), check);
  check(cache.score === "pair_model" || cache.score === "cosine", "score", cache.score);
  checkAsCalibrated(cache, path);
  check(cache.embedder === null || isEmbedder(cache.embedder), "embedder", cache.embedder);
  check(typeof cache.learnt_answers === "boolean", "learnt_answers", cache.learnt_answers);
  for (const name of ["ttl_s", "max_entries"] as const)
    check(cache[name] === null || isPositive(cache[name]), name, cache[name]);
  for (const [name, segment] of Object.entries(recordOf(cache.segments)))
    check(isSegment(recordOf(segment)), `segments.${name}`, segment);
  return cache as unknown as CachePolicy;
}

/** The embedder whose cosines a policy is on, when this package has it.
 * @throws {ArtifactError} (bad_embedder) if one of that name gives other vectors here */
export function openCacheEmbedder({ embedder: wanted }: CachePolicy, path: string): Embedder | null {
  if (wanted === null || wanted.id !== `hashed-chars-${wanted.dim}`) return null;
  const embedder = hashedEmbedder(wanted.dim);
  if (embedder.sha256 === wanted.sha256) return embedder;
  const message = `${wanted.id} gives other vectors here than where the cache was calibrated (${wanted.sha256.slice(0, 8)}...): install the @signalbox/runtime that it was exported with`;
  throw new ArtifactError(ArtifactFault.badEmbedder, path, message);
}

/** Thresholds hold for the scopes and the neighbours that they were calibrated with, and for no others. */
function checkAsCalibrated({ scope_version: scope, neighbours }: Fields, path: string): void {
  if (scope === SCOPE_VERSION && neighbours === neighboursRead) return;
  const message =
    `calibrated with scope version ${scope} and ${neighbours} neighbours, this runtime has ${SCOPE_VERSION} and ${neighboursRead}: ` +
    "calibrate the cache again with the version that you install";
  throw fault(ArtifactFault.badPolicy, path, message);
}

function upgradeCachePolicy(segments: Fields, check: Check): CachePolicy {
  const upgraded = Object.entries(segments).map(([name, given]): [string, CacheSegment] => {
    const { min_similarity: least, alpha, delta, n, note } = recordOf(given);
    check(isNumberOrNull(least), `segments.${name}.min_similarity`, given);
    const segment = {
      min_score: least as number | null,
      level: least === null ? null : ("own" as const),
      alpha: isNumber(alpha) ? alpha : null,
      delta: isNumber(delta) ? delta : null,
      n: isNumber(n) ? n : 0,
      errors: 0,
      usr_high: null,
      note: isText(note) ? note : "",
      unsafe: null,
      min_similarity: least as number | null,
    };
    return [name, segment];
  });
  return {
    score: "cosine",
    scope_version: null,
    embedder: null,
    neighbours: neighboursRead,
    learnt_answers: false,
    ttl_s: null,
    max_entries: null,
    segments: Object.fromEntries(upgraded),
  };
}

function isSegment({ min_score: least, level, unsafe, ...given }: Fields): boolean {
  return (
    isNumberOrNull(least) &&
    levels.includes(level) &&
    (unsafe === null || isText(unsafe)) &&
    [given.alpha, given.delta, given.usr_high].every(isShareOrNull)
  );
}

function isEmbedder(value: unknown): boolean {
  const { id, sha256, dim } = recordOf(value);
  return isText(id) && /^[0-9a-f]{64}$/.test(String(sha256)) && isPositive(dim);
}

function isPositive(value: unknown): boolean {
  return isNumber(value) && value > 0;
}
