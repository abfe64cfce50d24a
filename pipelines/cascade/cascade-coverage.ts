import type { CascadeResult } from "../../datasets/cascade-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** How much of the log some attempts are: every attempt is in one line, and unknown prices are in no sum.
 * @param rows the compared attempts, ascending */
export function cascadeCoverage(replay: ReplayData, rows: Int32Array): CascadeResult["coverage"] {
  const lines = {
    replayed: { requests: 0, usd: 0 },
    measured: { requests: 0, usd: 0 },
    unknown: { requests: 0, usd: 0 },
  };
  let next = 0;
  for (let row = 0; row < replay.rows; row++) {
    const isCompared = rows[next] === row;
    if (isCompared) next += 1;
    const line = lines[isCompared ? "replayed" : replay.isUnknown[row] === 1 ? "unknown" : "measured"];
    line.requests += 1;
    if (!Number.isNaN(replay.billed[row]!) && replay.isUnknown[row] !== 1) line.usd += replay.billed[row]!;
  }
  return (["replayed", "measured", "unknown"] as const).map((evidence) => ({ evidence, ...lines[evidence] }));
}
