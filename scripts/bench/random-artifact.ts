import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ARTIFACT_SCHEMA_VERSION,
  type ArtifactManifest,
  type CachePolicy,
  chooseModel,
  compilePolicy,
  createKernel,
  decodeOnnx,
  type Engine,
  FEATURISER,
  featurise,
  type GoldenRow,
  type Head,
  type PairModel,
  type Policy,
  type PolicyModel,
  type RouteRequest,
  readRequest,
} from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { encodePairModel } from "../../models/onnx/encode-pair-model.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { goldenCacheRows } from "../../pipelines/export/golden-cache.js";

/** Shape of the random router. */
export interface RandomArtifactOptions {
  seed?: number;
  /** Default random-00000000. */
  id?: string;
  /** Put behind each model's name; default nothing. */
  renamed?: string;
  /** Names of the three models, ascending in cost; default small, medium, large. */
  names?: readonly [string, string, string];
  /** Hidden units of the deep part; 0 = a wide model only. */
  hidden?: number;
  lengthQuantiles?: number[];
  /** Bends of each output's calibration. */
  bends?: number;
  /** Changes to the policy before it is written. */
  policy?: Partial<Policy>;
  cache?: CachePolicy;
  /** Same-answer model of a cache whose score is one. */
  cacheModel?: PairModel;
  golden?: readonly RouteRequest[];
}

type Names = readonly [string, string, string];

function namesOf({ names = ["small", "medium", "large"], renamed = "" }: RandomArtifactOptions): Names {
  return [`${names[0]}${renamed}`, `${names[1]}${renamed}`, `${names[2]}${renamed}`];
}

function headsOf([small, medium]: Names): Head[] {
  return [
    { kind: "sufficiency", model: small },
    { kind: "sufficiency", model: medium },
    { kind: "difficulty", level: 1 },
    { kind: "difficulty", level: 2 },
    { kind: "stakes" },
  ];
}

const goldenRequests: RouteRequest[] = [
  { prompt: "" },
  { prompt: "What is the capital of France?" },
  { prompt: "Prove that there are infinitely many primes.", system: "You are a careful mathematician." },
  { prompt: "👩‍👩‍👧 \ud83d مرحبا 漢字" },
];

/** Write an artifact of the real format and a realistic size whose weights are random: it decides nothing sensible. For
 * benchmarks and tests only.
 * @returns the weights, for comparison with another engine */
export function writeRandomArtifact(folder: string, options: RandomArtifactOptions = {}): RouterWeights {
  const weights = randomWeights(options);
  const model = encodeOnnx(weights);
  const policy: Policy = { ...randomPolicy(namesOf(options)), ...options.policy };
  const kernel = createKernel(decodeOnnx(model));
  const golden = (options.golden ?? goldenRequests).map((request) =>
    goldenRow(request, kernel, { policy, heads: weights.heads, lengthLevels: weights.lengthQuantiles }),
  );
  const files: Record<string, string | Uint8Array> = {
    "model.onnx": model,
    "policy.json": JSON.stringify(policy),
    "cache.json": JSON.stringify(options.cache ?? { segments: {} }),
    "golden.jsonl": jsonLines(golden),
    ...cacheFiles(options),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify(manifestOf(weights, files, options.id ?? "random-00000000")),
  );
  return weights;
}

function cacheFiles({ cache, cacheModel }: RandomArtifactOptions): Record<string, string | Uint8Array> {
  if (cache === undefined) return {};
  const rules = { policy: cache, model: cacheModel ?? null };
  return {
    "golden-cache.jsonl": jsonLines(goldenCacheRows(rules)),
    ...(cacheModel === undefined ? {} : { "cache-model.onnx": encodePairModel(cacheModel) }),
  };
}

