import type { Estimate } from "../../datasets/results.js";
import { type DomainRatios, domainGaps, domainInterval } from "../../models/statistics/domain-ratios.js";
import { simultaneousConfidence } from "../../models/statistics/simultaneous-confidence.js";
import { withinShare } from "../misroutes/misroute-figures.js";

/** Retention of each slice and its gap from everyone's, with intervals that hold for all compared slices at once. */
export interface SimultaneousEstimates {
  retention: (domain: number) => Estimate;
  gap: (domain: number) => Estimate;
}

/** Describe retention by domain; domain 0 is everyone.
 * @param ratios with covariances between domains
 * @param compared domains for which the intervals shall hold at once
 * @param confidence that all of them do */
export function simultaneousEstimates(
  ratios: DomainRatios,
  { compared, confidence, how }: { compared: readonly number[]; confidence: number; how: string },
): SimultaneousEstimates {
  const gaps = domainGaps(ratios, 0);
  const size = ratios.values.length;
  const levelOf = ({ covariance }: DomainRatios) =>
    simultaneousConfidence({ covariance, size, members: compared, confidence });
  const [own, between] = [levelOf(ratios), levelOf(gaps)];
  const method = `${how}; 95 % for all slices at once (max-t), clustered by session`;
  return {
    retention: (domain) => ({
      ...withinShare(domainInterval(ratios, domain, domain === 0 ? 0.95 : own)),
      method: domain === 0 ? `${how}; 95 % interval, cluster-robust by session (Student t)` : method,
      n: ratios.rows[domain]!,
    }),
    gap: (domain) => ({ ...domainInterval(gaps, domain, between), method, n: ratios.rows[domain]! }),
  };
}
