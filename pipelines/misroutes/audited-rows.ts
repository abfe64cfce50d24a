import { orderByCluster } from "../../models/statistics/order-by-cluster.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Rows that a counterfactual about the model's choice can speak of: replayed, answered by a model of the policy, priced on all of them,
 * and with a sufficiency where one is needed; in order of session.
 * @returns the rows, and how many replayed ones were left out for want of a sufficiency or a price */
export function auditedRows(replay: ReplayData): { rows: Int32Array; left: number } {
  const { models, served, billed } = replay;
  const strong = models.length - 1;
  const kept = new Int32Array(replay.rows);
  let [count, left] = [0, 0];
  for (let row = 0; row < replay.rows; row++) {
    if (replay.isReplayed[row] !== 1) continue;
    let isKnown = served[row]! >= 0 && replay.isSuccess[row] === 1 && Number.isFinite(billed[row]!);
    for (let model = 0; isKnown && model <= strong; model++) {
      const at = model * replay.rows + row;
      const isNeeded = model === served[row] || model === replay.chosen[row];
      isKnown =
        Number.isFinite(replay.usd[at]!) &&
        (model === strong || !isNeeded || Number.isFinite(replay.sufficiency[at]!));
    }
    if (isKnown) kept[count++] = row;
    else left += 1;
  }
  return { rows: orderByCluster(kept.subarray(0, count), replay.session, replay.sessions), left };
}
