import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { type UnseenLogits, writeUnseenLogits } from "./unseen-logits.js";

/** What training leaves for export besides its result document. */
export interface TrainedModel {
  weights: RouterWeights;
  policy: Policy;
  provenance: {
    rows: number;
    sessions: number;
    from: string | null;
    to: string | null;
    seed: number;
    inputs: Array<{ path: string; sha256: string }>;
    labelSources: string[];
    isSimulated: boolean;
    /** Models that were added after training, each with the rows that it was fitted to. */
    added?: Array<{ model: string; rows: number; seed: number }>;
  };
}

const arrayNames = [
  "wideTable",
  "denseWide",
  "bias",
  "deepTable",
  "denseDeep",
  "deepBias",
  "deepOut",
  "mix",
  "shift",
  "knots",
  "bends",
] as const;

/** Write workspace/model/: weights.bin (float32, little endian, arrays one after another), model.json, and what the model says
 * about items that it did not see.
 * @returns paths of the first two */
export function writeTrainedModel(
  workspace: Workspace,
  model: TrainedModel & { unseen: UnseenLogits },
): string[] {
  const folder = join(workspace.path, "model");
  mkdirSync(folder, { recursive: true });
  const lengths = Object.fromEntries(arrayNames.map((name) => [name, model.weights[name].length]));
  const values = new Float32Array(arrayNames.reduce((sum, name) => sum + lengths[name]!, 0));
  let offset = 0;
  for (const name of arrayNames) {
    values.set(model.weights[name], offset);
    offset += lengths[name]!;
  }
  const bytes = new Uint8Array(values.buffer);
  const { heads, lengthQuantiles, featuriser, buckets, denseFeatures, hidden } = model.weights;
  const shape = { heads, lengthQuantiles, featuriser, buckets, denseFeatures, hidden, lengths };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const document = {
    schema_version: 1,
    weights_sha256: sha256,
    shape,
    policy: model.policy,
    provenance: model.provenance,
  };
  const paths = [join(folder, "weights.bin"), join(folder, "model.json")];
  writeUnseenLogits(workspace, model.unseen, sha256);
  writeFileAtomic(paths[0]!, bytes);
  writeFileAtomic(paths[1]!, `${JSON.stringify(document, null, 2)}\n`);
  return paths;
}

/** Read what {@link writeTrainedModel} wrote.
 * @throws {InputError} if a file is missing, or isn't what was written */
export function readTrainedModel(workspace: Workspace): TrainedModel {
  const folder = join(workspace.path, "model");
  const document = readJsonFile<{
    weights_sha256: string;
    shape: Omit<RouterWeights, (typeof arrayNames)[number]> & { lengths: Record<string, number> };
    policy: Policy;
    provenance: TrainedModel["provenance"];
  }>(join(folder, "model.json"), trainAgain);
  const { lengths, ...shape } = document.shape;
  const bytes = readWeights(join(folder, "weights.bin"), document.weights_sha256);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let offset = 0;
  const arrays = arrayNames.map((name) => {
    const start = offset;
    offset += lengths[name]!;
    return [name, values.slice(start, offset)] as const;
  });
  const weights = { ...shape, ...Object.fromEntries(arrays) } as RouterWeights;
  return { weights, policy: document.policy, provenance: document.provenance };
}

const trainAgain = "run it again: signalbox train";

function readWeights(path: string, sha256: string): Buffer {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw new InputError(`${path}: not the weights that model.json speaks of; ${trainAgain}`);
  return bytes;
}
