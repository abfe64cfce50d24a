/** Milliseconds of calls that ran one by one. */
export interface Timing {
  p50: number;
  p99: number;
  max: number;
  /** The same of calls that no other process interrupted. */
  ownP99: number;
  /** Share of the calls that another process interrupted. */
  preemptedShare: number;
}

/** Time calls one by one, after a warm-up of a fifth as many. */
export async function timeCalls(
  runs: number,
  call: (i: number) => Promise<unknown> | undefined,
): Promise<Timing> {
  const times: number[] = [];
  const ownTimes: number[] = [];
  for (let i = -Math.floor(runs / 5); i < runs; i++) {
    const switches = process.resourceUsage().involuntaryContextSwitches;
    const started = performance.now();
    const pending = call(i + runs);
    if (pending !== undefined) await pending;
    const took = performance.now() - started;
    if (i < 0) continue;
    times.push(took);
    if (process.resourceUsage().involuntaryContextSwitches === switches) ownTimes.push(took);
  }
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
    ownP99: quantile(ownTimes, 0.99),
    preemptedShare: 1 - ownTimes.length / runs,
  };
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
