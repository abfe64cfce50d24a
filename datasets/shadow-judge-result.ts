import type { Estimate } from "@signalbox/runtime";
import type { JudgedCachePairs } from "./cache-pairs-result.js";

/** results/shadow_judge.json: what a judge said of the pairs of a response shadow, and how far it can be trusted. */
export interface ShadowJudgeResult
  extends Pick<
    JudgedCachePairs,
    | "mode"
    | "judges"
    | "is_simulated"
    | "unanswered_calls"
    | "canaries"
    | "redactions"
    | "calls"
    | "failures"
    | "cost"
  > {
  schema_version: 1;
  run_id: string;
  rubric: string;
  completed_at: string;
  seed: number;
  /** Records read; those that can be judged and those that can't add up to them. */
  records: number;
  pairs: number;
  excluded: Array<{ reason: string; records: number }>;
  /** Rows of the files of contents, and those that can't be used. */
  contents: { rows: number; unused: Array<{ reason: string; records: number }> };
  /** Pairs that were drawn, and those of them that were asked about or decided by facts. */
  drawn: number;
  asked: number;
  /** Pairs that facts decided, by check. */
  exact_checks: Array<{ check: string; pairs: number }>;
  /** Pairs by what both orders say together: `contradiction` = each order preferred another answer; `failed` = no verdict. */
  verdicts: Array<{ verdict: string; pairs: number }>;
  /** Mean of the pairs' differences, clustered by session; positive = the baseline is better. */
  difference: Estimate | null;
  /** Share of the judged answers that serve the request, by side. */
  baseline_success: Estimate | null;
  candidate_success: Estimate | null;
  /** Share of judged pairs whose verdict changed with the order. */
  order_flip_rate: Estimate | null;
  /** Mean over the pairs of how much better the first answer was found than the second, -1 to 1; 0 = the judge has no favourite place. */
  first_place_preference: Estimate | null;
  notes: string[];
}
