import type { Estimate } from "../../datasets/results.js";
import { clusterRatio, clusterRatioInterval } from "./cluster-ratio.js";

const clustered = "95 % interval, cluster-robust by session (Student t)";

/** Total of a per-request amount with a session-clustered interval.
 * @param amounts one per request, USD
 * @param sessions session number of each request */
export function estimateTotal(amounts: Float64Array, sessions: Int32Array, how: string): Estimate {
  const mean = clusterRatioInterval(clusterRatio(amounts, ones(amounts.length), sessions));
  const scale = (value: number) => value * amounts.length;
  return {
    value: scale(mean.value),
    low: scale(mean.low),
    high: scale(mean.high),
    method: `${how}; ${clustered}`,
    n: amounts.length,
  };
}

/** Mean of a per-request value in [0, 1] with a session-clustered interval. */
export function estimateMean(values: Float64Array, sessions: Int32Array, how: string): Estimate {
  const { value, low, high } = clusterRatioInterval(clusterRatio(values, ones(values.length), sessions));
  return {
    value,
    low: Math.max(0, low),
    high: Math.min(1, high),
    method: `${how}; ${clustered}`,
    n: values.length,
  };
}

function ones(length: number): Float64Array {
  return new Float64Array(length).fill(1);
}
