import {
  compileDistribution,
  type DistributionScore,
  type DistributionScorer,
  type FeatureVector,
  meanRarity,
  type Policy,
  rarestLevel,
  scoreDistribution,
} from "@signalbox/runtime";
import type { FeatureMatrix } from "../classifier/feature-matrix.js";
import { rowsWhere } from "../split.js";
import { quantilesOf } from "../statistics/quantiles.js";

/** The exported out-of-distribution score, and what it says about rows that it wasn't fitted to. */
export interface FittedDistribution {
  score: DistributionPolicy;
  /** Per row of the matrix: whether the score flags it, by a table and limits that did not see the row; null = no such. */
  flags: Array<boolean | null>;
}

type DistributionPolicy = NonNullable<NonNullable<Policy["in_distribution"]>["score"]>;

/** Share of in-distribution requests that may be flagged; half of it for each of the two parts. */
export const wantedFalseAlarms = 0.01;

/** Fit the out-of-distribution score: how rare each n-gram bucket is, what rarity a length leads to expect, where the dense
 * features lie, and the limits that 1 % of in-distribution rows exceed.
 *
 * After cross-fitting, each fold is scored by the other folds' table; limits come from all folds' scores, and a row's flag
 * from the limits of the other folds. After a split by time, the table is of the training part, the limits are of the
 * calibration part, and the flags are of the threshold part, whose traffic is younger than both.
 * @param plan how the router's rows were divided
 * @param shapeFeatures dense features that may say "unusual"
 * @see Hendrycks and Gimpel 2017 on baselines; Lee et al. 2018 on Mahalanobis distances; Church and Gale 1995 on rarity */
export function fitDistribution(
  matrix: FeatureMatrix,
  { kind, parts }: { kind: "cross_fit" | "holdout"; parts: Int32Array },
  shapeFeatures: ReadonlySet<number>,
): FittedDistribution {
  const where = (holds: (part: number) => boolean) => rowsWhere(parts, holds);
  if (kind === "holdout") {
    const table = describeRows(
      matrix,
      where((part) => part === 0),
      shapeFeatures,
    );
    const score = setLimits(
      table,
      measure(
        matrix,
        table,
        where((part) => part === 1),
      ),
    );
    return { score, flags: flagRows(matrix, [{ score, rows: where((part) => part === 2) }]) };
  }
  const folds = [...new Set(parts)].map((fold) => {
    const rows = where((part) => part === fold);
    const table = describeRows(
      matrix,
      where((part) => part !== fold),
      shapeFeatures,
    );
    return { rows, table, measured: measure(matrix, table, rows) };
  });
  const own = describeRows(
    matrix,
    where(() => true),
    shapeFeatures,
  );
  return {
    score: setLimits(
      own,
      folds.flatMap(({ measured }) => measured),
    ),
    flags: flagRows(
      matrix,
      folds.map(({ rows, table }) => {
        const others = folds.filter((fold) => fold.rows !== rows).flatMap(({ measured }) => measured);
        return { rows, score: setLimits(table, others) };
      }),
    ),
  };
}

/** A score without its expectations and limits. */
type Table = Pick<DistributionPolicy, "rarity" | "shape_mean" | "shape_scale">;

/** Features that hardly varied count as if they had varied by this much, so that noise alone isn't unusual. */
const leastDeviation = 0.05;

/** Rarity is ln((N + 1) / (df + 1)) / ln(N + 1) in sixteenths, df the rows of N in which a bucket occurs. */
function describeRows(matrix: FeatureMatrix, rows: Int32Array, shapeFeatures: ReadonlySet<number>): Table {
  const { buckets, denseFeatures, offsets, ids, dense } = matrix;
  const frequencies = new Uint32Array(buckets);
  const sums = new Float64Array(denseFeatures);
  const squares = new Float64Array(denseFeatures);
  for (const row of rows) {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) frequencies[ids[at]!]! += 1;
    for (let f = 0; f < denseFeatures; f++) {
      const value = dense[row * denseFeatures + f]!;
      sums[f]! += value;
      squares[f]! += value * value;
    }
  }
  const rarest = Math.log(rows.length + 1);
  const packed = new Uint8Array(buckets / 2);
  frequencies.forEach((df, bucket) => {
    const level = Math.round(rarestLevel * (1 - Math.log(df + 1) / rarest));
    packed[bucket >> 1]! |= bucket % 2 === 0 ? level : level << 4;
  });
  const means = Array.from(sums, (sum) => sum / rows.length);
  const scales = means.map((mean, f) => {
    const variance = Math.max(0, squares[f]! / rows.length - mean * mean);
    return shapeFeatures.has(f) ? 1 / Math.max(leastDeviation, Math.sqrt(variance)) : 0;
  });
  return { rarity: Buffer.from(packed).toString("base64"), shape_mean: means, shape_scale: scales };
}

