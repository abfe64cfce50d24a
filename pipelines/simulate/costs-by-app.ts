import type { SimulateResult } from "../../datasets/results.js";
import type { ReplayColumns } from "./replay-columns.js";

/** What each app's replayed attempts were billed and would have cost with the router, dearest first.
 * @param apps names by number */
export function costsByApp(
  columns: ReplayColumns,
  rows: Int32Array,
  apps: readonly string[],
): NonNullable<SimulateResult["traffic"]>["by_app"] {
  const strong = columns.models - 1;
  const requests = new Float64Array(apps.length);
  const billed = new Float64Array(apps.length);
  const routed = new Float64Array(apps.length);
  const strongRequests = new Float64Array(apps.length);
  for (const row of rows) {
    const app = columns.app[row]!;
    requests[app]! += 1;
    billed[app]! += columns.billed[row]!;
    routed[app]! += columns.usd[columns.chosen[row]! * columns.rows + row]!;
    strongRequests[app]! += Number(columns.chosen[row] === strong);
  }
  return apps
    .map((app, a) => ({
      app,
      requests: requests[a]!,
      billed_usd: billed[a]!,
      routed_usd: routed[a]!,
      strong_share: strongRequests[a]! / requests[a]!,
    }))
    .filter((row) => row.requests > 0)
    .sort((a, b) => b.billed_usd - a.billed_usd || (a.app < b.app ? -1 : 1));
}
