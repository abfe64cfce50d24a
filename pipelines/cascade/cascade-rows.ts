import { CascadeTake } from "../../datasets/cascade-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** The attempts that every cascade is compared on. */
export interface CascadeRows {
  replay: ReplayData;
  /** Numbers of the compared attempts, ascending. */
  rows: Int32Array;
  /** Replayed attempts that are left out for want of a price or confidence. */
  unknown: number;
  /** Group of each attempt's session, 0 to `groups` - 1, by row of the replay. */
  group: Uint16Array;
  groups: number;
  /** Sessions with a compared attempt. */
  sessions: number;
  /** Places of the two models. */
  first: number;
  strong: number;
}

/** Groups that sessions are put into by turn where there are more: unions of independent sessions are independent, and few groups stay in the
 * processor's cache (Kott 2001, as in `clusterJackknife`). */
const mostGroups = 4000;

/** Select the replayed attempts whose cost and sufficiency are known on the router's, the first and the strong model. */
export function cascadeRows(replay: ReplayData, first = 0): CascadeRows {
  const strong = replay.models.length - 1;
  const rows = new Int32Array(replay.rows);
  const groups = Math.min(replay.sessions, mostGroups);
  const group = new Uint16Array(replay.rows);
  const isSeen = new Uint8Array(replay.sessions);
  let count = 0;
  let unknown = 0;
  let sessions = 0;
  for (let row = 0; row < replay.rows; row++) {
    if (replay.isReplayed[row] !== 1) continue;
    if (
      !isKnown(replay, row, first) ||
      !isKnown(replay, row, strong) ||
      !isKnown(replay, row, replay.chosen[row]!)
    ) {
      unknown += 1;
      continue;
    }
    const session = replay.session[row]!;
    rows[count++] = row;
    group[row] = session % groups;
    sessions += 1 - isSeen[session]!;
    isSeen[session] = 1;
  }
  return { replay, rows: rows.slice(0, count), unknown, group, groups, sessions, first, strong };
}

/** Whether a cascade of a kind can take an attempt: batch calls wait for hours as it is, so they stay with the router's model. */
export function canTake({ replay, strong }: CascadeRows, row: number, takes: CascadeTake): boolean {
  if (replay.isBatch[row] === 1) return false;
  return takes === CascadeTake.all || replay.chosen[row] === strong;
}

/** Place of the model that answers an attempt that a cascade could take and doesn't, or can't take. */
export function modelWithout(rows: CascadeRows, row: number, takes: CascadeTake): number {
  return canTake(rows, row, takes) ? rows.strong : rows.replay.chosen[row]!;
}

function isKnown({ rows, usd, sufficiency }: ReplayData, row: number, model: number): boolean {
  const at = model * rows + row;
  return Number.isFinite(usd[at]!) && usd[at]! >= 0 && sufficiency[at]! >= 0 && sufficiency[at]! <= 1;
}
