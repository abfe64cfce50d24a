import type { Policy } from "@signalbox/runtime";

/** Least sufficiency of each model of a policy, in its order; null = it never answers. The strong model's entry is not read. */
export type ModelThresholds = ReadonlyArray<number | null>;

/** The thresholds that a policy's runtime would use where no request asks for another retention: the dial's point at the target, else the
 * policy's own. */
export function thresholdsInForce(policy: Policy): ModelThresholds {
  const target = policy.dial?.find(({ retention }) => retention === policy.retention_target);
  if (target) return policy.models.map(({ model }) => target.min_sufficiency[model] ?? null);
  return policy.models.map(({ model }) => policy.thresholds[model]?.min_sufficiency ?? null);
}

/** Thresholds by the models' names, without the strong model. */
export function namedThresholds(
  models: readonly string[],
  thresholds: ModelThresholds,
): Record<string, number | null> {
  return Object.fromEntries(models.slice(0, -1).map((model, place) => [model, thresholds[place] ?? null]));
}
