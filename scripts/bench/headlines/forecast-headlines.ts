import { plantLog } from "../../../datasets/synthetic/planted-log.js";
import { plantedStartUs } from "../../../datasets/synthetic/planted-session.js";
import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { forecastSpend } from "../../../pipelines/forecast/forecast-spend.js";
import type { HeadlineGroup } from "./headline-group.js";
import { plantedReplay } from "./planted-replay.js";

const dayUs = 86_400e6;
/** Days that are planted beyond the log, at least the horizon. */
const futureDays = 32;

/** What `signalbox simulate forecast` says of the next 30 days, over what then comes: traffic grows and its mix moves on as before. The
 * interval is one for a future that itself is drawn, not for a mean. */
export const forecastHeadlines: HeadlineGroup = {
  title: "Forecast of 30 days, over the spend that then comes",
  bySession: "all",
  estimate: ({ world, drawn, seed }) => {
    const longer = withFuture(world);
    const sessions = Math.round((drawn * volume(longer)) / volume(world));
    const attempts = plantLog(longer, sessions, seed);
    const end = plantedStartUs + world.days * dayUs;
    const replay = plantedReplay(
      longer,
      attempts.filter(({ createdAt }) => createdAt < end),
    );
    const { horizons } = forecastSpend({ replay, manifest }, {});
    const month = horizons.find(({ days }) => days === 30);
    const none: Record<string, Interval | null> = {};
    if (month === undefined) return none;
    const [from, to] = [Date.parse(month.from) * 1000, Date.parse(month.to) * 1000 + dayUs];
    let [billed, routed] = [0, 0];
    for (const { createdAt, billedUsd, chosen, usd } of attempts) {
      if (createdAt < from || createdAt >= to || Number.isNaN(billedUsd)) continue;
      billed += billedUsd;
      routed += chosen < 0 ? billedUsd : usd[chosen]!;
    }
    return {
      forecast_30_days_billed: over(month.billed_usd, billed),
      forecast_30_days_routed: month.routed_usd && over(month.routed_usd, routed),
      forecast_30_days_saving: month.saving_usd && over(month.saving_usd, billed - routed),
    };
  },
  truth: () => ({ forecast_30_days_billed: 1, forecast_30_days_routed: 1, forecast_30_days_saving: 1 }),
};

const manifest = { artifact_id: "planted", training: { is_simulated: true } } as Parameters<
  typeof forecastSpend
>[0]["manifest"];

function withFuture(world: PlantedWorld): PlantedWorld {
  const days = world.days + futureDays;
  const steps = (days - 1) / (world.days - 1);
  const apps = world.apps.map((app) => {
    const [first, last] = app.weights;
    return { ...app, weights: [first, first + (last - first) * steps] as const };
  });
  return { ...world, apps, days };
}

/** Sessions of all days, in those of the first. */
function volume({ days, growth }: PlantedWorld): number {
  return days + (growth * days * (days - 1)) / 2;
}

function over({ value, low, high }: Interval, actual: number): Interval {
  return { value: value / actual, low: low / actual, high: high / actual };
}
