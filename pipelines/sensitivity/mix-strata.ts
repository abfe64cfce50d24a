import type { SweepRows } from "../frontier/sweep-rows.js";

/** Attempts that a stratum needs to stand by itself. */
const leastRows = 30;
const tiers = 4;

/** The replayed attempts by app and tier; strata with few attempts are one. */
export interface MixStrata {
  /** Stratum of each row. */
  of: Int32Array;
  count: number;
  names: Array<{ app: string; tier: number | null }>;
  weights: Float64Array;
  /** Means of an attempt. */
  saved: Float64Array;
  billed: Float64Array;
  kept: Float64Array;
}

/** Put the replayed attempts into strata of app and tier, each with its share and its means. */
export function mixStrata({ replay, rows }: SweepRows): MixStrata {
  const cells = (replay.apps.length + 1) * tiers;
  const cellOf = (row: number) => (replay.app[row]! + 1) * tiers + replay.tier[row]! + 1;
  const counts = new Float64Array(cells);
  for (const row of rows) counts[cellOf(row)]! += 1;
  const large = [...counts.keys()].filter((cell) => counts[cell]! >= leastRows);
  const hasRest = counts.some((count) => count > 0 && count < leastRows);
  const count = large.length + Number(hasRest);
  const place = new Int32Array(cells).fill(large.length);
  large.forEach((cell, s) => {
    place[cell] = s;
  });
  const of = new Int32Array(rows.length);
  const zeros = () => new Float64Array(count);
  const [n, saved, billed, kept] = [zeros(), zeros(), zeros(), zeros()];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const s = place[cellOf(row)]!;
    const at = replay.chosen[row]! * replay.rows + row;
    of[i] = s;
    n[s]! += 1;
    saved[s]! += replay.billed[row]! - replay.usd[at]!;
    billed[s]! += replay.billed[row]!;
    kept[s]! += replay.sufficiency[at]!;
  }
  const mean = (sums: Float64Array) => sums.map((sum, s) => sum / n[s]!);
  const weights = n.map((rowsOf) => rowsOf / rows.length);
  const [savedMean, billedMean] = [mean(saved), mean(billed)];
  const names = Array.from({ length: count }, (_, s) => {
    const cell = large[s];
    if (cell === undefined) return { app: "other", tier: null };
    const app = Math.floor(cell / tiers) - 1;
    const tier = (cell % tiers) - 1;
    return { app: app < 0 ? "(not logged)" : replay.apps[app]!, tier: tier < 0 ? null : tier };
  });
  return {
    of,
    count,
    names,
    weights,
    saved: savedMean,
    billed: billedMean,
    kept: mean(kept),
  };
}
