import type { Sides } from "../../models/drift/session-shuffle.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";

/** Sides and numbered sessions of rows. */
export function sidesOf(rows: ReadonlyArray<{ session: string; is_since: boolean }>): Sides {
  return {
    isSince: Uint8Array.from(rows, ({ is_since }) => Number(is_since)),
    clusters: numberClusters(rows.map(({ session }) => session)),
  };
}
