import { sampleQuantile } from "../statistics/quantiles.js";
import type { RoutedRows } from "./routing-curve.js";

/** The figures of RouteLLM's own evaluation, point for point, for comparison with its published table. */
export interface RouteLlmMetrics {
  apgr: number;
  /** Share of strong calls, in percent, for 20, 50 and 80 % of the gap. */
  cpt20: number;
  cpt50: number;
  cpt80: number;
}

/** Evaluate scores as RouteLLM's code does: thresholds are the 11 edges of `pandas.qcut(scores, 10)`, APGR is the
 * trapezoid over those points, CPT is `numpy.interp` over qualities (arbitrary where quality isn't monotone).
 * Prefer {@link apgr}: this one depends on where ten edges fall. Where upstream would raise (equal edges), this goes on.
 * @see lm-sys/RouteLLM, routellm/evals/evaluate.py */
export function routeLlmMetrics({ scores, strong, weak }: RoutedRows): RouteLlmMetrics {
  const n = scores.length;
  const sorted = Float64Array.from(scores).sort();
  const points = Array.from({ length: 11 }, (_, edge) => {
    const threshold = sampleQuantile(sorted, edge / 10);
    let calls = 0;
    let quality = 0;
    for (let i = 0; i < n; i++) {
      const isStrong = edge === 10 ? scores[i]! > threshold : scores[i]! >= threshold;
      calls += isStrong ? 1 : 0;
      quality += isStrong ? strong[i]! : weak[i]!;
    }
    return { share: calls / n, quality: quality / n };
  }).sort((a, b) => a.share - b.share);
  const share = points.map((point) => point.share);
  const quality = points.map((point) => point.quality);
  const weakMean = mean(weak);
  const strongMean = mean(strong);
  const width = share[share.length - 1]! - share[0]!;
  const area = trapezoid(quality, share);
  const percentShare = share.map((value) => 100 * value);
  const cpt = (part: number) => interpolate(part * (strongMean - weakMean) + weakMean, quality, percentShare);
  return {
    apgr: (area - weakMean * width) / ((strongMean - weakMean) * width),
    cpt20: cpt(0.2),
    cpt50: cpt(0.5),
    cpt80: cpt(0.8),
  };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function trapezoid(y: readonly number[], x: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}

/** numpy.interp for one value, binary search included, so that unsorted x gives numpy's answer. */
function interpolate(value: number, x: readonly number[], y: readonly number[]): number {
  const last = x.length - 1;
  if (value < x[0]!) return y[0]!;
  if (value >= x[last]!) return y[last]!;
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if (value >= x[middle]!) low = middle + 1;
    else high = middle;
  }
  const j = low - 1;
  if (j >= last) return y[last]!;
  if (x[j] === value) return y[j]!;
  return ((y[j + 1]! - y[j]!) / (x[j + 1]! - x[j]!)) * (value - x[j]!) + y[j]!;
}
