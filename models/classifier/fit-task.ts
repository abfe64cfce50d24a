import { type Ensemble, memberLogits } from "./ensemble.js";
import { type FeatureMatrix, selectRows } from "./feature-matrix.js";
import { fitMembers, type MemberPlan, planForRows } from "./fit-members.js";
import { selectTargets, type Targets } from "./head-loss.js";

/** What every task of one training shares. */
export interface FitData {
  matrix: FeatureMatrix;
  targets: Targets;
  plan: MemberPlan;
}

/** Fit the members to some rows, then predict others with them. */
export interface FitTask {
  inside: Int32Array;
  outside: Int32Array;
}

/** A task's fits, with the logits of its outside rows: (rows, columns) per member. */
export interface FitResult {
  members: Ensemble;
  logits: Float32Array[];
}

/** Do one task. TensorFlow.js must have been started.
 * @param onFit called after each member */
export function runFitTask(
  { matrix, targets, plan }: FitData,
  { inside, outside }: FitTask,
  onFit: () => void,
): FitResult {
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
