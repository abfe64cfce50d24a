import type { DialPoint, Policy } from "@signalbox/runtime";

/** A policy with another setting of its dial in force: the retention, and every threshold that goes with it. */
export function policyAtPoint(policy: Policy, point: DialPoint): Policy {
  return {
    ...policy,
    retention_target: point.retention,
    thresholds: Object.fromEntries(
      Object.entries(policy.thresholds).map(([model, threshold]) => {
        const least = point.min_sufficiency[model] ?? null;
        const isSame = policy.retention_target === point.retention && threshold.min_sufficiency === least;
        return [model, isSame ? threshold : thresholdAt(policy, point, least, threshold)];
      }),
    ),
  };
}

type Threshold = Policy["thresholds"][string];

function thresholdAt(
  { confidence }: Policy,
  { retention, retention_low }: DialPoint,
  least: number | null,
  { n, note }: Threshold,
): Threshold {
  const promise = `retention of at least ${retention} with ${confidence} confidence`;
  const correction = /; quality corrected by .*$/.exec(note)?.[0] ?? "";
  return least === null
    ? {
        min_sufficiency: null,
        retention_low: null,
        n,
        note: `not certified with ${n} rows for ${promise}${correction}`,
      }
    : {
        min_sufficiency: least,
        retention_low,
        n,
        note: `certified on ${n} held-out rows: ${promise}${correction}`,
      };
}
