import type { ReplayData } from "../replay/replay-data.js";
import { type ReplaySlices, sliceReplay } from "../slices/slice-replay.js";
import { lengthQuarters } from "./length-quarters.js";
import { userActivity } from "./user-activity.js";

/** The cuts of a fairness table: by how much users ask, and by what the log says of attempts. */
export function fairnessSlices(replay: ReplayData, rows: Int32Array): ReplaySlices {
  return sliceReplay(rows, [
    userActivity(replay),
    { dimension: "tenant", places: replay.tenant, names: replay.tenants },
    { dimension: "app", places: replay.app, names: replay.apps },
    { dimension: "endpoint", places: replay.endpoint, names: replay.endpoints },
    { dimension: "tier", places: replay.tier, names: ["0", "1", "2"], isOrdered: true },
    { dimension: "stakes", places: replay.stakes, names: ["no stakes", "high stakes"], isOrdered: true },
    lengthQuarters(rows, replay.userChars),
    { dimension: "tools", places: Int32Array.from(replay.hasTools), names: ["without tools", "with tools"] },
  ]);
}
