import { createRequire } from "node:module";
import { ArtifactError, ArtifactFault } from "../artifact/artifact-error.js";
import type { EngineFactory } from "../artifact/load-artifact.js";
import type { FeatureVector } from "../features/featurise.js";
import type { Prediction } from "./engine.js";

/** Run the exported graph in onnxruntime-node, on one thread. Its public `run` is asynchronous, but only postpones a call of a synchronous
 * native session; `decide` calls that session itself.
 * @throws {ArtifactError} bad_engine when onnxruntime-node is missing or has no such session; bad_model when it refuses the graph */
export const onnxruntimeEngine: EngineFactory = ({ bytes }) => {
  const { InferenceSession, Tensor } = openNativeBinding();
  const session = new InferenceSession();
  try {
    session.loadModel(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength, sessionOptions);
  } catch (cause) {
    const message = "onnxruntime-node doesn't open it; export the artifact again";
    throw new ArtifactError(ArtifactFault.badModel, "model.onnx", message, { cause });
  }
  const fetches = Object.fromEntries(session.outputMetadata.map(({ name }) => [name, null]));
  return {
    name: "onnxruntime-node",
    isDeterministic: true,
    predict: (features) => readOutputs(session.run(feedsOf(features, Tensor), fetches, {})),
  };
};

/** One thread: a request is too small to share, and results stay the same to the bit. */
const sessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
};

type Tensors = Record<string, { data: ArrayLike<number> }>;
type TensorClass = new (type: string, data: unknown, dims: readonly number[]) => object;

/** The part of onnxruntime-node's binding that is used; dist/binding.d.ts there has all of it. */
interface NativeSession {
  loadModel(buffer: ArrayBuffer, offset: number, length: number, options: object): void;
  readonly outputMetadata: ReadonlyArray<{ name: string }>;
  run(feeds: Record<string, object>, fetches: Record<string, null>, options: object): Tensors;
}

interface Native {
  InferenceSession: new () => NativeSession;
  Tensor: TensorClass;
}

function openNativeBinding(): Native {
  const require = createRequire(import.meta.url);
  const refuse = (message: string, cause?: unknown) =>
    new ArtifactError(ArtifactFault.badEngine, "onnxruntime-node", message, { cause });
  let loaded: { binding?: Partial<Native>; initOrt?: () => void };
  let tensor: TensorClass | undefined;
  try {
    tensor = require("onnxruntime-node").Tensor;
    loaded = require("onnxruntime-node/dist/binding.js");
  } catch (cause) {
    throw refuse("can't be loaded; install it, or leave out the option engine", cause);
  }
  const { InferenceSession } = loaded.binding ?? {};
  const methods = InferenceSession?.prototype as Partial<NativeSession> | undefined;
  const isKnown = typeof methods?.run === "function" && typeof methods.loadModel === "function";
  if (!isKnown || InferenceSession === undefined || tensor === undefined || loaded.initOrt === undefined)
    throw refuse(
      "has no synchronous native session in this version; install 1.30, or leave out the option engine",
    );
  loaded.initOrt();
  return { InferenceSession, Tensor: tensor };
}

function feedsOf({ ids, weights, dense }: FeatureVector, Tensor: TensorClass): Record<string, object> {
  const length = Math.max(1, ids.length);
  const words = new Int32Array(2 * length);
  for (let i = 0; i < ids.length; i++) words[2 * i] = ids[i]!;
  const padded = new Float32Array(length);
  padded.set(weights);
  return {
    ids: new Tensor("int64", new BigInt64Array(words.buffer), [1, length]),
    weights: new Tensor("float32", padded, [1, length]),
    dense: new Tensor("float32", Float32Array.from(dense), [1, dense.length]),
  };
}

function readOutputs({ probabilities, length_quantiles: lengths }: Tensors): Prediction {
  return {
    probabilities: Float64Array.from(probabilities!.data),
    lengthQuantiles: Float64Array.from(lengths?.data ?? []),
  };
}
