import type { ReliabilityResult } from "../../datasets/reliability-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Attempts and known dollars that were replayed, left as billed, or have no known price. */
export function replayCoverage({
  rows,
  isReplayed,
  isUnknown,
  billed,
}: ReplayData): ReliabilityResult["coverage"] {
  const kinds = ["replayed", "measured", "unknown"] as const;
  const requests = [0, 0, 0];
  const usd = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const place = isReplayed[row] === 1 ? 0 : isUnknown[row] === 1 ? 2 : 1;
    requests[place]! += 1;
    if (!Number.isNaN(billed[row]!)) usd[place]! += billed[row]!;
  }
  return kinds.map((evidence, place) => ({ evidence, requests: requests[place]!, usd: usd[place]! }));
}
