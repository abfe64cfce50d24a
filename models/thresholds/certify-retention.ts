import { normalQuantile, sampleQuantile, studentQuantile } from "../statistics/quantiles.js";

/** What is known about rows that neither training nor calibration saw: quality and cost of every model that may answer. */
export interface CertificationRows {
  /** Calibrated sufficiency of each candidate, one array per candidate, cheapest candidate first. */
  sufficiency: ReadonlyArray<ArrayLike<number>>;
  /** Quality of each candidate in the same order, 0 to 1. */
  quality: ReadonlyArray<ArrayLike<number>>;
  /** Quality of the strong model, which answers when no candidate clears the threshold. */
  strongQuality: ArrayLike<number>;
  /** Quality of what answers when no candidate clears the threshold, where that isn't always the strong model: other models may
   * answer by thresholds of their own, which the dial leaves as they are. */
  fallbackQuality?: ArrayLike<number>;
  /** Cluster (session) number of each row. */
  clusters: ArrayLike<number>;
  /** Weight of each row, the inverse of its inclusion probability; 1 when absent. */
  weights?: ArrayLike<number>;
  /** Rows that a single unseen loss may stand for: 1 when quality is known of every row; the largest inverse chance of being rated
   * when quality was corrected by ratings of some rows. */
  lossUnit?: number;
}

/** One threshold on the dial, judged. */
export interface JudgedThreshold {
  threshold: number;
  /** Share of rows that no candidate answers: they stay with the strong model, or what answers in its place. */
  strongShare: number;
  /** Mean routed quality over mean quality of the strong model. */
  retention: number;
  /** One-sided lower confidence bound of it. */
  retentionLow: number;
}

/** A certified dial setting, or why there is none. */
export interface Certification {
  /** Least sufficiency at which a candidate may answer; null when none can be certified. */
  threshold: number | null;
  retentionLow: number | null;
  rows: number;
  /** Rows that would about suffice when none is certified; null when no number of rows would. */
  rowsNeeded: number | null;
  /** The whole dial from strict to loose. Only the tested part up to the first failure was used. */
  dial: JudgedThreshold[];
}

/** Certify the loosest threshold whose quality retention is at least the target with the stated confidence.
 * One dial applies to all candidates: the cheapest candidate whose sufficiency reaches the threshold answers. A grid that
 * depends on the scores alone, never on quality, is tested from strict to loose and the first failure ends it, so the
 * family-wise error is the single test's (fixed-sequence testing).
 * @param retention least ratio of routed to strong quality, such as 0.98
 * @param confidence one-sided, such as 0.95
 * @see Angelopoulos et al. 2021, Learn then Test, sec. 2.3; Bauer 1991 for fixed sequences */
export function certifyRetention(
  rows: CertificationRows,
  { retention, confidence }: { retention: number; confidence: number },
): Certification {
  return certifyJudged(judgeThresholds(rows, confidence), { retention, rows: rows.strongQuality.length });
}

/** Judge every threshold of the grid, from strict to loose: what takes the time, and is the same for every retention. */
export function judgeThresholds(rows: CertificationRows, confidence: number): JudgedThreshold[] {
  return thresholdGrid(rows.sufficiency).map((threshold) => judge(rows, threshold, confidence));
}

/** Certify one retention from judged thresholds; see {@link certifyRetention}.
 * @param rows how many they were judged on */
export function certifyJudged(
  dial: JudgedThreshold[],
  { retention, rows }: { retention: number; rows: number },
): Certification {
  const firstFailure = dial.findIndex((setting) => !(setting.retentionLow >= retention));
  const passed = firstFailure === -1 ? dial : dial.slice(0, firstFailure);
  // A setting that routes nothing away proves nothing and saves nothing.
  const best = passed.findLast((setting) => setting.strongShare < 1);
  return {
    threshold: best?.threshold ?? null,
    retentionLow: best?.retentionLow ?? null,
    rows,
    rowsNeeded: best ? null : estimateRowsNeeded(dial, retention, rows),
    dial,
  };
}

/** Thresholds from strict to loose: the 200-quantiles of all candidates' sufficiency, then 0 (the cheapest candidate
 * answers everything that nothing else holds back). */
