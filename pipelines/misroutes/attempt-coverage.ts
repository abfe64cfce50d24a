import type { MisrouteCoverage } from "../../datasets/misroutes-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** What a counterfactual of audited attempts covers: every attempt of the log is in one line. Lines without attempts are left out, but
 * for the first.
 * @param rows the audited ones */
export function attemptCoverage(replay: ReplayData, rows: Int32Array): MisrouteCoverage[] {
  const isAudited = rowFlags(replay.rows, rows);
  const lines: MisrouteCoverage[] = [
    {
      evidence: "replayed",
      requests: 0,
      usd: 0,
      note: "decided by the router and priced on every model of the policy",
    },
    {
      evidence: "measured",
      requests: 0,
      usd: 0,
      note: "left as billed: failed, no chat call, another model, or not replayable",
    },
    {
      evidence: "measured",
      requests: 0,
      usd: 0,
      note: "replayed, but left as billed: no sufficiency of the model that answered or was chosen, or no price on a model",
    },
    { evidence: "unknown", requests: 0, usd: 0, note: "may have been charged and has no known price" },
  ];
  for (let row = 0; row < replay.rows; row++) {
    const line = lines[lineOf(replay, row, isAudited[row] === 1)]!;
    line.requests += 1;
    if (replay.billed[row]! >= 0) line.usd += replay.billed[row]!;
  }
  return lines.filter(({ requests }, place) => place === 0 || requests > 0);
}

/** 1 for each of the rows, by row number. */
export function rowFlags(count: number, rows: Int32Array): Uint8Array {
  const flags = new Uint8Array(count);
  for (let i = 0; i < rows.length; i++) flags[rows[i]!] = 1;
  return flags;
}

function lineOf(replay: ReplayData, row: number, isAudited: boolean): number {
  if (isAudited) return 0;
  if (replay.isUnknown[row] === 1) return 3;
  return replay.isReplayed[row] === 1 ? 2 : 1;
}
