import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CacheRules } from "../cache/cache-decision.js";
import { decodePairModel } from "../cache/pair-model.js";
import { PromptMemory } from "../cache/prompt-memory.js";
import { FEATURISER } from "../features/featurise.js";
import { type DecisionSink, openDecisionLog } from "../log/decision-log.js";
import type { Engine } from "../model/engine.js";
import { createKernel } from "../model/kernel.js";
import { decodeOnnx, type RouterModel } from "../model/onnx-decode.js";
import { ArtifactHolder } from "../router/artifact-holder.js";
import { type CompiledPolicy, compilePolicy } from "../router/compile-policy.js";
import { Router } from "../router/router.js";
import type { LoadedArtifact } from "../router/router-options.js";
import type { ArtifactManifest, GoldenRow } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import { readManifest, readPointer, readPolicy } from "./read-artifact-json.js";
import { openCacheEmbedder, readCachePolicy } from "./read-cache-policy.js";
import { replayGolden } from "./replay-golden.js";
import { replayGoldenCache } from "./replay-golden-cache.js";

/** Makes an engine for a model: from its decoded weights, or from the bytes of model.onnx. */
export type EngineFactory = (source: { model: RouterModel; bytes: Uint8Array }) => Engine | Promise<Engine>;

/** How to load an artifact, and what to do when it cannot be used. */
export interface LoadRouterOptions {
  /** What to do with an artifact that can't be used: "throw" (default), or "default" = answer every request with
   * `defaultModel` and the reason `artifact_unavailable`. */
  onError?: "throw" | "default";
  /** Model for requests that the router doesn't decide; the policy's default model when absent. */
  defaultModel?: string;
  /** Inference engine; the built-in kernel when absent. */
  engine?: EngineFactory;
  /** JSONL file or function that `router.record` writes to; nothing is logged when absent. */
  decisionLog?: string | DecisionSink;
  /** Time of the decision log's records. */
  clock?: () => Date;
}

/** Files without which an artifact can't decide. */
const neededFiles = ["model.onnx", "policy.json", "cache.json", "golden.jsonl"] as const;

/** Load an artifact and check it whole: format version, SHA-256 of every file, featuriser, graph, and its golden rows
 * replayed. A router that loads is one that decides as it did at export.
 * @param folder the artifact's directory, or a directory of artifacts whose latest.json names one
 * @throws {ArtifactError} when the artifact can't be used, unless `onError` is "default" and `defaultModel` is given */
export async function loadRouter(folder: string, options: LoadRouterOptions = {}): Promise<Router> {
  const log = options.decisionLog === undefined ? null : openDecisionLog(options.decisionLog);
  const clock = options.clock ?? (() => new Date());
  try {
    const artifact = await loadArtifact(folder, options.engine);
    const defaultModel = options.defaultModel ?? null;
    return new Router({ artifacts: new ArtifactHolder(artifact), defaultModel, log, clock });
  } catch (error) {
    if (options.onError !== "default" || options.defaultModel === undefined) throw error;
    return new Router({
      artifacts: new ArtifactHolder(null),
      defaultModel: options.defaultModel,
      log,
      clock,
    });
  }
}

async function loadArtifact(given: string, engineFactory?: EngineFactory): Promise<LoadedArtifact> {
  const folder = await resolveFolder(given);
  const manifestPath = join(folder, "manifest.json");
  const manifest = readManifest((await read(manifestPath)).toString("utf8"), manifestPath);
  checkFeaturiser(manifest, manifestPath);
  const files = await readFiles(folder, manifest);
  const text = (name: (typeof neededFiles)[number]) => files.get(name)!.toString("utf8");
  const bytes = files.get("model.onnx")!;
  const model = decodeOnnx(bytes, join(folder, "model.onnx"));
  checkModel(manifest, model, join(folder, "model.onnx"));
  const policy = readPolicy(text("policy.json"), join(folder, "policy.json"), FEATURISER.denseNames.length);
  const cache = readCacheRules(folder, files);
  const embedder = openCacheEmbedder(cache.policy, join(folder, "cache.json"));
  const compiled = compilePolicy(policy, manifest.heads);
  const engine = engineFactory === undefined ? createKernel(model) : await engineFactory({ model, bytes });
  replayRows(text("golden.jsonl"), join(folder, "golden.jsonl"), engine, compiled);
  return { id: manifest.artifact_id, compiled, cache, embedder, engine };
}