function thresholdGrid(sufficiency: CertificationRows["sufficiency"]): number[] {
  const sorted = Float64Array.from(
    sufficiency.flatMap((scores) => Array.from(scores)).filter((score) => score > 0),
  ).sort();
  if (sorted.length === 0) return [0];
  const quantiles = Array.from({ length: gridSize }, (_, i) =>
    sampleQuantile(sorted, 1 - (i + 1) / gridSize),
  );
  return [...new Set([...quantiles, 0])];
}

const gridSize = 200;

/** Index of the candidate that answers a row at a threshold, or -1 for the strong model. */
export function candidateAt(
  sufficiency: ReadonlyArray<ArrayLike<number>>,
  row: number,
  threshold: number,
): number {
  for (let c = 0; c < sufficiency.length; c++) if (sufficiency[c]![row]! >= threshold) return c;
  return -1;
}

/** Lower bound by the cluster-robust linearised ratio, after adding a prior of z^2 / 2 lost clusters. The prior makes up
 * for the skew of rare losses: with no loss seen it gives the bound of the exact (Clopper-Pearson) rule of three, and it
 * fades as 1/n. A lost pseudo-cluster has the typical size of a row's cluster and loses the largest quality difference; where
 * ratings of some rows speak for all, it is at least as large as what one rating stands for. */
function judge(rows: CertificationRows, threshold: number, confidence: number): JudgedThreshold {
  const { sufficiency, quality, strongQuality, clusters, weights, lossUnit = 1 } = rows;
  const { fallbackQuality = strongQuality } = rows;
  const n = strongQuality.length;
  let routed = 0;
  let strong = 0;
  let total = 0;
  let stayed = 0;
  let squares = 0;
  const loss = new Map<number, { loss: number; strong: number; weight: number }>();
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1;
    const c = candidateAt(sufficiency, i, threshold);
    const answered = c < 0 ? fallbackQuality[i]! : quality[c]![i]!;
    routed += weight * answered;
    strong += weight * strongQuality[i]!;
    total += weight;
    squares += weight * weight;
    if (c < 0) stayed += weight;
    const cluster = loss.get(clusters[i]!);
    const lost = weight * (strongQuality[i]! - answered);
    if (cluster) {
      cluster.loss += lost;
      cluster.strong += weight * strongQuality[i]!;
      cluster.weight += weight;
    } else loss.set(clusters[i]!, { loss: lost, strong: weight * strongQuality[i]!, weight });
  }
  const value = routed / strong;
  const retentionLow = lowerBound([...loss.values()], {
    strong,
    total,
    confidence,
    leastSize: (lossUnit * squares) / total,
  });
  return { threshold, strongShare: stayed / total, retention: value, retentionLow };
}

function lowerBound(
  clusters: ReadonlyArray<{ loss: number; strong: number; weight: number }>,
  {
    strong,
    total,
    confidence,
    leastSize,
  }: { strong: number; total: number; confidence: number; leastSize: number },
): number {
  const count = clusters.length;
  if (count < 2 || !(strong > 0)) return Number.NEGATIVE_INFINITY;
  const squaredWeights = clusters.reduce((sum, cluster) => sum + cluster.weight * cluster.weight, 0);
  const size = Math.max(leastSize, squaredWeights / total);
  const pseudo = normalQuantile(confidence) ** 2 / 2;
  const lossShare = (clusters.reduce((sum, cluster) => sum + cluster.loss, 0) + pseudo * size) / strong;
  const squares = clusters.reduce(
    (sum, cluster) => sum + (cluster.loss - lossShare * cluster.strong) ** 2,
    0,
  );
  const pseudoSquares = pseudo * size * size;
  const standardError = Math.sqrt(((squares + pseudoSquares) * count) / (count - 1)) / strong;
  return 1 - lossShare - studentQuantile(confidence, count - 1) * standardError;
}

/** Least number of rows at which some setting would pass if its observed retention held, both parts of the bound's
 * slack shrinking as they do: treated together as 1/sqrt(n), which errs on the side of more rows. */
function estimateRowsNeeded(dial: readonly JudgedThreshold[], target: number, n: number): number | null {
  let least: number | null = null;
  for (const { strongShare, retention, retentionLow } of dial) {
    const margin = retention - target;
    if (strongShare >= 1 || margin <= 0 || !Number.isFinite(retentionLow)) continue;
    const needed = Math.ceil(n * ((retention - retentionLow) / margin) ** 2);
    if (least === null || needed < least) least = needed;
  }
  return least;
}
