import type { CacheRules } from "../cache/cache-decision.js";
import { decodePairModel } from "../cache/pair-model.js";
import { PromptMemory } from "../cache/prompt-memory.js";
import type { Breather } from "../life/breather.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactSource } from "./artifact-source.js";
import { readCachePolicy } from "./read-cache-policy.js";
import { replayGoldenCache } from "./replay-golden-cache.js";

/** Read what cached answers are decided with; a policy that names a model comes with it and with golden rows of both.
 * @throws {ArtifactError} bad_json, bad_policy, missing_file, golden_mismatch */
export async function readCacheRules(
  source: ArtifactSource,
  files: ReadonlyMap<string, Uint8Array>,
  breathe: Breather,
): Promise<CacheRules> {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const needed = (name: string) => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    const message = `cache.json needs ${name}, which the manifest doesn't list; export the artifact again`;
    throw new ArtifactError(ArtifactFault.missingFile, source.pathOf(name), message);
  };
  const policy = readCachePolicy(text(needed("cache.json")), source.pathOf("cache.json"));
  const isCalibrated = Object.values(policy.segments).some(({ level }) => level !== null);
  const modelPath = source.pathOf("cache-model.onnx");
  const model = policy.score === "pair_model" ? decodePairModel(needed("cache-model.onnx"), modelPath) : null;
  const rules = { policy, model, memory: new PromptMemory() };
  if (isCalibrated && policy.scope_version !== null) {
    const name = "golden-cache.jsonl";
    await replayGoldenCache(text(needed(name)), source.pathOf(name), { rules, breathe });
  }
  return rules;
}
