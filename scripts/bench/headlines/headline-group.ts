import type { Interval } from "../../../models/statistics/wilson-interval.js";
import type { PlantedDraw } from "./planted-draw.js";

/** Headline estimates that one part of the toolkit makes of a log. */
export interface HeadlineGroup {
  title: string;
  /** What the production functions find in one log, by key; a total is divided by the sessions that were drawn. */
  estimate: (draw: PlantedDraw) => Record<string, Interval | null>;
  /** The truth by key, from a log of very many sessions. Left out where a figure grows otherwise than a log does, as cache hits: then the
   * truth is the mean over very many other logs of the same size, which needs estimates without bias. */
  truth?: (world: PlantedDraw) => Record<string, number>;
  /** Keys whose figure, not only its interval, is made of sessions; "all" also where intervals count more than sessions. */
  bySession?: readonly string[] | "all";
}

/** An estimate of a total, per session that was drawn. */
export function perSession(total: Interval, { drawn }: PlantedDraw): Interval {
  return { value: total.value / drawn, low: total.low / drawn, high: total.high / drawn };
}
