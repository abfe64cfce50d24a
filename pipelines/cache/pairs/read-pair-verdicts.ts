import { readRecords } from "../../../datasets/reader/read-records.js";
import type { PairVerdict } from "./read-pair.js";

/** One verdict on a pair as a file states it. */
export interface GivenVerdict {
  line: number;
  request_id: string;
  entry_id: string;
  verdict: PairVerdict;
  rater: string | null;
  /** Chance with which the request was picked, where the file says so. */
  inclusion: number | null;
}

/** Rows that can't be used, by reason, with the lines of the first few. */
export type UnusedRows = Array<{ reason: string; rows: number; lines: string[] }>;

/** Read verdicts (JSONL, JSON or CSV): request_id, entry_id, and verdict (same, different, cannot_tell) or is_same (true, false, 1, 0, yes, no);
 * rater and inclusion_probability are welcome. What is no verdict is counted by reason. */
export async function readPairVerdicts(
  path: string,
): Promise<{ rows: number; verdicts: GivenVerdict[]; unused: UnusedRows }> {
  const verdicts: GivenVerdict[] = [];
  const unused: UnusedRows = [];
  let rows = 0;
  for await (const records of readRecords(path)) {
    rows += records.length;
    for (const { line, value, problem } of records) {
      const read = problem ? problem.detail : readVerdictRow(value);
      if (typeof read === "string") refuseRow(unused, read, line);
      else verdicts.push({ line, ...read });
    }
  }
  return { rows, verdicts, unused };
}

/** Count a row that can't be used. */
export function refuseRow(unused: UnusedRows, reason: string, line: number): void {
  const known = unused.find((entry) => entry.reason === reason);
  if (!known) unused.push({ reason, rows: 1, lines: [String(line)] });
  else {
    known.rows += 1;
    if (known.lines.length < 5) known.lines.push(String(line));
  }
}

function readVerdictRow(value: unknown): Omit<GivenVerdict, "line"> | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not an object";
  const row = value as Readonly<Record<string, unknown>>;
  const requestId = textOf(row.request_id);
  const entryId = textOf(row.entry_id);
  if (requestId === null || entryId === null) return "no request_id or no entry_id";
  const verdict = verdictOf(textOf(row.verdict), textOf(row.is_same));
  if (verdict === "contradiction") return "verdict and is_same contradict each other";
  if (verdict === null)
    return "neither a verdict (same, different, cannot_tell) nor is_same (true, false, 1, 0, yes, no)";
  const inclusion = textOf(row.inclusion_probability);
  if (inclusion !== null && !(Number(inclusion) > 0 && Number(inclusion) <= 1))
    return "inclusion_probability is not in (0, 1]";
  return {
    request_id: requestId,
    entry_id: entryId,
    verdict,
    rater: textOf(row.rater),
    inclusion: inclusion === null ? null : Number(inclusion),
  };
}

function verdictOf(word: string | null, flag: string | null): PairVerdict | "contradiction" | null {
  const byWord = word === null ? null : (verdictWords[word.toLowerCase()] ?? "bad");
  const byFlag = flag === null ? null : (flagWords[flag.toLowerCase()] ?? "bad");
  if (byWord === "bad" || byFlag === "bad") return null;
  if (byWord !== null && byFlag !== null && byWord !== byFlag) return "contradiction";
  return byWord ?? byFlag;
}

const verdictWords: Readonly<Record<string, PairVerdict>> = {
  same: "same",
  different: "different",
  cannot_tell: "cannot_tell",
};

const flagWords: Readonly<Record<string, PairVerdict>> = {
  true: "same",
  "1": "same",
  yes: "same",
  false: "different",
  "0": "different",
  no: "different",
};

/** Text of a field as files of any kind hold it; null when there is none. */
function textOf(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
