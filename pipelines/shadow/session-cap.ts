import { type PairedDesign, planPaired } from "../../models/statistics/sequential/plan-paired.js";

/** How many sessions have how many requests. */
export interface SessionSize {
  size: number;
  sessions: number;
}

/** Number of pairs of a session that count, so that the e-process certifies soonest: a small cap drops pairs of long sessions, a large
 * one holds the bets down. The cap has to be fixed before the test.
 * @param icc correlation within a session
 * @returns also the share of pairs within the cap, and the design effect 1 + (mates - 1) icc, mates = sum n^2 / sum n of what is kept
 * @see Kish 1965, Survey Sampling, sec. 5.4 */
export function bestSessionCap(
  sizes: readonly SessionSize[],
  { icc, base }: { icc: number; base: PairedDesign },
): { cap: number; keptShare: number; designEffect: number } {
  const largest = Math.min(mostCap, Math.max(1, ...sizes.map(({ size }) => size)));
  const options = Array.from({ length: largest }, (_, i) => {
    const cap = i + 1;
    const { keptShare, designEffect } = effectOfCap(sizes, cap, icc);
    const { eProcess } = planPaired({ ...base, designEffect, sessionCap: cap });
    return { cap, keptShare, designEffect, requests: eProcess / keptShare };
  });
  const { cap, keptShare, designEffect } = options.reduce((best, option) =>
    option.requests < best.requests ? option : best,
  );
  return { cap, keptShare, designEffect };
}

const mostCap = 64;

/** Share of pairs within a session cap, and the design effect of those. */
export function effectOfCap(
  sizes: readonly SessionSize[],
  cap: number,
  icc: number,
): { keptShare: number; designEffect: number } {
  const kept = sizes.map(({ size, sessions }) => ({ size: Math.min(size, cap), sessions }));
  const rows = sumOf(kept, ({ size }) => size);
  return {
    keptShare: rows / sumOf(sizes, ({ size }) => size),
    designEffect: 1 + (sumOf(kept, ({ size }) => size ** 2) / rows - 1) * icc,
  };
}

/** Lengths of the first sessions by the time of their first row, as many as decide a cap.
 * @param rows ascending in time */
export function firstSessionSizes(rows: ReadonlyArray<{ session: string }>, first = 100): SessionSize[] {
  const lengths = new Map<string, number>();
  for (const { session } of rows) {
    if (lengths.has(session) || lengths.size < first) lengths.set(session, (lengths.get(session) ?? 0) + 1);
  }
  const counts = new Map<number, number>();
  for (const size of lengths.values()) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts].map(([size, sessions]) => ({ size, sessions })).sort((a, b) => a.size - b.size);
}

function sumOf(rows: readonly SessionSize[], of: (row: SessionSize) => number): number {
  return rows.reduce((sum, row) => sum + row.sessions * of(row), 0);
}
