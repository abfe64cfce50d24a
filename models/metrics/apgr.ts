import { type RoutedRows, type RoutingCurve, rankByScore, routingCurve } from "./routing-curve.js";

/** Performance gap recovered: (quality - weak) / (strong - weak). NaN when the models are equally good. */
export function performanceGapRecovered(quality: number, weak: number, strong: number): number {
  return strong === weak ? Number.NaN : (quality - weak) / (strong - weak);
}

/** Average performance gap recovered over all thresholds: the trapezoid area under PGR against the share of strong
 * calls. Random order gives 0.5 in expectation; an oracle of the gain exceeds 1 because it also avoids the rows where only
 * the weak model is right. Ties are straight lines, so discrete scores can be compared too.
 * @param counts weight of each row, such as bootstrap counts
 * @see Ong et al. 2024, RouteLLM, sec. 2.3 */
export function apgr(rows: RoutedRows, counts?: ArrayLike<number>, order = rankByScore(rows.scores)): number {
  return curveApgr(routingCurve(rows, counts, order));
}

/** {@link apgr} of a curve that is already traced. */
function curveApgr({ share, quality }: RoutingCurve): number {
  const weak = quality[0]!;
  const strong = quality[quality.length - 1]!;
  let area = 0;
  for (let i = 1; i < share.length; i++) {
    area += (share[i]! - share[i - 1]!) * ((quality[i]! + quality[i - 1]!) / 2);
  }
  return performanceGapRecovered(area, weak, strong);
}

/** Call-performance threshold: least share of strong calls at which the curve first recovers this part of the gap.
 * @param recovered part of the gap, 0 to 1
 * @returns share in [0, 1]; 1 when the curve never gets there before its end */
export function callPerformanceThreshold({ share, quality }: RoutingCurve, recovered: number): number {
  const weak = quality[0]!;
  const target = weak + recovered * (quality[quality.length - 1]! - weak);
  for (let i = 1; i < share.length; i++) {
    if (quality[i]! < target) continue;
    const rise = quality[i]! - quality[i - 1]!;
    const part = rise === 0 ? 0 : Math.max(0, (target - quality[i - 1]!) / rise);
    return share[i - 1]! + (share[i]! - share[i - 1]!) * part;
  }
  return 1;
}
