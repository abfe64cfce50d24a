import { plantDifferences } from "../../datasets/synthetic/planted-differences.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { normalQuantile } from "../../models/statistics/quantiles.js";
import { openBetProcess } from "../../models/statistics/sequential/bet-process.js";
import { sequenceHalfWidth } from "../../models/statistics/sequential/confidence-sequence.js";
import { planPaired } from "../../models/statistics/sequential/plan-paired.js";

/** One planted test: independent pairs, looked at regularly. */
export interface StoppingCase {
  discordance: number;
  margin: number;
  /** True difference; the margin itself is the null. */
  difference: number;
}

/** When each test certified, in pairs; infinite = not within the limit. */
export interface StoppingTimes {
  eProcess: number[];
  sequence: number[];
  /** z-test at 95 % at every look. */
  peeking: number[];
}

/** Run a planted test many times. The e-process is looked at after every pair, the others every `lookEvery` pairs. */
export function measureStopping(
  { discordance, margin, difference }: StoppingCase,
  { runs, mostPairs, lookEvery, seed }: { runs: number; mostPairs: number; lookEvery: number; seed: number },
): StoppingTimes {
  const alpha = 0.05;
  const { fixed: nStar } = planPaired({ discordance: 0.2, margin, alpha, power: 0.8 });
  const out: StoppingTimes = { eProcess: [], sequence: [], peeking: [] };
  for (let run = 0; run < runs; run++) {
    const { values } = plantDifferences({ sessions: mostPairs, discordance, difference, seed: seed + run });
    const stops = { eProcess: Infinity, sequence: Infinity, peeking: Infinity };
    const process = openBetProcess({ lowest: 1 - margin, drift: margin });
    let [sum, squares] = [0, 0];
    for (let i = 0; i < mostPairs; i++) {
      const d = values[i]!;
      sum += d;
      squares += d * d;
      const n = i + 1;
      if (stops.eProcess === Infinity) {
        process.bet(margin - d, 1);
        if (process.logEvidence >= Math.log(1 / alpha)) stops.eProcess = n;
      }
      if (n % lookEvery !== 0) continue;
      const mean = sum / n;
      const sigma = Math.sqrt((squares + 1) / n - mean * mean);
      const half = sequenceHalfWidth({ sigma, n, alpha, nStar, sides: 1 });
      if (mean + half < margin) stops.sequence = Math.min(stops.sequence, n);
      if (mean + (normalQuantile(1 - alpha) * sigma) / Math.sqrt(n) < margin)
        stops.peeking = Math.min(stops.peeking, n);
      if (Math.max(stops.eProcess, stops.sequence, stops.peeking) < Infinity) break;
    }
    out.eProcess.push(stops.eProcess);
    out.sequence.push(stops.sequence);
    out.peeking.push(stops.peeking);
  }
  return out;
}

/** A planted test on sessions. */
export interface SessionCase {
  sessions: number;
  meanSession: number;
  discordance: number;
  difference: number;
  icc: number;
}

/** Share of seeds whose 95 % interval of the mean difference held the truth, counted by session and as if rows were independent. */
export function measureSessionCoverage(
  planted: SessionCase,
  { seeds, seed }: { seeds: number; seed: number },
): { clustered: number; rowwise: number } {
  let [clustered, rowwise] = [0, 0];
  for (let i = 0; i < seeds; i++) {
    const { values, clusters } = plantDifferences({ ...planted, seed: seed + i });
    const ones = new Float64Array(values.length).fill(1);
    const covers = (sessions: ArrayLike<number>) => {
      const { low, high } = clusterRatioInterval(clusterRatio(values, ones, sessions));
      return Number(low <= planted.difference && planted.difference <= high);
    };
    clustered += covers(clusters);
    rowwise += covers(Int32Array.from(values, (_, row) => row));
  }
  return { clustered: clustered / seeds, rowwise: rowwise / seeds };
}

/** Share of runs on session traffic in which each way of betting certified: one bet per session, and one per pair as if pairs were independent. */
export function measureSessionCertificates(
  planted: SessionCase & { margin: number },
  { runs, cap, seed }: { runs: number; cap: number; seed: number },
): { bySession: number; byPair: number } {
  const { margin } = planted;
  const limit = Math.log(20);
  let [bySession, byPair] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const { values, clusters } = plantDifferences({ ...planted, seed: seed + run });
    const sessions = openBetProcess({ lowest: 1 - margin, drift: margin, sessionCap: cap });
    const pairs = openBetProcess({ lowest: 1 - margin, drift: margin });
    for (let i = 0; i < values.length; ) {
      let [sum, size] = [0, 0];
      const session = clusters[i];
      for (; i < values.length && clusters[i] === session; i++) {
        pairs.bet(margin - values[i]!, 1);
        if (size === cap) continue;
        sum += margin - values[i]!;
        size += 1;
      }
      sessions.bet(sum, size);
    }
    bySession += Number(sessions.peak >= limit);
    byPair += Number(pairs.peak >= limit);
  }
  return { bySession: bySession / runs, byPair: byPair / runs };
}

/** Quantile of stopping times, infinite where fewer have stopped. */
export function stoppingQuantile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)]!;
}

/** Share of runs that stopped within so many pairs. */
export function stoppedShare(times: readonly number[], pairs = Number.MAX_SAFE_INTEGER): number {
  return times.filter((n) => n <= pairs).length / times.length;
}
