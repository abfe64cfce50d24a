import type { ResidualMoments } from "./mean-interval.js";

/** Degrees of freedom of a variance that is a sum of squared residuals, by matching its own variance to a chi-square's (Satterthwaite
 * 1946): about count - 1 for normal residuals, far fewer when a handful of large ones decide, as with rare losses or
 * unequal weights. Student's t with them makes up for a variance that is itself a guess.
 * @param residuals one per cluster, sum about 0
 * @returns at least 1, at most count - 1
 * @see Bell and McCaffrey 2002 for the idea in survey samples */
export function effectiveDegrees(residuals: Iterable<number>): number {
  return degreesOfMoments(residualMoments(residuals));
}

/** Moments of residuals whose sum is about 0. */
export function residualMoments(residuals: Iterable<number>): ResidualMoments {
  const moments = { count: 0, squares: 0, cubes: 0, fourths: 0 };
  for (const residual of residuals) {
    const square = residual * residual;
    moments.count += 1;
    moments.squares += square;
    moments.cubes += square * residual;
    moments.fourths += square * square;
  }
  return moments;
}

/** {@link effectiveDegrees} from the residuals' moments. */
export function degreesOfMoments(sums: Omit<ResidualMoments, "cubes">): number {
  const { count, squares, fourths } = sums;
  const spread = fourths - squares ** 2 / count;
  const degrees = spread > 0 ? (2 * squares ** 2) / spread : count - 1;
  return Math.max(1, Math.min(count - 1, degrees));
}
