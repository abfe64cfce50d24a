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

/** Rows with the reference filled in: always-strong keeps all of its own quality, by definition. */
export function withReference(rows: readonly StrategyRow[]): StrategyRow[] {
  return rows.map((row) =>
    row.retention === null && alwaysStrong.has(row.strategy)
      ? {
          ...row,
          retention: {
            value: 1,
            low: 1,
            high: 1,
            method: "the reference, 100 % by definition",
            n: row.usd.n,
          },
        }
      : row,
  );
}

const alwaysStrong: ReadonlySet<string> = new Set(["always_strong"]);

/** Whether a row is somebody else's figure. The router's own row never is, whatever its flag says. */
export function isPublishedClaim(row: StrategyRow): boolean {
  return row.is_claim === true && row.strategy !== routerStrategy;
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
