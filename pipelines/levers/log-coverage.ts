import type { LeversResult } from "../../datasets/levers-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** How much of a log is replayed, left as billed, or has no known price; every attempt is in one line. */
export function logCoverage({ rows, isReplayed, isUnknown, billed }: ReplayData): LeversResult["coverage"] {
  const lines = (["replayed", "measured", "unknown"] as const).map((evidence) => ({
    evidence,
    requests: 0,
    usd: 0,
  }));
  for (let row = 0; row < rows; row++) {
    const line = lines[isUnknown[row] === 1 ? 2 : isReplayed[row] === 1 ? 0 : 1]!;
    line.requests += 1;
    if (isUnknown[row] === 0 && !Number.isNaN(billed[row]!)) line.usd += billed[row]!;
  }
  return lines;
}
