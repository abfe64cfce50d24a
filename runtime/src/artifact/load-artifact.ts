import { FEATURISER } from "../features/featurise.js";
import { sha256Hex } from "../hash/sha256.js";
import type { Breather } from "../life/breather.js";
import type { Engine } from "../model/engine.js";
import { createKernel } from "../model/kernel.js";
import { decodeOnnx, type RouterModel } from "../model/onnx-decode.js";
import { createScalarPool } from "../model/pool-scalar.js";
import { createSimdPoolInSteps } from "../model/pool-simd.js";
import { compilePolicy } from "../router/compile-policy.js";
import type { LoadedArtifact } from "../router/router-options.js";
import type { ArtifactSource } from "./artifact-source.js";
import { checkManifest, checkModel } from "./check-artifact.js";
import { checkSignature, type SignatureCheck } from "./check-signature.js";
import { readArtifactFiles, readNeeded } from "./read-artifact-files.js";
import { readManifest, readPolicy } from "./read-artifact-json.js";
import { openCacheEmbedder } from "./read-cache-policy.js";
import { readCacheRules } from "./read-cache-rules.js";
import { replayGolden } from "./replay-golden.js";

/** Makes an engine for a model: from its decoded weights, or from the bytes of model.onnx. */
export type EngineFactory = (source: { model: RouterModel; bytes: Uint8Array }) => Engine | Promise<Engine>;

/** How an artifact is read and checked. */
export interface LoadArtifactOptions {
  /** The built-in kernel when absent. */
  engine?: EngineFactory;
  /** Checks manifest.sig; no signature is asked for when null. */
  signature: SignatureCheck | null;
  /** Called between the steps of the work. */
  breathe: Breather;
}

/** Load an artifact and check it whole: signature if one is asked for, format version, SHA-256 of every file, featuriser, graph, and its
 * golden rows replayed. An artifact that loads decides as it did at export.
 * @throws {ArtifactError} when it can't be used */
export async function loadArtifact(
  source: ArtifactSource,
  { engine: makeEngine, signature, breathe }: LoadArtifactOptions,
): Promise<LoadedArtifact> {
  const path = (name: string) => source.pathOf(name);
  const manifestBytes = await readNeeded(source, "manifest.json");
  if (signature !== null) await checkSignature(source, manifestBytes, signature);
  const manifest = readManifest(textOf(manifestBytes), path("manifest.json"));
  checkManifest(manifest, path("manifest.json"));
  const files = await readArtifactFiles(source, manifest, breathe);
  const bytes = files.get("model.onnx")!;
  const model = decodeOnnx(bytes, path("model.onnx"));
  checkModel(manifest, model, path("model.onnx"));
  await breathe();
  const policyText = textOf(files.get("policy.json")!);
  const compiled = compilePolicy(
    readPolicy(policyText, path("policy.json"), FEATURISER.denseNames.length),
    manifest.heads,
    manifest.length_quantiles,
  );
  const cache = await readCacheRules(source, files, breathe);
  const embedder = openCacheEmbedder(cache.policy, path("cache.json"));
  await breathe();
  const engine =
    makeEngine === undefined ? await openKernel(model, breathe) : await makeEngine({ model, bytes });
  await breathe();
  const goldenText = textOf(files.get("golden.jsonl")!);
  const golden = await replayGolden(goldenText, path("golden.jsonl"), { engine, compiled, breathe });
  const manifestSha256 = sha256Hex(manifestBytes);
  return { id: manifest.artifact_id, manifestSha256, compiled, cache, embedder, engine, golden };
}

async function openKernel(model: RouterModel, breathe: Breather): Promise<Engine> {
  return createKernel(model, (await createSimdPoolInSteps(model, breathe)) ?? createScalarPool(model));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
