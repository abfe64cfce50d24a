import type { ReplayData } from "../replay/replay-data.js";

/** Where the audit begins to call a prompt oversize (pipelines/audit/waste.sql): so many times the median, and no shorter than this. */
const timesMedian = 8;
const leastTokens = 4000;
/** Answered calls that a median needs. */
const leastCalls = 20;

/** Find prompts far above the usual length of their app, endpoint and model, and what they would be cut to: 8 times the median, or 4,000
 * tokens, whichever is longer.
 * @param trimTo tokens to cut every longer prompt to instead; 0 = by the rule above
 * @returns tokens to cut to, by row; 0 = it stays as it is */
export function trimmedLengths(replay: ReplayData, trimTo = 0): Int32Array {
  const { rows, inputTokens } = replay;
  const limits = trimTo > 0 ? null : limitsByGroup(replay);
  const trimmed = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (!isAnswered(replay, row)) continue;
    const limit = limits === null ? trimTo : (limits.get(groupOf(replay, row)) ?? Number.POSITIVE_INFINITY);
    if (inputTokens[row]! > limit) trimmed[row] = limit;
  }
  return trimmed;
}

function limitsByGroup(replay: ReplayData): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < replay.rows; row++) {
    if (!isAnswered(replay, row)) continue;
    const group = groupOf(replay, row);
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const lengths = new Map([...counts].map(([group, count]) => [group, new Int32Array(count)]));
  const filled = new Map<number, number>();
  for (let row = 0; row < replay.rows; row++) {
    if (!isAnswered(replay, row)) continue;
    const group = groupOf(replay, row);
    const place = filled.get(group) ?? 0;
    lengths.get(group)![place] = replay.inputTokens[row]!;
    filled.set(group, place + 1);
  }
  const limits = new Map<number, number>();
  for (const [group, values] of lengths) {
    if (values.length < leastCalls) continue;
    values.sort();
    const middle = values.length >> 1;
    const median = values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
    limits.set(group, Math.max(leastTokens, Math.ceil(timesMedian * median)));
  }
  return limits;
}

function isAnswered({ isReplayed, inputTokens }: ReplayData, row: number): boolean {
  return isReplayed[row] === 1 && inputTokens[row]! >= 0;
}

function groupOf({ app, apps, endpoint, endpoints, served }: ReplayData, row: number): number {
  return (served[row]! * (apps.length + 1) + app[row]! + 1) * (endpoints.length + 1) + endpoint[row]! + 1;
}
