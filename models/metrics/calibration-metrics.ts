/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean predicted probability in the bin. */
  predicted: number;
  /** Mean observed target in the bin. */
  observed: number;
  n: number;
}

/** Bins of equal size (by rank) of predicted against observed.
 * @param probabilities in [0, 1]
 * @param targets 0 or 1, or a soft target between
 * @returns at most `bins` bins, ascending; equal predictions stay in one bin */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  bins = 10,
): ReliabilityBin[] {
  const n = probabilities.length;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => probabilities[a]! - probabilities[b]! || a - b,
  );
  const out: ReliabilityBin[] = [];
  let start = 0;
  for (let bin = 1; bin <= bins && start < n; bin++) {
    let end = Math.max(start + 1, Math.round((bin * n) / bins));
    while (end < n && probabilities[order[end]!] === probabilities[order[end - 1]!]) end++;
    let predicted = 0;
    let observed = 0;
    for (let i = start; i < end; i++) {
      predicted += probabilities[order[i]!]!;
      observed += targets[order[i]!]!;
    }
    out.push({ predicted: predicted / (end - start), observed: observed / (end - start), n: end - start });
    start = end;
  }
  return out;
}

/** Expected calibration error over bins of equal size: mean |predicted - observed|, weighted by bin size. It is biased
 * upward in small samples, since noise alone gives a positive value.
 * @see Naeini et al. 2015; equal-mass bins as in Nguyen and O'Connor 2015 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  bins = 10,
): number {
  const all = reliabilityBins(probabilities, targets, bins);
  const n = all.reduce((sum, bin) => sum + bin.n, 0);
  return all.reduce((sum, bin) => sum + (bin.n / n) * Math.abs(bin.predicted - bin.observed), 0);
}

/** Squared error of each probability; its mean is the Brier score. */
export function squaredErrors(probabilities: ArrayLike<number>, targets: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: probabilities.length },
    (_, i) => (probabilities[i]! - targets[i]!) ** 2,
  );
}
