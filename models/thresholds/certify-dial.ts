import {
  type Certification,
  type CertificationRows,
  certifyJudged,
  judgeThresholds,
} from "./certify-retention.js";

/** Retentions that a budget dial offers beside the one that was asked for. */
const dialRetentions = [0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995] as const;

/** A certified setting of the dial. */
export interface DialCertification extends Certification {
  retention: number;
}

/** Settings of a budget dial, from loose to strict.
 * @param target retention that must be among them */
export function dialPoints(target: number): number[] {
  return [...new Set([...dialRetentions, target])].sort((a, b) => a - b);
}

/** Certify a threshold for each retention from one judgement of the grid. Each promise holds by itself with the stated confidence;
 * that all hold together is not promised. One setting is in force at a time, and a Bonferroni correction over eight would ask for
 * about twice the rows (in tests/models/thresholds some promise of seven breaks in 11 % of 300 worlds, each alone in 2 to 5 %). Who wants all of them at once trains with confidence 1 - (1 - confidence) / 8. A stricter retention never
 * gets a looser threshold.
 * @see {@link certifyRetention} */
export function certifyDial(
  rows: CertificationRows,
  { retentions, confidence }: { retentions: readonly number[]; confidence: number },
): DialCertification[] {
  const judged = judgeThresholds(rows, confidence);
  return retentions.map((retention) => ({
    retention,
    ...certifyJudged(judged, { retention, rows: rows.strongQuality.length }),
  }));
}
