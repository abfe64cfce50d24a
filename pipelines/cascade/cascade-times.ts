import { type ComposedTimes, composeTimes } from "../../models/cascade/compose-times.js";
import type { TimePoints } from "../../models/cascade/time-points.js";
import type { CascadeRows } from "./cascade-rows.js";
import { loggedTimes } from "./logged-times.js";

/** Times of every model by class of lengths, and of a cascade of two. */
export interface CascadeTimes {
  /** [model][class]. */
  models: ReadonlyArray<ReadonlyArray<TimePoints | null>>;
  /** [class]; null where either model or the gate has no known time. */
  composed: ReadonlyArray<ComposedTimes | null>;
}

/** Read the logged times of all models and compose those of the cascade.
 * @param gateMs null = unknown */
export function cascadeTimes({ replay, first, strong }: CascadeRows, gateMs: number | null): CascadeTimes {
  const models = replay.models.map((_, model) => loggedTimes(replay, model));
  const composed = models[first]!.map((cheap, place) => {
    const dear = models[strong]![place]!;
    return cheap === null || dear === null || gateMs === null ? null : composeTimes(cheap, dear, gateMs);
  });
  return { models, composed };
}
