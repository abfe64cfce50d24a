import { degreesOfMoments } from "./effective-degrees.js";
import { meanInterval, skewnessOf } from "./mean-interval.js";
import type { Interval } from "./wilson-interval.js";

/** Rows, the clusters that they come in, and the domains (slices) that they belong to. Domains may overlap. */
export interface DomainLayout {
  /** Rows that count, those of one cluster next to each other. */
  rows: Int32Array;
  /** Cluster of each row, by row number. */
  clusters: Int32Array;
  /** Columns by row number, each with one domain of the row, 0 to count - 1; -1 = none. */
  domains: readonly Int32Array[];
  count: number;
}

/** Ratios of two sums in every domain, with the covariance of their errors. */
export interface DomainRatios {
  /** NaN where there is nothing to divide by. */
  values: Float64Array;
  rows: Float64Array;
  clusters: Float64Array;
  /** Numerators and denominators. */
  tops: Float64Array;
  bottoms: Float64Array;
  /** Cluster-robust, row-major, domains by domains. */
  covariance: Float64Array;
  /** Effective degrees of freedom of each variance. */
  degrees: Float64Array;
  /** Of the clusters' residuals. */
  skewness: Float64Array;
}

/** Estimate sum(amount) / sum(per) in every domain at once, for several amounts in two passes over the rows. Linearised residuals are summed
 * within clusters as in `clusterRatio`; their products across domains give the covariance that comparisons and simultaneous intervals need.
 * @param amounts each by row number
 * @param options.per by row number; ones when absent, which makes means
 * @param options.compared places of the amounts whose covariances between domains are wanted; 0 for the others
 * @returns one for each amount
 * @see Cochran 1977, Sampling Techniques, ch. 2.12 (domains) and 9A (clusters) */
export function domainRatios(
  layout: DomainLayout,
  amounts: readonly Float64Array[],
  { per, compared = [] }: { per?: Float64Array; compared?: readonly number[] } = {},
): DomainRatios[] {
  const { count } = layout;
  const column = () => new Float64Array(count);
  const [rows, clusters, bottoms] = [column(), column(), column()];
  const totals = amounts.map(column);
  const laid = layOut(layout, amounts, per);
  eachCluster(laid, (touched, size, sums) => {
    for (let t = 0; t < size; t++) {
      const domain = touched[t]!;
      clusters[domain]! += 1;
      rows[domain]! += sums.rows[domain]!;
      bottoms[domain]! += sums.bottoms[domain]!;
      for (let a = 0; a < totals.length; a++) totals[a]![domain]! += sums.tops[domain * totals.length + a]!;
    }
  });
  const ratios = totals.map((tops) => ({
    values: tops.map((top, domain) => (bottoms[domain] === 0 ? Number.NaN : top / bottoms[domain]!)),
    rows,
    clusters,
    tops,
    bottoms,
    covariance: new Float64Array(count * count),
  }));
  const [cubes, fourths] = [amounts.map(column), amounts.map(column)];
  const residuals = column();
  const isCompared = amounts.map((_, a) => compared.includes(a));
  eachCluster(laid, (touched, size, sums) => {
    for (let a = 0; a < ratios.length; a++) {
      const { values, covariance } = ratios[a]!;
      const fourth = fourths[a]!;
      for (let t = 0; t < size; t++) {
        const domain = touched[t]!;
        const top = sums.tops[domain * ratios.length + a]!;
        const residual = (top - values[domain]! * sums.bottoms[domain]!) / bottoms[domain]!;
        const square = residual * residual;
        residuals[domain] = residual;
        covariance[domain * count + domain]! += square;
        cubes[a]![domain]! += square * residual;
        fourth[domain]! += square * square;
      }
      if (isCompared[a]) addProducts(covariance, residuals, touched, size);
    }
  });
  return ratios.map((ratio, a) => {
    const moments = Array.from({ length: count }, (_, domain) => ({
      count: clusters[domain]!,
      squares: ratio.covariance[domain * count + domain]!,
      cubes: cubes[a]![domain]!,
      fourths: fourths[a]![domain]!,
    }));
    completeCovariance(ratio.covariance, clusters);
    return {
      ...ratio,
      degrees: Float64Array.from(moments, degreesOfMoments),
      skewness: Float64Array.from(moments, skewnessOf),
    };
  });
}

/** Add the products of one cluster's residuals in different domains, below the diagonal. */
function addProducts(
  covariance: Float64Array,
  residuals: Float64Array,
  touched: Int32Array,
  size: number,
): void {
  const count = residuals.length;
  for (let t = 1; t < size; t++) {
    const a = touched[t]!;
    const residual = residuals[a]!;
    if (residual === 0) continue;
    for (let u = 0; u < t; u++) {
      const b = touched[u]!;
      covariance[a > b ? a * count + b : b * count + a]! += residual * residuals[b]!;
    }
  }
}

/** Interval of one domain's ratio, see {@link meanInterval}; without bounds where it rests on one cluster.
 * @param confidence two-sided; for all domains at once by `simultaneousConfidence` */
