import { createKernel, decodeOnnx, featurise, type RouteRequest } from "@signalbox/runtime";
import { StageError } from "../../datasets/errors.js";
import { readManifest, type Workspace } from "../../datasets/workspace.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { readTrainedModel } from "../train/model-files.js";

/** How little the workspace's first model knows what to do with a request. */
export interface Uncertainty {
  /** In (0, 1]: 1 where a candidate's sufficiency lies at its threshold, falling with the distance. */
  of: (request: RouteRequest) => number;
  /** Which model says so: part of the run's identity. */
  modelId: string;
}

/** Which requests are drawn more often: none, or those that a first model is unsure of. */
export const LabelFocus = { even: "even", uncertain: "uncertain" } as const;
export type LabelFocus = (typeof LabelFocus)[keyof typeof LabelFocus];

/** The measure that a focus asks for; null = all requests alike.
 * @throws {StageError} if it needs a model and nothing was trained */
export function uncertaintyFor(
  workspace: Workspace,
  focus: LabelFocus = LabelFocus.even,
): Uncertainty | null {
  return focus === LabelFocus.uncertain ? readUncertainty(workspace) : null;
}

/** Read the trained model as a measure of uncertainty. Where no threshold was certified the distance is to 0.5.
 * @see Lewis and Gale 1994, A sequential algorithm for training text classifiers */
function readUncertainty(workspace: Workspace): Uncertainty {
  const trained = readManifest(workspace, "train");
  if (!trained) {
    throw new StageError(
      `${workspace.path}: --focus uncertain needs a first model; label with --focus even, then run: signalbox train`,
    );
  }
  const { weights, policy } = readTrainedModel(workspace);
  const engine = createKernel(decodeOnnx(encodeOnnx(weights)));
  const heads = weights.heads.flatMap((head, place) =>
    head.kind === "sufficiency"
      ? [{ place, threshold: policy.thresholds[head.model]?.min_sufficiency ?? 0.5 }]
      : [],
  );
  return {
    modelId: trained.completed_at,
    of: (request) => {
      const { probabilities } = engine.predict(featurise(request));
      const distances = heads.map(({ place, threshold }) => Math.abs(probabilities[place]! - threshold));
      return Math.exp(-Math.min(...distances) / scale);
    },
  };
}

/** A sufficiency this far from the threshold counts e times less. */
const scale = 0.1;
