import type { ReplayData } from "../replay/replay-data.js";

/** Attempts by logical request: `order` from `starts[l]` to `starts[l + 1]` are those of request l, the first attempt first. */
export interface GroupedAttempts {
  order: Int32Array;
  starts: Int32Array;
  requests: number;
}

/** Bring the attempts of each logical request together, by attempt number, then time. Every number up to the largest is a request; one
 * that no attempt has is empty. */
export function groupAttempts({ rows, logical, attemptNo, createdAt }: ReplayData): GroupedAttempts {
  let requests = 0;
  for (let row = 0; row < rows; row++) requests = Math.max(requests, logical[row]! + 1);
  const starts = new Int32Array(requests + 1);
  for (let row = 0; row < rows; row++) starts[logical[row]! + 1]! += 1;
  for (let l = 0; l < requests; l++) starts[l + 1]! += starts[l]!;
  const next = starts.slice();
  const order = new Int32Array(rows);
  for (let row = 0; row < rows; row++) order[next[logical[row]!]!++] = row;
  const compare = (a: number, b: number) =>
    attemptNo[a]! - attemptNo[b]! || createdAt[a]! - createdAt[b]! || a - b;
  for (let l = 0; l < requests; l++) {
    if (starts[l + 1]! - starts[l]! > 1) order.subarray(starts[l], starts[l + 1]).sort(compare);
  }
  return { order, starts, requests };
}
