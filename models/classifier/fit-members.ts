import type { Ensemble } from "./ensemble.js";
import type { FeatureMatrix } from "./feature-matrix.js";
import { fitDeep } from "./fit-deep.js";
import { fitLinearPath, type Penalty } from "./fit-linear.js";
import type { Targets } from "./head-loss.js";
import { latentDirections } from "./latent-directions.js";

/** Which members an ensemble has. */
export interface MemberPlan {
  /** Linear members, from strongly to lightly regularised. */
  penalties: readonly Penalty[];
  /** Latent directions for the hidden layer, (buckets, latent); null = no hidden layer. */
  directions: Float32Array | null;
  seed: number;
}

/** From dense features alone to lightly held n-grams. Dense weights are on standardised features. */
const penalties: readonly Penalty[] = [
  { wide: null, dense: 100 },
  { wide: 10, dense: 100 },
  { wide: 3, dense: 100 },
  { wide: 1, dense: 100 },
];
/** The same for few rows, held more firmly. */
const strongPenalties: readonly Penalty[] = [
  { wide: null, dense: 100 },
  { wide: 30, dense: 100 },
  { wide: 10, dense: 100 },
];

/** Below this many rows only the strongly regularised linear members are fitted. */
export const leastRowsForGrid = 400;

const mostLatent = 48;
const rowsPerLatent = 20;

/** Members for as many rows as there are: few rows carry neither light penalties nor a hidden layer.
 * The latent directions are those of all given rows' texts; they see no label. */
export function planMembers(matrix: FeatureMatrix, seed: number): MemberPlan {
  if (matrix.rows < leastRowsForGrid) {
    return { penalties: strongPenalties, directions: null, seed };
  }
  const latent = Math.min(mostLatent, Math.floor(matrix.rows / rowsPerLatent));
  return { penalties, directions: latentDirections(matrix, latent, seed), seed };
}

/** Number of fits that {@link fitMembers} reports. */
export function memberCount(plan: MemberPlan): number {
  return plan.penalties.length + (plan.directions === null ? 0 : 1);
}

/** Fit every member of a plan to the same rows.
 * @param onFit called after each member */
export function fitMembers(
  matrix: FeatureMatrix,
  targets: Targets,
  plan: MemberPlan,
  onFit: () => void = () => {},
): Ensemble {
  const linear = fitLinearPath(matrix, targets, plan.penalties, onFit);
  if (plan.directions === null) return { linear, deep: null };
  const deep = fitDeep(matrix, targets, plan.directions, plan.seed);
  onFit();
  return { linear, deep };
}
