import { FEATURISER } from "../features/featurise.js";
import type { RouterModel } from "../model/onnx-decode.js";
import type { ArtifactManifest } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";

/** Files without which an artifact can't decide. */
export const neededFiles = ["model.onnx", "policy.json", "cache.json", "golden.jsonl"] as const;

/** The manifest must be for this featuriser, and list the files that decide.
 * @throws {ArtifactError} featuriser_mismatch, bad_manifest */
export function checkManifest(manifest: ArtifactManifest, path: string): void {
  const { version, hash } = manifest.featuriser;
  if (version !== FEATURISER.version || hash !== FEATURISER.hash) {
    const message =
      `made for featuriser ${version} (${hash.slice(0, 8)}); this runtime has ${FEATURISER.version} (${FEATURISER.hash.slice(0, 8)}): ` +
      "install the @signalbox/runtime that it was trained with, or train again";
    throw new ArtifactError(ArtifactFault.featuriserMismatch, path, message);
  }
  const missing = neededFiles.find((name) => !Object.hasOwn(manifest.files, name));
  if (missing === undefined) return;
  throw new ArtifactError(ArtifactFault.badManifest, path, `lists no ${missing}; export the artifact again`);
}

/** The model must have the shape that the featuriser feeds and the heads that the manifest names.
 * @throws {ArtifactError} bad_model */
export function checkModel(manifest: ArtifactManifest, model: RouterModel, path: string): void {
  const problems = [
    [model.buckets, FEATURISER.buckets, "buckets"],
    [model.denseFeatures, FEATURISER.denseNames.length, "dense features"],
    [model.probabilities, manifest.heads.length, "probability heads"],
    [model.lengthQuantiles, manifest.length_quantiles.length, "length quantiles"],
    [model.metadata.heads, JSON.stringify(manifest.heads), "heads"],
    [model.metadata.featuriser_hash, FEATURISER.hash, "featuriser"],
  ] as const;
  for (const [found, wanted, what] of problems) {
    if (found === wanted) continue;
    const message = `${what}: ${found}, expected ${wanted}; export the artifact again`;
    throw new ArtifactError(ArtifactFault.badModel, path, message);
  }
}
