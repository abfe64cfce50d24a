import type { ReplayData } from "../replay/replay-data.js";
import type { GroupedAttempts } from "./group-attempts.js";

/** How long users waited for each logical request: from the first attempt's start to the end of the first attempt that was answered. Where
 * the log's times go backwards, the sum of the attempts' own times.
 * @returns milliseconds by logical request; NaN = not answered, or the times aren't logged */
export function userLatency(
  { isSuccess, createdAt, latency }: ReplayData,
  { order, starts, requests }: GroupedAttempts,
): Float64Array {
  const waited = new Float64Array(requests).fill(Number.NaN);
  for (let l = 0; l < requests; l++) {
    const first = order[starts[l]!]!;
    let spent = 0;
    for (let i = starts[l]!; i < starts[l + 1]!; i++) {
      const row = order[i]!;
      spent += latency[row]!;
      if (isSuccess[row] === 0) continue;
      const since = (createdAt[row]! - createdAt[first]!) / 1000 + latency[row]!;
      const known = since >= latency[row]! ? since : spent;
      waited[l] = known >= 0 && Number.isFinite(known) ? known : Number.NaN;
      break;
    }
  }
  return waited;
}
