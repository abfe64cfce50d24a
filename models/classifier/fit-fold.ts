import { type Ensemble, memberLogits } from "./ensemble.js";
import { type FeatureMatrix, selectRows } from "./feature-matrix.js";
import { fitMembers, type MemberPlan, planForRows } from "./fit-members.js";
import { selectTargets, type Targets } from "./head-loss.js";

/** What the folds of one training share. */
export interface FoldData {
  matrix: FeatureMatrix;
  targets: Targets;
  plan: MemberPlan;
}

/** Fit the members to some rows, then predict others with them. */
export interface FoldTask {
  inside: Int32Array;
  outside: Int32Array;
}

/** A fold's fits, with the logits of its outside rows: (rows, columns) per member. */
export interface FoldResult {
  members: Ensemble;
  logits: Float32Array[];
}

/** Fit one fold. TensorFlow.js must have been started.
 * @param onFit called after each member */
export function fitFold(
  { matrix, targets, plan }: FoldData,
  { inside, outside }: FoldTask,
  onFit: () => void,
): FoldResult {
  const members = fitMembers(
    selectRows(matrix, inside),
    selectTargets(targets, inside),
    planForRows(plan, inside),
    onFit,
  );
  return {
    members,
    logits: outside.length > 0 ? memberLogits(selectRows(matrix, outside), members) : [],
  };
}
