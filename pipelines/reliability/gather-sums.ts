import { ClusterSums } from "../../models/reliability/cluster-sums.js";
import type { ReplayData } from "../replay/replay-data.js";
import { addAttempt } from "./add-attempt.js";
import { addFailedFirst } from "./add-failed-first.js";
import { addRequest } from "./add-request.js";
import { classOfRows } from "./error-classes.js";
import { type GroupedAttempts, groupAttempts } from "./group-attempts.js";
import type { ChainPlan } from "./plan-chains.js";
import { relations, type SumLayout, sumLayout } from "./sum-layout.js";
import { timeWindows } from "./time-windows.js";
import { userLatency } from "./user-latency.js";
import { type WindowTable, windowCounts } from "./window-counts.js";

/** What the passes over a log share. */
export interface Gathering {
  replay: ReplayData;
  classOf: Uint8Array;
  grouped: GroupedAttempts;
  plans: readonly ChainPlan[];
  windows: WindowTable;
  /** Place in `relations` of what model b is to model a. */
  relationOf: (a: number, b: number) => number;
  sloMs: number;
  layout: SumLayout;
  sums: ClusterSums;
  /** Milliseconds by logical request, see `userLatency`. */
  waited: Float64Array;
}

/** Sum everything that the figures of reliability are functions of, by session and by hour.
 * @param options.providers of the policy's models; null = unknown, which is another one than every other
 * @param options.windowMinutes width of the windows of time in which failures are taken to have one cause */
export function gatherSums(
  replay: ReplayData,
  options: {
    plans: readonly ChainPlan[];
    providers: ReadonlyArray<string | null>;
    windowMinutes: number;
    sloMs: number;
  },
): Gathering {
  const { plans, providers, windowMinutes, sloMs } = options;
  const models = replay.models.length;
  const grouped = groupAttempts(replay);
  const hours = timeWindows(replay.createdAt, 60);
  const layout = sumLayout(models, plans);
  const gathering: Gathering = {
    replay,
    classOf: classOfRows(replay),
    grouped,
    plans,
    windows: windowCounts(replay, grouped, windowMinutes),
    relationOf: relationsBetween(providers),
    sloMs,
    layout,
    sums: new ClusterSums(layout.columns, {
      session: replay.session,
      sessions: replay.sessions,
      hour: hours.windowOf,
      hours: hours.windows,
    }),
    waited: userLatency(replay, grouped),
  };
  for (let row = 0; row < replay.rows; row++) addAttempt(gathering, row);
  for (let l = 0; l < grouped.requests; l++) {
    if (grouped.starts[l] === grouped.starts[l + 1]) continue;
    const first = grouped.order[grouped.starts[l]!]!;
    if (replay.isBatch[first] === 1) continue;
    addRequest(gathering, l);
    if (replay.isSuccess[first] === 0 && replay.served[first]! >= 0) addFailedFirst(gathering, l);
  }
  return gathering;
}

function relationsBetween(providers: ReadonlyArray<string | null>): Gathering["relationOf"] {
  const [model, provider, other] = [
    relations.indexOf("same_model"),
    relations.indexOf("same_provider"),
    relations.indexOf("other_provider"),
  ];
  return (a, b) => {
    if (a === b) return model;
    return (providers[a] ?? null) !== null && providers[a] === providers[b] ? provider : other;
  };
}
