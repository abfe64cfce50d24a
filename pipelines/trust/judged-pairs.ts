import { readSql } from "../../datasets/engine/sql-file.js";
import { StageError } from "../../datasets/errors.js";
import { openTables, saltedHash, type Workspace } from "../../datasets/workspace.js";

/** A pair of answers that was judged in both orders, or settled by an exact check: see judged-pairs.sql. */
export interface JudgedPair {
  /** Tells nobody which request and which model it is: for blind sheets. */
  pair_id: string;
  request_id: string;
  candidate: string;
  quality: number;
  /** Whether it was settled without a judge, and so without a judge's error. */
  is_exact: boolean;
  weight: number;
  session: string;
  flip_share: number | null;
  first_share: number | null;
  tier: number | null;
  is_stakes: boolean | null;
  content_state: string | null;
  system_text: string | null;
  history_json: string | null;
  user_text: string | null;
  reference_answer: string | null;
  candidate_answer: string | null;
}

/** What judged the pairs. */
export interface JudgesOfPairs {
  judges: string[];
  rubrics: string[];
  isSimulated: boolean;
}

/** Read the judged pairs of a workspace, and who judged them.
 * @throws {StageError} if there are none */
export async function readJudgedPairs(
  workspace: Workspace,
): Promise<{ pairs: JudgedPair[]; judgedBy: JudgesOfPairs }> {
  const engine = await openTables(workspace);
  try {
    const rows = await engine.rows<Omit<JudgedPair, "pair_id">>(readSql("pipelines/trust/judged-pairs.sql"));
    if (rows.length === 0) {
      throw new StageError(
        `${workspace.path}: holds no judged pairs of answers; make some with: signalbox label --candidate MODEL`,
      );
    }
    if (rows.every(({ is_exact }) => is_exact)) {
      throw new StageError(
        `${workspace.path}: exact checks settled every pair: there is no judge to calibrate`,
      );
    }
    const calls = await engine.rows<{ judge: string; rubric: string; is_simulated: boolean }>(
      "SELECT DISTINCT judge, rubric, is_simulated FROM labels WHERE kind = 'sufficiency' AND answer_order IS NOT NULL ORDER BY ALL",
    );
    return {
      pairs: rows.map((row) => ({
        ...row,
        pair_id: saltedHash(workspace, `pair\0${row.request_id}\0${row.candidate}`).slice(0, 16),
      })),
      judgedBy: {
        judges: [...new Set(calls.map(({ judge }) => judge))],
        rubrics: [...new Set(calls.map(({ rubric }) => rubric))],
        isSimulated: calls.some(({ is_simulated }) => is_simulated),
      },
    };
  } finally {
    engine.close();
  }
}