/** The folder itself, or the artifact that its latest.json names. */
async function resolveFolder(given: string): Promise<string> {
  const pointer = join(given, "latest.json");
  const text = await readFile(pointer, "utf8").catch(() => null);
  return text === null ? given : join(given, readPointer(text, pointer));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const message = "can't be read; name an artifact's directory, or export the artifact again";
    throw new ArtifactError(ArtifactFault.missingFile, path, message, { cause: error });
  }
}

function checkFeaturiser(manifest: ArtifactManifest, path: string): void {
  const { version, hash } = manifest.featuriser;
  if (version === FEATURISER.version && hash === FEATURISER.hash) return;
  const message =
    `made for featuriser ${version} (${hash.slice(0, 8)}); this runtime has ${FEATURISER.version} (${FEATURISER.hash.slice(0, 8)}): ` +
    "install the @signalbox/runtime that it was trained with, or train again";
  throw new ArtifactError(ArtifactFault.featuriserMismatch, path, message);
}

/** Every file that the manifest lists, checked against its hash. */
async function readFiles(folder: string, manifest: ArtifactManifest): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of neededFiles) {
    if (manifest.files[name] === undefined) {
      const message = `lists no ${name}; export the artifact again`;
      throw new ArtifactError(ArtifactFault.badManifest, join(folder, "manifest.json"), message);
    }
  }
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const path = join(folder, name);
    const bytes = await read(path);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256) {
      const message = `sha256 is ${found.slice(0, 8)}..., the manifest says ${sha256.slice(0, 8)}...; the file was changed or cut off: copy the artifact again`;
      throw new ArtifactError(ArtifactFault.badHash, path, message);
    }
    files.set(name, bytes);
  }
  return files;
}

/** What cached answers are decided with; a policy that names a model comes with it and with golden rows of both. */
function readCacheRules(folder: string, files: ReadonlyMap<string, Buffer>): CacheRules {
  const path = join(folder, "cache.json");
  const policy = readCachePolicy(files.get("cache.json")!.toString("utf8"), path);
  const isCalibrated = Object.values(policy.segments).some(({ level }) => level !== null);
  const needed = (name: string) => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    const message = `cache.json needs ${name}, which the manifest doesn't list; export the artifact again`;
    throw new ArtifactError(ArtifactFault.missingFile, join(folder, name), message);
  };
  const modelPath = join(folder, "cache-model.onnx");
  const model = policy.score === "pair_model" ? decodePairModel(needed("cache-model.onnx"), modelPath) : null;
  const rules = { policy, model, memory: new PromptMemory() };
  if (isCalibrated && policy.scope_version !== null) {
    const golden = needed("golden-cache.jsonl").toString("utf8");
    replayGoldenCache(golden, join(folder, "golden-cache.jsonl"), rules);
  }
  return rules;
}

/** The model must have the shape that the featuriser feeds and the heads that the manifest names. */
function checkModel(manifest: ArtifactManifest, model: RouterModel, path: string): void {
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

function replayRows(text: string, path: string, engine: Engine, compiled: CompiledPolicy): void {
  let rows: Array<GoldenRow | null>;
  try {
    rows = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as GoldenRow | null]));
  } catch (error) {
    throw new ArtifactError(ArtifactFault.badJson, path, "not JSONL; export the artifact again", {
      cause: error,
    });
  }
  if (rows.length === 0)
    throw new ArtifactError(ArtifactFault.goldenMismatch, path, "has no rows; export the artifact again");
  rows.forEach((row, i) => {
    const difference = row === null ? "is empty" : replayGolden(row, engine, compiled);
    if (difference === null) return;
    const message = `row ${i + 1}: ${difference}; this runtime does not decide as the exporter did: export with the same version`;
    throw new ArtifactError(ArtifactFault.goldenMismatch, path, message);
  });
}
