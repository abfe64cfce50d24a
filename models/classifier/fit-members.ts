import type { Ensemble } from "./ensemble.js";
import { type FeatureMatrix, poolTable } from "./feature-matrix.js";
import type { Penalty } from "./fit-columns.js";
import { fitDeep, type LatentSpace } from "./fit-deep.js";
import { fitLinearPath } from "./fit-linear.js";
import type { Targets } from "./head-loss.js";
import { latentDirections } from "./latent-directions.js";

/** Which members an ensemble has. */
export interface MemberPlan {
  /** Linear members, from strongly to lightly regularised. */
  penalties: readonly Penalty[];
  /** What the hidden layer sees of the n-grams; null = no hidden layer. */
  latent: LatentSpace | null;
  seed: number;
}

/** From dense features alone to lightly held n-grams. Dense weights are on standardised features. */
const penalties: readonly Penalty[] = [
  { wide: null, dense: 100 },
  { wide: 10, dense: 100 },
  { wide: 3, dense: 100 },
];
/** With few rows single words decide less reliably, and averaging over more strengths pays; with many the lightest hold
 * costs most of the time and ranks worse than the others (docs/lab-notes.md). */
const lightPenalty: Penalty = { wide: 1, dense: 100 };
const mostRowsForLight = 5_000;

/** The same for very few rows, held more firmly. */
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
    return { penalties: strongPenalties, latent: null, seed };
  }
  const count = Math.min(mostLatent, Math.floor(matrix.rows / rowsPerLatent));
  const directions = latentDirections(matrix, count, seed);
  const grid = matrix.rows <= mostRowsForLight ? [...penalties, lightPenalty] : penalties;
  return {
    penalties: grid,
    latent: { count, directions, places: poolTable(matrix, directions, count) },
    seed,
  };
}

/** The plan for some of its rows: their places in the same latent space. */
export function planForRows(plan: MemberPlan, rows: ArrayLike<number>): MemberPlan {
  if (plan.latent === null) return plan;
  const { count, places } = plan.latent;
  const selected = new Float32Array(rows.length * count);
  for (let i = 0; i < rows.length; i++)
    selected.set(places.subarray(rows[i]! * count, (rows[i]! + 1) * count), i * count);
  return { ...plan, latent: { ...plan.latent, places: selected } };
}

/** Number of fits that {@link fitMembers} reports. */
export function memberCount(plan: MemberPlan): number {
  return plan.penalties.length + (plan.latent === null ? 0 : 1);
}

/** Fit every member of a plan to the same rows, those that the plan was made for or {@link planForRows} of them.
 * @param onFit called after each member */
export function fitMembers(
  matrix: FeatureMatrix,
  targets: Targets,
  plan: MemberPlan,
  onFit: () => void = () => {},
): Ensemble {
  const linear = fitLinearPath(matrix, targets, plan.penalties, onFit);
  if (plan.latent === null) return { linear, deep: null };
  const deep = fitDeep(matrix, targets, plan.latent, plan.seed);
  onFit();
  return { linear, deep };
}