export function domainInterval(ratios: DomainRatios, domain: number, confidence = 0.95): Interval {
  const value = ratios.values[domain]!;
  const variance = ratios.covariance[domain * ratios.values.length + domain]!;
  if (ratios.clusters[domain]! < 2)
    return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const [count, degrees, skewness] = [
    ratios.clusters[domain]!,
    ratios.degrees[domain]!,
    ratios.skewness[domain]!,
  ];
  return meanInterval({ value, standardError: Math.sqrt(variance), count, degrees, skewness }, confidence);
}

/** Differences of every domain's ratio from one domain's, which may contain it: shared clusters count on both sides. Their skewness is taken
 * as none. */
export function domainGaps(ratios: DomainRatios, reference: number): DomainRatios {
  const count = ratios.values.length;
  const at = (a: number, b: number) => ratios.covariance[a * count + b]!;
  const covariance = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      covariance[a * count + b] = at(a, b) - at(a, reference) - at(reference, b) + at(reference, reference);
    }
    // Rounding must not leave a variance below zero.
    covariance[a * count + a] = Math.max(0, covariance[a * count + a]!);
  }
  const own = ratios.values[reference]!;
  return {
    ...ratios,
    values: ratios.values.map((value) => value - own),
    covariance,
    skewness: new Float64Array(count),
  };
}

interface ClusterSums {
  rows: Float64Array;
  bottoms: Float64Array;
  /** The amounts of a domain next to each other. */
  tops: Float64Array;
}

/** What the passes read, in their order: rows that count lie anywhere in the columns, and reading these there twice takes most of the time. */
interface LaidOutRows {
  layout: DomainLayout;
  /** The amounts of a row next to each other. */
  amounts: Float64Array;
  width: number;
  per: Float64Array | null;
  /** The domains of a row next to each other. */
  domains: Int32Array;
  /** 1 where a row is the last of its cluster. */
  isLast: Uint8Array;
}

/** Lay the rows out in the order in which the passes read them. */
export function layOut(
  layout: DomainLayout,
  amounts: readonly Float64Array[],
  per: Float64Array | undefined,
): LaidOutRows {
  const { rows, clusters, domains } = layout;
  const width = amounts.length;
  const laid: LaidOutRows = {
    layout,
    amounts: new Float64Array(rows.length * width),
    width,
    per: per === undefined ? null : new Float64Array(rows.length),
    domains: new Int32Array(rows.length * domains.length),
    isLast: new Uint8Array(rows.length),
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let a = 0, at = i * width; a < width; a++, at++) laid.amounts[at] = amounts[a]![row]!;
    for (let d = 0, at = i * domains.length; d < domains.length; d++, at++)
      laid.domains[at] = domains[d]![row]!;
    if (laid.per !== null) laid.per[i] = per![row]!;
    laid.isLast[i] = Number(i + 1 === rows.length || clusters[rows[i + 1]!] !== clusters[row]);
  }
  return laid;
}

/** Visit each cluster with its sums in the domains that it touches; both are only lent. */
export function eachCluster(
  { layout, amounts, width, per, domains, isLast }: LaidOutRows,
  visit: (touched: Int32Array, size: number, sums: ClusterSums) => void,
): void {
  const { count } = layout;
  const each = layout.domains.length;
  const column = () => new Float64Array(count);
  const [counts, tops] = [column(), new Float64Array(count * width)];
  // Ones need no sums of their own.
  const bottoms = per === null ? counts : column();
  const sums: ClusterSums = { rows: counts, bottoms, tops };
  const touched = new Int32Array(count);
  let size = 0;
  for (let i = 0; i < isLast.length; i++) {
    const own = i * width;
    for (let d = 0, place = i * each; d < each; d++, place++) {
      const domain = domains[place]!;
      if (domain < 0) continue;
      if (counts[domain] === 0) touched[size++] = domain;
      counts[domain]! += 1;
      if (per !== null) bottoms[domain]! += per[i]!;
      const top = domain * width;
      for (let a = 0; a < width; a++) tops[top + a]! += amounts[own + a]!;
    }
    if (isLast[i] === 0) continue;
    visit(touched, size, sums);
    for (let t = 0; t < size; t++) {
      const domain = touched[t]!;
      counts[domain] = 0;
      bottoms[domain] = 0;
      for (let a = 0, at = domain * width; a < width; a++, at++) tops[at] = 0;
    }
    size = 0;
  }
}

/** Mirror the part below the diagonal, with the factor G / (G - 1) of few clusters. */
function completeCovariance(covariance: Float64Array, clusters: Float64Array): void {
  const count = clusters.length;
  const factor = clusters.map((g) => (g > 1 ? Math.sqrt(g / (g - 1)) : 1));
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      const value = covariance[a * count + b]! * factor[a]! * factor[b]!;
      covariance[a * count + b] = value;
      covariance[b * count + a] = value;
    }
  }
}
