import type { SimulateTiming } from "../../datasets/results.js";
import { type ReplayColumns, tookStepUs } from "./replay-columns.js";

/** How long decisions took, from their counts by step. */
export function simulateTiming(
  { took }: Pick<ReplayColumns, "took">,
  seconds: SimulateTiming["seconds"],
): SimulateTiming {
  const decisions = took.reduce((sum, count) => sum + count, 0);
  const mean = took.reduce((sum, count, step) => sum + count * (step + 0.5) * tookStepUs, 0) / decisions;
  const quantile = (share: number): number => {
    let left = share * decisions;
    const step = took.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return (step + 1) * tookStepUs;
  };
  return {
    schema_version: 1,
    decisions,
    decide_us:
      decisions === 0
        ? null
        : {
            mean: Math.round(mean * 10) / 10,
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
          },
    seconds,
  };
}
