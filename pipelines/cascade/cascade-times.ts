import { type ComposedTimes, composeTimes } from "../../models/cascade/compose-times.js";
import type { TimePoints } from "../../models/cascade/time-points.js";
import type { CascadeRows } from "./cascade-rows.js";

/** Times of every model by class of lengths, and of a cascade of two. */
export interface CascadeTimes {
  /** [model][class]. */
  models: ReadonlyArray<ReadonlyArray<TimePoints | null>>;
  /** [class]; null where either model or the gate has no known time. */
  composed: ReadonlyArray<ComposedTimes | null>;
}

/** Compose the times of a cascade from the logged times of its models.
 * @param models {@link loggedTimes} of each model
 * @param gateMs null = unknown */
export function cascadeTimes(
  { first, strong }: CascadeRows,
  { models, gateMs }: { models: CascadeTimes["models"]; gateMs: number | null },
): CascadeTimes {
  const composed = models[first]!.map((cheap, place) => {
    const dear = models[strong]![place]!;
    return cheap === null || dear === null || gateMs === null ? null : composeTimes(cheap, dear, gateMs);
  });
  return { models, composed };
}
