import type { CoverageLine } from "../../datasets/coverage-line.js";
import type { ReplayData } from "./replay-data.js";

/** Say of every attempt of a log how its cost under the router is known: as billed because the router keeps the model that answered, re-priced
 * because it takes another, left as billed, or unknown. Nothing is matched to similar rows, and the line says so with a zero. */
export function coverageLines(replay: ReplayData): CoverageLine[] {
  const requests = [0, 0, 0, 0, 0];
  const usd = [0, 0, 0, 0, 0];
  for (let row = 0; row < replay.rows; row++) {
    const line = lineOf(replay, row);
    requests[line]! += 1;
    if (replay.billed[row]! >= 0) usd[line]! += replay.billed[row]!;
  }
  const allUsd = usd.reduce((sum, value) => sum + value, 0);
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  return lines.map((line, i) => ({
    ...line,
    requests: requests[i]!,
    share_of_requests: share(requests[i]!, replay.rows),
    usd: usd[i]!,
    share_of_usd: share(usd[i]!, allUsd),
  }));
}

const lines = [
  {
    evidence: "measured",
    is_replayed: true,
    note: "replayed, the router keeps the model that answered: as billed",
  },
  {
    evidence: "modelled",
    is_replayed: true,
    note: "replayed, the router takes another model: logged tokens at its list price, and what the gateway adds",
  },
  { evidence: "matched", is_replayed: true, note: "estimated from similar calls: no call is" },
  { evidence: "measured", is_replayed: false, note: "left as billed: no saving is claimed" },
  { evidence: "unknown", is_replayed: false, note: "no known price: in no total" },
] as const;

function lineOf({ isReplayed, isUnknown, chosen, served }: ReplayData, row: number): number {
  if (isUnknown[row] === 1) return 4;
  if (isReplayed[row] !== 1) return 3;
  return chosen[row] === served[row] ? 0 : 1;
}
