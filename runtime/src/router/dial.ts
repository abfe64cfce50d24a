import type { Policy } from "../artifact/artifact.js";

/** Least sufficiency of each model, by its place; null = not certified. */
export type Thresholds = ReadonlyArray<number | null>;

/** The settings of a policy's dial. */
export interface Dial {
  /** In force where nobody names another: the point at `retention_target` if there is one, else the policy's `thresholds`. */
  standing: Thresholds;
  /** From loose to strict. */
  points: ReadonlyArray<{ retention: number; thresholds: Thresholds }>;
  /** Beyond the strictest point. */
  nothing: Thresholds;
}

/** Compile a policy's dial.
 * @param names the policy's models, by cost */
export function compileDial(policy: Policy, names: readonly string[]): Dial {
  const points = (policy.dial ?? []).map(({ retention, min_sufficiency: least }) => ({
    retention,
    thresholds: names.map((model) => least[model] ?? null),
  }));
  const target = points.find(({ retention }) => retention === policy.retention_target);
  return {
    standing: target?.thresholds ?? names.map((model) => policy.thresholds[model]?.min_sufficiency ?? null),
    points,
    nothing: names.map(() => null),
  };
}

/** Thresholds for a wanted retention: those of the loosest point that promises it. Wanted more than every point promises, nothing is
 * certified; without a dial the policy's thresholds hold whatever is wanted. */
export function thresholdsFor({ standing, points, nothing }: Dial, retention: number | null): Thresholds {
  if (retention === null || points.length === 0) return standing;
  return points.find((point) => point.retention >= retention)?.thresholds ?? nothing;
}