function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function randomWeights({
  seed = 1,
  hidden = 32,
  lengthQuantiles = [0.5, 0.9],
  bends = 4,
  ...named
}: RandomArtifactOptions): RouterWeights {
  const heads = headsOf(namesOf(named));
  const { buckets, denseNames, version, hash } = FEATURISER;
  const random = createRandom(seed);
  const uniform = (size: number, scale: number) =>
    Float32Array.from({ length: size }, () => (random.uniform() * 2 - 1) * scale);
  const outputs = heads.length + lengthQuantiles.length;
  const columns = outputs + 1;
  return {
    heads,
    lengthQuantiles,
    featuriser: { version, hash },
    buckets,
    denseFeatures: denseNames.length,
    hidden,
    wideTable: uniform(buckets * columns, 1),
    denseWide: uniform(denseNames.length * columns, 0.5),
    bias: uniform(columns, 0.2),
    deepTable: uniform(buckets * hidden, 0.5),
    denseDeep: uniform(denseNames.length * hidden, 0.5),
    deepBias: uniform(hidden, 0.2),
    deepOut: uniform(hidden * columns, 0.5),
    mix: uniform(2 * columns * outputs, 0.5),
    shift: uniform(outputs, 0.5),
    knots: uniform(outputs * bends, 1),
    bends: uniform(outputs * bends, 0.2),
  };
}

function randomPolicy(names: Names): Policy {
  const [small, medium, large] = names;
  const threshold = (min_sufficiency: number) => ({
    min_sufficiency,
    retention_low: null,
    n: 0,
    note: "random weights",
  });
  return {
    strong_model: large,
    default_model: large,
    models: names.map((model, rank) => policyModel(model, rank)),
    excluded: [],
    retention_target: 0.98,
    confidence: 0.95,
    thresholds: { [small]: threshold(0.6), [medium]: threshold(0.5) },
    in_distribution: wideDistribution(),
    dense_range: { low: FEATURISER.denseNames.map(() => 0), high: FEATURISER.denseNames.map(() => 1) },
    stakes_threshold: 0.8,
    shadow: { rate: 0.1, salt: "random" },
    enabled: true,
  };
}

/** A score that costs what a trained one costs, with limits that no request reaches. */
function wideDistribution(): NonNullable<Policy["in_distribution"]> {
  const each = (value: number) => FEATURISER.denseNames.map(() => value);
  return {
    dense_low: each(0),
    dense_high: each(1),
    score: {
      rarity: Buffer.from(Uint8Array.from({ length: FEATURISER.buckets / 2 }, (_, i) => i * 37)).toString(
        "base64",
      ),
      text_centre: [0.5, 0],
      text_variance: [1, 1],
      text_limit: 100,
      shape_mean: each(0.5),
      shape_scale: each(1),
      shape_limit: 100,
    },
  };
}

function policyModel(model: string, rank: number): PolicyModel {
  return {
    model,
    provider: null,
    input_usd_per_mtok: 10 ** (rank - 1),
    output_usd_per_mtok: 4 * 10 ** (rank - 1),
    mean_cost_usd: null,
    context_window: 128_000,
    supports_tools: true,
    supports_vision: true,
    supports_json: true,
  };
}

function goldenRow(
  request: RouteRequest,
  kernel: Engine,
  { policy, heads, lengthLevels }: { policy: Policy; heads: Head[]; lengthLevels: readonly number[] },
): GoldenRow {
  const features = featurise(request);
  const { ids, weights, dense } = features;
  const { probabilities, lengthQuantiles } = kernel.predict(features);
  const choice = chooseModel(compilePolicy(policy, heads, lengthLevels), {
    read: readRequest(request),
    features,
    probabilities,
    lengthQuantiles,
  });
  return {
    request,
    ids: [...ids],
    weights: [...weights],
    dense: [...dense],
    probabilities: [...probabilities],
    length_quantiles: [...lengthQuantiles],
    ood: choice.ood,
    model: choice.model,
  };
}

function manifestOf(
  weights: RouterWeights,
  files: Record<string, string | Uint8Array>,
  id: string,
): ArtifactManifest {
  return {
    schema_version: ARTIFACT_SCHEMA_VERSION,
    artifact_id: id,
    created_at: "2026-01-01T00:00:00.000Z",
    toolkit_version: "0.1.0",
    featuriser: weights.featuriser,
    heads: weights.heads,
    length_quantiles: weights.lengthQuantiles,
    files: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        { sha256: createHash("sha256").update(content).digest("hex"), bytes: Buffer.byteLength(content) },
      ]),
    ),
    training: {
      rows: 0,
      sessions: 0,
      from: null,
      to: null,
      seed: 1,
      inputs: [],
      label_sources: [],
      is_simulated: true,
    },
    metrics: {},
  };
}
