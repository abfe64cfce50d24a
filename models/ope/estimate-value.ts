import type { Estimate } from "../../datasets/results.js";
import { clusterRatio, clusterRatioInterval } from "../statistics/cluster-ratio.js";
import type { OpeRows } from "./ope-rows.js";

/** A target's value and how it differs from what was logged, both with session-clustered 95 % intervals. */
export interface ValueEstimate {
  value: Estimate;
  /** Target minus log, on the same rows: what they share cancels. */
  difference: Estimate;
}

/** Turn an estimator's linearised values into estimates with intervals.
 * @param values of an estimator, one per row: their mean is its estimate
 * @param how the estimator's name, for the estimate's method */
export function estimateValue(
  values: Float64Array,
  { reward, clusters }: Pick<OpeRows, "reward" | "clusters">,
  how: string,
): ValueEstimate {
  const method = `${how}; 95 % cluster-robust by session (Student t)`;
  const ones = new Float64Array(values.length).fill(1);
  const estimate = (of: Float64Array): Estimate => ({
    ...clusterRatioInterval(clusterRatio(of, ones, clusters)),
    method,
    n: values.length,
  });
  return {
    value: estimate(values),
    difference: estimate(values.map((value, row) => value - reward[row]!)),
  };
}
