import type { ShadowVerdictRow } from "../../../datasets/shadow-verdicts.js";
import type { Journal } from "../../label/journal.js";
import type { ShadowLabel } from "./read-shadow-pair.js";

/** Rows of the pairs that were asked about, or decided by facts. */
export function shadowVerdictRows(
  labelled: readonly ShadowLabel[],
  { journal, judgeModel }: { journal: Pick<Journal, "replies">; judgeModel: string },
): ShadowVerdictRow[] {
  return labelled.map((label): ShadowVerdictRow => {
    const { item, calls, verdicts, difference, baselineSuccess, candidateSuccess, error } = label;
    const replies = label.replies!;
    const costs = calls.map(({ key }) => journal.replies.get(key)?.costUsd ?? null);
    return {
      pair_id: item.id,
      difference,
      baseline_first: verdicts[0],
      candidate_first: verdicts[1],
      baseline_success: baselineSuccess,
      candidate_success: candidateSuccess,
      judge: item.exact
        ? `check:${item.exact.check}`
        : (replies.find(({ model }) => model !== null)?.model ?? judgeModel),
      is_simulated: replies.some(({ isSimulated }) => isSimulated),
      cost_usd: costs.reduce<number | null>(
        (sum, usd) => (sum === null || usd === null ? null : sum + usd),
        0,
      ),
      error,
    };
  });
}
