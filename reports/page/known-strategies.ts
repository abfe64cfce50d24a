import type { SimulateResult, StrategyRow } from "../../datasets/results.js";

/** The population that the headline speaks of: the user's own traffic, else held-out outcomes; null without either. */
export function headlinePopulation(simulate: SimulateResult | null): {
  kind: "traffic" | "outcomes";
  n: number;
  router: StrategyRow;
  baseline: StrategyRow;
} | null {
  for (const [kind, rows, n] of [
    ["traffic", simulate?.traffic?.strategies, simulate?.traffic?.requests],
    ["outcomes", simulate?.outcomes?.strategies, simulate?.outcomes?.n],
  ] as const) {
    const router = rows && routerRow(rows);
    if (router) return { kind, n: n!, router, baseline: baselineRow(rows) ?? router };
  }
  return null;
}

/** Whether a row is somebody else's published figure. */
export function isPublishedClaim(row: StrategyRow): boolean {
  return row.is_claim === true;
}

const routerStrategy = "router";

/** The trained router's row. */
export function routerRow(rows: readonly StrategyRow[]): StrategyRow | null {
  return rows.find(({ strategy }) => strategy === routerStrategy) ?? null;
}

/** The row that savings are counted against: the first without a saving of its own. */
export function baselineRow(rows: readonly StrategyRow[]): StrategyRow | null {
  return rows.find((row) => row.saving === null && !isPublishedClaim(row)) ?? null;
}
