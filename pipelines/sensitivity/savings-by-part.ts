import type { SavingInTime } from "../../datasets/sensitivity-result.js";
import type { SweepRows } from "../frontier/sweep-rows.js";
import { savingOf, totalOf } from "./router-sums.js";

/** The router's saving in each part of the replayed attempts, with an interval by session.
 * @param parts how many
 * @param partOf part of a row's place in the sweep; rows outside 0 to parts - 1 count in none
 * @param options.isWithout each part's saving is that of all others together
 * @returns one entry a part, from its first attempt on */
export function savingsByPart(
  { replay, rows, group, groups, billed: allBilled }: SweepRows,
  parts: number,
  partOf: (i: number) => number,
  { isWithout = false }: { isWithout?: boolean } = {},
): SavingInTime[] {
  const columns = () => Array.from({ length: parts }, () => new Float64Array(groups.count));
  const [billed, routed] = [columns(), columns()];
  const allRouted = new Float64Array(groups.count);
  const requests = new Float64Array(parts);
  const from = new Float64Array(parts).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const part = partOf(i);
    const usd = replay.usd[replay.chosen[row]! * replay.rows + row]!;
    allRouted[group[i]!]! += usd;
    if (!(part >= 0 && part < parts)) continue;
    billed[part]![group[i]!]! += replay.billed[row]!;
    routed[part]![group[i]!]! += usd;
    requests[part]! += 1;
    from[part] = Math.min(from[part]!, replay.createdAt[row]!);
  }
  const other = (all: Float64Array, own: Float64Array) =>
    isWithout ? all.map((value, g) => value - own[g]!) : own;
  return billed.map((own, part) => ({
    from:
      from[part]! < Number.POSITIVE_INFINITY ? new Date(from[part]! / 1000).toISOString().slice(0, 10) : "",
    requests: requests[part]!,
    billed_usd: totalOf(own),
    saving: savingOf(
      other(allBilled, own),
      other(allRouted, routed[part]!),
      "modelled: logged token counts at list price, and what the gateway adds",
      isWithout ? rows.length - requests[part]! : requests[part]!,
    ),
  }));
}
