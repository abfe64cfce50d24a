import { misrouteAmountCount, misrouteAmounts } from "../../models/misroutes/misroute-amounts.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Expected amounts of every audited attempt by the router's calibrated sufficiency, one column per amount, by row number.
 *
 * Heads give P(model is sufficient) one by one; which is the cheapest needs them together. The order of the policy is taken as an order
 * of ability: a dearer model is sufficient whenever a cheaper one is. Then P(m* <= m) is the sufficiency of m, and the running
 * maximum where heads contradict the order. A model without a head is passed over; the strong model is sufficient by definition. */
export function modelledAmounts(replay: ReplayData, rows: Int32Array): Float64Array[] {
  const columns = Array.from({ length: misrouteAmountCount }, () => new Float64Array(replay.rows));
  const count = replay.models.length;
  const cumulative = new Float64Array(count);
  const usd = new Float64Array(count);
  const out = new Float64Array(misrouteAmountCount);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    fillCumulative(replay, row, cumulative);
    fillUsd(replay, row, usd);
    misrouteAmounts({ served: replay.served[row]!, cumulative, usd }, out);
    for (let a = 0; a < misrouteAmountCount; a++) columns[a]![row] = out[a]!;
  }
  return columns;
}

/** Range of the mean shares of overkill and underpowered attempts without an order of ability: of several events, one at least happens
 * with a probability between the largest of theirs and their sum.
 * @see Frechet 1935, Generalisation du theoreme des probabilites totales */
export function sharesWithoutOrder(
  replay: ReplayData,
  rows: Int32Array,
): { overkill: [low: number, high: number]; underpowered: [low: number, high: number] } {
  const strong = replay.models.length - 1;
  const cumulative = new Float64Array(replay.models.length);
  let [least, most, underLeast, underMost] = [0, 0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const served = replay.served[row]!;
    fillCumulative(replay, row, cumulative);
    let sum = 0;
    for (let model = 0; model < served; model++) sum += sufficiencyOf(replay, row, model);
    least += served > 0 ? cumulative[served - 1]! : 0;
    most += Math.min(1, sum);
    if (served === strong) continue;
    underLeast += Math.max(0, 1 - sum - sufficiencyOf(replay, row, served));
    underMost += 1 - cumulative[served]!;
  }
  const share = (value: number) => value / rows.length;
  return { overkill: [share(least), share(most)], underpowered: [share(underLeast), share(underMost)] };
}

/** Cost of an audited attempt on every model; the bill on the one that answered. */
export function fillUsd(replay: ReplayData, row: number, usd: Float64Array): void {
  for (let model = 0; model < usd.length; model++) usd[model] = replay.usd[model * replay.rows + row]!;
  usd[replay.served[row]!] = replay.billed[row]!;
}

function fillCumulative(replay: ReplayData, row: number, cumulative: Float64Array): void {
  let most = 0;
  for (let model = 0; model < cumulative.length - 1; model++) {
    most = Math.max(most, sufficiencyOf(replay, row, model));
    cumulative[model] = most;
  }
  cumulative[cumulative.length - 1] = 1;
}

function sufficiencyOf({ sufficiency, rows }: ReplayData, row: number, model: number): number {
  const share = sufficiency[model * rows + row]!;
  return share >= 0 ? share : 0;
}
