import type { ReplayData } from "../replay/replay-data.js";

/** Attempts that another attempt of the same logical request followed, whatever came of either.
 * @returns 1 by row where it was superseded */
export function supersededAttempts({ rows, logical, attemptNo }: ReplayData): Uint8Array {
  const superseded = new Uint8Array(rows);
  let requests = 0;
  for (let row = 0; row < rows; row++) requests = Math.max(requests, logical[row]! + 1);
  const last = new Int32Array(requests).fill(-1);
  for (let row = 0; row < rows; row++) {
    const before = last[logical[row]!]!;
    if (before < 0) last[logical[row]!] = row;
    else if (attemptNo[row]! >= attemptNo[before]!) {
      superseded[before] = 1;
      last[logical[row]!] = row;
    } else superseded[row] = 1;
  }
  return superseded;
}
