import type { OpenEstimate } from "../../../datasets/open-estimate.js";
import { quantilesOf } from "../../../models/statistics/quantiles.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { frontierOf } from "../../../pipelines/frontier/frontier.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";
import { plantedPolicy } from "./planted-policy.js";

/** Settings of the frontier whose choice doesn't depend on the log. */
const settings = ["billed", "router", "single"] as const;

/** What `signalbox simulate frontier` says of the bill, of the router as it is set and of the cheapest model alone. */
export const frontierHeadlines: HeadlineGroup = {
  title: "Frontier",
  bySession: "all",
  estimate: (draw) => {
    const policy = plantedPolicy(draw.world);
    const { points } = frontierOf(draw.replay, { policy, artifactId: "planted", isSimulated: true });
    const found: Record<string, Interval | null> = {};
    for (const kind of settings) {
      const point = points.find((each) => each.kind === kind);
      if (point === undefined) continue;
      found[`frontier_${kind}_usd`] = perSession(bounded(point.usd), draw);
      found[`frontier_${kind}_saving`] = point.saving && bounded(point.saving);
      found[`frontier_${kind}_retention`] = point.retention && bounded(point.retention);
      found[`frontier_${kind}_p95_ms`] = point.p95_ms && bounded(point.p95_ms);
    }
    return found;
  },
  truth: (world) => ({
    ...truthOf(world, "billed", ({ served }) => served),
    ...truthOf(world, "router", ({ chosen }) => chosen),
    ...truthOf(world, "single", () => 0),
  }),
};

/** An open side holds every truth. */
function bounded({ value, low, high }: OpenEstimate): Interval {
  return { value, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
}

type Attempt = PlantedDraw["attempts"][number];

/** Money by the planted prices, quality by the true sufficiency, times as the attempt's own speed would make them on the other model. */
function truthOf(
  { attempts, drawn }: PlantedDraw,
  kind: string,
  placeOf: (attempt: Attempt) => number,
): Record<string, number> {
  const times: number[] = [];
  let [rows, usd, billed, kept] = [0, 0, 0, 0];
  for (const attempt of attempts) {
    if (attempt.chosen < 0) continue;
    const place = placeOf(attempt);
    rows += 1;
    usd += attempt.usd[place]!;
    billed += attempt.billedUsd;
    kept += attempt.trueSufficiency[place]!;
    if (!attempt.isBatch)
      times.push((attempt.latencyMs * attempt.meanMs[place]!) / attempt.meanMs[attempt.served]!);
  }
  const [p95] = quantilesOf(Float64Array.from(times), [0.95]) as [number];
  return {
    [`frontier_${kind}_usd`]: usd / drawn,
    [`frontier_${kind}_saving`]: 1 - usd / billed,
    [`frontier_${kind}_retention`]: kept / rows,
    [`frontier_${kind}_p95_ms`]: p95,
  };
}
