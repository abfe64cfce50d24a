import type { OpenEstimate } from "../../../datasets/open-estimate.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { measureFairness } from "../../../pipelines/fairness/measure-fairness.js";
import { sensitivityOf } from "../../../pipelines/sensitivity/sensitivity.js";
import type { HeadlineGroup } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";
import { plantedPolicy } from "./planted-policy.js";
import { strategyHeadlines } from "./strategy-headlines.js";

/** What `signalbox simulate fairness` says of everyone, and `sensitivity` of the saving at other prices and answer lengths. */
export const fairnessHeadlines: HeadlineGroup = {
  title: "Fairness of everyone, and sensitivity of the saving",
  estimate: figuresOf,
  truth: (world) => {
    const found = figuresOf(world);
    const values = Object.entries(found).flatMap(([key, interval]) =>
      interval === null ? [] : [[key, interval.value] as const],
    );
    const { router_retention: kept, router_latency_change_ms: slower } = strategyHeadlines.truth!(world);
    return {
      ...Object.fromEntries(values),
      fairness_retention: kept!,
      fairness_latency_change_ms: slower!,
    };
  },
};

function figuresOf(draw: PlantedDraw): Record<string, Interval | null> {
  const { everyone } = measureFairness(draw.replay);
  const found: Record<string, Interval | null> = {
    fairness_retention: everyone?.retention ?? null,
    fairness_saving: everyone?.saving ?? null,
    fairness_latency_change_ms: everyone?.latency_change_ms ?? null,
  };
  const { lines } = sensitivityOf(draw.replay, {
    policy: plantedPolicy(draw.world),
    artifactId: "planted",
    isSimulated: true,
    judge: null,
  });
  for (const { kind, figure, label, low, high } of lines) {
    if (figure !== "saving" || (kind !== "price" && kind !== "output_length")) continue;
    const name = `sensitivity_${label.toLowerCase().replace(/[^a-z0-9.]+/g, "_")}`;
    for (const end of [low, high]) {
      if (end !== null) found[`${name}_${textOf(end.at)}`] = bounded(end.figure);
    }
  }
  return found;
}

/** An open side holds every truth. */
function bounded({ value, low, high }: OpenEstimate): Interval {
  return { value, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
}

/** "-20 %" as "minus_20". */
function textOf(at: string): string {
  return at.replace("-", "minus_").replace("+", "plus_").replace(/[\s%]/g, "");
}