/** What limits are set by: a row's rarity with its number of n-grams, and its distance. */
interface Measured {
  rarity: number;
  grams: number;
  distance: number;
}

function measure(matrix: FeatureMatrix, table: Table, rows: Int32Array): Measured[] {
  const scorer = scorerOf({
    ...table,
    text_centre: [0, 0],
    text_variance: [1, 0],
    text_limit: 1,
    shape_limit: 1,
  });
  return Array.from(rows).flatMap((row) => {
    const features = featuresOf(matrix, row);
    const rarity = meanRarity(scorer.rarity, features);
    const { shape } = scoreDistribution(scorer, features);
    return rarity === null ? [] : { rarity, grams: features.ids.length, distance: shape };
  });
}

/** Expected rarity is a line in ln n, its variance a floor plus a part that shrinks as 1/n; both by least squares. */
function setLimits(table: Table, measured: readonly Measured[]): DistributionPolicy {
  const [level, slope] = fitLine(
    measured.map(({ grams }) => Math.log(grams)),
    measured.map(({ rarity }) => rarity),
  );
  const residuals = measured.map(({ rarity, grams }) => rarity - level - slope * Math.log(grams));
  const [floor, perGram] = fitVariance(
    measured.map(({ grams }) => 1 / grams),
    residuals.map((residual) => residual ** 2),
  );
  const deviations = residuals.map(
    (residual, i) => residual / Math.sqrt(floor + perGram / measured[i]!.grams),
  );
  return {
    ...table,
    text_centre: [level, slope],
    text_variance: [floor, perGram],
    text_limit: Math.max(leastTextLimit, tailOf(deviations)),
    shape_limit: Math.max(leastShapeLimit, tailOf(measured.map(({ distance }) => distance))),
  };
}

/** Least squares for y = a + b x; a flat line when x doesn't vary. */
function fitLine(x: readonly number[], y: readonly number[]): [number, number] {
  const n = Math.max(1, x.length);
  const meanX = x.reduce((sum, value) => sum + value, 0) / n;
  const meanY = y.reduce((sum, value) => sum + value, 0) / n;
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const slope =
    spread > 1e-9 ? x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) / spread : 0;
  return [meanY - slope * meanX, slope];
}

const leastVariance = 1e-4;

/** The same with both terms kept positive. */
function fitVariance(x: readonly number[], y: readonly number[]): [number, number] {
  const [floor, slope] = fitLine(x, y);
  if (slope < 0) return [Math.max(leastVariance, y.reduce((sum, value) => sum + value, 0) / y.length), 0];
  return [Math.max(leastVariance, floor), slope];
}

/** The value that half of the allowed share exceeds. With few rows it is near their maximum, which one more row exceeds with
 * probability 1 / (rows + 1). */
function tailOf(values: readonly number[]): number {
  return values.length > 0 ? quantilesOf(Float64Array.from(values), [1 - wantedFalseAlarms / 2])[0]! : 0;
}

/** Traffic made of a few templates has light tails: without a least limit, another number in a template would be novel. */
const leastTextLimit = 2.5;
const leastShapeLimit = 1;

function flagRows(
  matrix: FeatureMatrix,
  parts: ReadonlyArray<{ rows: Int32Array; score: DistributionPolicy }>,
): Array<boolean | null> {
  const flags = new Array<boolean | null>(matrix.rows).fill(null);
  for (const { rows, score } of parts) {
    const scorer = scorerOf(score);
    for (const row of rows) flags[row] = isBeyond(scoreDistribution(scorer, featuresOf(matrix, row)));
  }
  return flags;
}

function isBeyond({ text, shape }: DistributionScore): boolean {
  return text > 1 || shape > 1;
}

function scorerOf(score: DistributionPolicy): DistributionScorer {
  return compileDistribution({ dense_low: [], dense_high: [], score })!;
}

/** A row of the matrix as the runtime's featuriser gives it. */
function featuresOf(
  { offsets, ids, weights, dense, denseFeatures }: FeatureMatrix,
  row: number,
): FeatureVector {
  return {
    ids: ids.subarray(offsets[row]!, offsets[row + 1]!),
    weights: weights.subarray(offsets[row]!, offsets[row + 1]!),
    dense: dense.subarray(row * denseFeatures, (row + 1) * denseFeatures),
  };
}
