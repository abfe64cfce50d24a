import { logBeta } from "../beta.js";

/** Evidence that units are not sampled at the designed rate, which may be watched daily. */
export interface SampleRatioProcess {
  /** Natural logarithm of the e-value: under the designed rate it ever reaches ln(1 / alpha) with probability at most alpha. */
  readonly logEvidence: number;
  readonly peak: number;
  add(isSampled: boolean): void;
}

/** Open a sequential test of the sample ratio: the likelihood under a beta-distributed share over that under the designed one. The beta's
 * mean is the rate and it weighs as much as `weight` units, so that it looks for deviations of about sqrt(rate / weight) first.
 * @param rate designed share, inside (0, 1)
 * @see Lindon and Malek 2022, Anytime-valid inference for multinomial count data (sample ratio mismatch) */
export function openSampleRatioProcess(rate: number, weight = 1_000): SampleRatioProcess {
  const [a, b] = [rate * weight, (1 - rate) * weight];
  const start = logBeta(a, b);
  let [sampled, others, logEvidence, peak] = [0, 0, 0, 0];
  return {
    get logEvidence() {
      return logEvidence;
    },
    get peak() {
      return peak;
    },
    add(isSampled) {
      if (isSampled) sampled += 1;
      else others += 1;
      logEvidence =
        logBeta(a + sampled, b + others) - start - sampled * Math.log(rate) - others * Math.log1p(-rate);
      peak = Math.max(peak, logEvidence);
    },
  };
}
