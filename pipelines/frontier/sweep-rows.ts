import type { SessionGroups } from "../../models/frontier/session-groups.js";
import { groupSessions } from "../../models/frontier/session-groups.js";
import { lengthClass, outputClasses } from "../../models/latency/length-classes.js";
import type { ReplayData } from "../replay/replay-data.js";
import { placeInTable } from "./setting-sums.js";
import { type ModelThresholds, thresholdTable } from "./thresholds-in-force.js";

/** The replayed attempts, ready for sweeping settings over them. */
export interface SweepRows {
  replay: ReplayData;
  /** Rows of the replay, ascending; the columns below have one place for each. */
  rows: Int32Array;
  /** Group of the row's session. */
  group: Int32Array;
  groups: SessionGroups;
  /** 1 = its model follows from sufficiency and threshold alone, so that a setting may change it. */
  isFree: Uint8Array;
  free: number;
  /** Class of output lengths. */
  lengthClass: Uint8Array;
  /** 1 = somebody waited: not a batch call. Latency speaks of these only. */
  isTimed: Uint8Array;
  /** By group: attempts, and USD billed for them. */
  requests: Float64Array;
  billed: Float64Array;
}

/** Prepare the replayed attempts of a log. Free is a row without stakes that the router sent where the thresholds in force alone would have
 * sent it; a rule, a veto, a session or a constraint may have decided the others, and what they would do at another threshold can't be
 * known from the replay.
 * @param standing thresholds in force */
export function sweepRows(replay: ReplayData, standing: ModelThresholds): SweepRows {
  const inForce = thresholdTable([standing], replay.models.length);
  let count = 0;
  for (let row = 0; row < replay.rows; row++) count += replay.isReplayed[row]!;
  const groups = groupSessions(replay.sessions);
  const sweep: SweepRows = {
    replay,
    rows: new Int32Array(count),
    group: new Int32Array(count),
    groups,
    isFree: new Uint8Array(count),
    free: 0,
    lengthClass: new Uint8Array(count),
    isTimed: new Uint8Array(count),
    requests: new Float64Array(groups.count),
    billed: new Float64Array(groups.count),
  };
  let i = 0;
  for (let row = 0; row < replay.rows; row++) {
    if (replay.isReplayed[row] !== 1) continue;
    const group = groups.groupOf[replay.session[row]!]!;
    const isFree = replay.stakes[row] !== 1 && replay.chosen[row] === placeInTable(replay, row, inForce, 0);
    sweep.rows[i] = row;
    sweep.group[i] = group;
    sweep.isFree[i] = Number(isFree);
    sweep.free += Number(isFree);
    sweep.lengthClass[i] = lengthClass(outputClasses, replay.outputTokens[row]!);
    sweep.isTimed[i] = 1 - replay.isBatch[row]!;
    sweep.requests[group]! += 1;
    sweep.billed[group]! += replay.billed[row]!;
    i += 1;
  }
  return sweep;
}

/** Sessions that the replayed attempts belong to. */
export function countSessions({ replay, rows }: SweepRows): number {
  const seen = new Uint8Array(replay.sessions);
  for (let i = 0; i < rows.length; i++) seen[replay.session[rows[i]!]!] = 1;
  let count = 0;
  for (let session = 0; session < seen.length; session++) count += seen[session]!;
  return count;
}
