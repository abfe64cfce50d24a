import type { PlanIncidence } from "../../datasets/pricing-result.js";
import { gini, topTenthShare } from "./concentration.js";

/** Who pays more and who pays less when a price changes: payers in ten groups of equal number, from those who pay least now to those
 * who pay most. Equal payers keep their order.
 * @param now what each pays, USD
 * @param then what each would pay, USD
 * @param calls of each */
export function incidenceOf(now: Float64Array, then: Float64Array, calls: Float64Array): PlanIncidence {
  const order = Uint32Array.from(now.keys()).sort((a, b) => now[a]! - now[b]! || a - b);
  const groups = Math.min(10, order.length);
  const cut = (group: number) => Math.floor((group * order.length) / groups);
  const sorted = then.slice().sort();
  const changes = Array.from(then, (usd, i) => direction(now[i]!, usd));
  return {
    payers: now.length,
    deciles: Array.from({ length: groups }, (_, group) =>
      groupOf(order.subarray(cut(group), cut(group + 1)), { now, then, calls, changes }),
    ),
    pay_more: changes.filter((change) => change > 0).length,
    pay_less: changes.filter((change) => change < 0).length,
    gini: gini(sorted),
    top_tenth_share: topTenthShare(sorted),
  };
}

function groupOf(
  members: Uint32Array,
  columns: { now: Float64Array; then: Float64Array; calls: Float64Array; changes: readonly number[] },
): PlanIncidence["deciles"][0] {
  const sum = (column: Float64Array) => members.reduce((total, i) => total + column[i]!, 0);
  const [before, after] = [sum(columns.now), sum(columns.then)];
  return {
    payers: members.length,
    calls: sum(columns.calls),
    now_usd: before,
    plan_usd: after,
    change: before > 0 ? (direction(before, after) === 0 ? 0 : (after - before) / before) : null,
    pay_more: members.filter((i) => columns.changes[i]! > 0).length,
    pay_less: members.filter((i) => columns.changes[i]! < 0).length,
  };
}

/** Differences below a millionth are rounding. */
function direction(before: number, after: number): number {
  return Math.abs(after - before) <= 1e-6 * Math.max(before, after) ? 0 : Math.sign(after - before);
}
