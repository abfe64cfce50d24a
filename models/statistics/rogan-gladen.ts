import { normalQuantile } from "./quantiles.js";
import type { Interval } from "./wilson-interval.js";

/** A share with the number of independent rows that it was measured on. */
export interface MeasuredShare {
  value: number;
  rows: number;
}

/** What an erring judge said, and how it errs. */
export interface JudgedShare {
  /** Share that the judge called sufficient. */
  apparent: MeasuredShare;
  /** P(judge says sufficient | it is): TPR. */
  sensitivity: MeasuredShare;
  /** P(judge says insufficient | it is): TNR. */
  specificity: MeasuredShare;
}

/** Share that an erring judge would have found had it not erred, with the delta method's 95 % interval: the error of the judged
 * share and of both error rates is carried through. It may leave [0, 1], which keeps it unbiased; cut it for show only. Assumes
 * that the judge errs as often in what was judged as in what it was calibrated on.
 * @returns null when the judge is no better than chance (sensitivity + specificity <= 1): then nothing can be corrected
 * @see Rogan and Gladen 1978, Estimating prevalence from the results of a screening test; arXiv 2511.21140 for LLM judges */
export function roganGladen({ apparent, sensitivity, specificity }: JudgedShare): Interval | null {
  const power = sensitivity.value + specificity.value - 1;
  if (!(power > 0)) return null;
  const value = (apparent.value + specificity.value - 1) / power;
  const variance =
    varianceOf(apparent) + value ** 2 * varianceOf(sensitivity) + (1 - value) ** 2 * varianceOf(specificity);
  const half = (normalQuantile(0.975) * Math.sqrt(variance)) / power;
  return { value, low: value - half, high: value + half };
}

/** Lang and Reiczigel's adjusted interval for the same share: shrinks all three shares a little first, as Agresti and Coull do,
 * and so holds its level with few calibration rows and rates near 1, where the delta method is too narrow.
 * @returns the plain corrected share, cut to [0, 1], with the adjusted interval; null when the judge is no better than chance
 * @see Lang and Reiczigel 2014, Confidence limits for prevalence of disease adjusted for estimated sensitivity and specificity */
export function langReiczigel(judged: JudgedShare): Interval | null {
  const plain = roganGladen(judged);
  const z = normalQuantile(0.975);
  const apparent = shrink(judged.apparent, z * z);
  const sensitivity = shrink(judged.sensitivity, 2);
  const specificity = shrink(judged.specificity, 2);
  const power = sensitivity.value + specificity.value - 1;
  if (plain === null || !(power > 0)) return null;
  const value = (apparent.value + specificity.value - 1) / power;
  const shift = 2 * z * z * (value * varianceOf(sensitivity) - (1 - value) * varianceOf(specificity));
  const variance =
    varianceOf(apparent) + value ** 2 * varianceOf(sensitivity) + (1 - value) ** 2 * varianceOf(specificity);
  const half = (z / power) * Math.sqrt(variance);
  const cut = (share: number) => Math.min(1, Math.max(0, share));
  return { value: cut(plain.value), low: cut(value + shift - half), high: cut(value + shift + half) };
}

/** Add so many rows, half of them successes. */
function shrink({ value, rows }: MeasuredShare, added: number): MeasuredShare {
  return { value: (value * rows + added / 2) / (rows + added), rows: rows + added };
}

function varianceOf({ value, rows }: MeasuredShare): number {
  return (value * (1 - value)) / rows;
}
