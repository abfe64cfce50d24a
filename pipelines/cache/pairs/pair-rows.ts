import type { CachePairRow } from "../../../datasets/cache-pairs.js";
import type { Journal } from "../../label/journal.js";
import type { PairLabel } from "./read-pair.js";

/** Who decided a pair that facts decided. */
export const exactJudge = "exact:equal";

/** Rows of the pairs that were asked about. A run that its budget stopped asked about a random part of the drawn pairs, which lowers the
 * chance of each.
 * @param drawn how many were drawn */
export function pairRows(
  labelled: readonly PairLabel[],
  { journal, judgeModel, drawn }: { journal: Journal; judgeModel: string; drawn: number },
): CachePairRow[] {
  return labelled.map(({ item, calls, replies, verdict, error }): CachePairRow => {
    const { row } = item;
    const costs = calls.map(({ key }) => journal.replies.get(key)?.costUsd ?? null);
    return {
      pair_id: item.id,
      request_id: row.request_id,
      entry_id: row.entry_id,
      segment: row.segment,
      created_at: row.created_at,
      similarity: row.similarity,
      features_json: row.features_json,
      inclusion_probability: (row.inclusion_probability * labelled.length) / drawn,
      verdict,
      judge: item.isEqual ? exactJudge : (replies!.find(({ model }) => model !== null)?.model ?? judgeModel),
      is_simulated: replies!.some(({ isSimulated }) => isSimulated),
      cost_usd: costs.reduce<number | null>(
        (sum, usd) => (sum === null || usd === null ? null : sum + usd),
        0,
      ),
      error,
    };
  });
}
