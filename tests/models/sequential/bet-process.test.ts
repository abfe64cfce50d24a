import { describe, expect, test } from "vitest";
import { plantDifferences } from "../../../datasets/synthetic/planted-differences.js";
import { openBetProcess } from "../../../models/statistics/sequential/bet-process.js";
import { measureSessionCertificates, measureStopping } from "../../../scripts/bench/measure-shadow.js";

/** Mean e-value over all sequences of so many draws, each as likely as its probability. */
function meanEvidence(
  draws: ReadonlyArray<{ sum: number; size: number; p: number }>,
  length: number,
  options: Parameters<typeof openBetProcess>[0],
): number {
  const walk = (path: typeof draws, p: number): number => {
    if (path.length < length) return draws.reduce((sum, draw) => sum + walk([...path, draw], p * draw.p), 0);
    const process = openBetProcess(options);
    for (const { sum, size } of path) process.bet(sum, size);
    return p * Math.exp(process.logEvidence);
  };
  return walk([], 1);
}

describe("the betting e-process", () => {
  const margin = 0.02;
  const options = { lowest: 1 - margin, drift: margin };

  test("multiplies by 1 + lambda (m - D) with the bets worked out by hand", () => {
    const process = openBetProcess(options);
    process.bet(0.02, 1);
    // lambda 0.04, 0.08 and 0.16 with stakes 1/4, 1/2, 1/4
    expect(Math.exp(process.logEvidence)).toBeCloseTo(1 + 0.02 * 0.09, 12);
    process.bet(-0.98, 1);
    // E[x^2] = (0.25 + 0.0004) / 2 and so lambda 0.0799, 0.1597 and 0.3195
    expect(Math.exp(process.logEvidence)).toBeCloseTo(0.8252904, 6);
    expect(process.peak).toBeCloseTo(Math.log(1.0018), 12);
  });

  test("keeps its mean at 1 under the null, exactly, and below 1 inside it", () => {
    const at = (mean: number) => [
      { sum: margin - 1, size: 1, p: 0.1 + mean / 2 },
      { sum: margin, size: 1, p: 0.8 },
      { sum: margin + 1, size: 1, p: 0.1 - mean / 2 },
    ];
    expect(meanEvidence(at(margin), 6, options)).toBeCloseTo(1, 12);
    expect(meanEvidence(at(0.1), 6, options)).toBeLessThan(0.97);
    expect(meanEvidence(at(0), 6, options)).toBeGreaterThan(1);
  });

  test("keeps it for sessions whose rows are all alike and whose size goes with their quality", () => {
    // long sessions lose one answer in ten, all together; short ones win so much that the pair-weighted mean is the margin
    const lossLong = 0.1;
    const gainShort = (3 * 0.5 * lossLong - margin * (0.5 + 1.5)) / 0.5;
    const draws = [
      { sum: 3 * (margin - 1), size: 3, p: 0.5 * lossLong },
      { sum: 3 * margin, size: 3, p: 0.5 * (1 - lossLong) },
      { sum: margin + 1, size: 1, p: 0.5 * gainShort },
      { sum: margin, size: 1, p: 0.5 * (1 - gainShort) },
    ];
    expect(draws.reduce((sum, draw) => sum + draw.p * draw.sum, 0)).toBeCloseTo(0, 12);
    expect(meanEvidence(draws, 5, { ...options, sessionCap: 3 })).toBeCloseTo(1, 12);
  });

  test("never falls below 0, whatever comes", () => {
    const process = openBetProcess({ ...options, sessionCap: 4 });
    for (let i = 0; i < 500; i++) process.bet(4 * (margin - 1), 4);
    expect(process.logEvidence).toBeLessThan(-5);
    expect(Number.isFinite(process.logEvidence)).toBe(true);
  });

  test.each([
    ["a session over the cap", 0, 2],
    ["an empty session", 0, 0],
    ["a sum below the bound", -1.5, 1],
    ["no number", Number.NaN, 1],
  ])("refuses %s", (_, sum, size) => {
    expect(() => openBetProcess(options).bet(sum, size)).toThrow(RangeError);
  });
});

describe("stopping", () => {
  const limits = { runs: 300, mostPairs: 5_000, lookEvery: 50 };

  test("certifies a candidate at the margin in at most 5 % of runs, where peeking does in far more", () => {
    const nulls = measureStopping(
      { discordance: 0.2, margin: 0.05, difference: 0.05 },
      { ...limits, seed: 1_000 },
    );
    const share = (times: readonly number[]) => times.filter(Number.isFinite).length / limits.runs;
    expect(share(nulls.eProcess)).toBeLessThan(0.08); // 5 % + 2.4 standard errors
    expect(share(nulls.sequence)).toBeLessThan(0.08);
    expect(share(nulls.peeking)).toBeGreaterThan(0.2);
  });

  test("certifies an equally good one sooner than a plug-in bet does (573 / 1,083)", () => {
    const equal = measureStopping(
      { discordance: 0.2, margin: 0.05, difference: 0 },
      { ...limits, seed: 5_000 },
    );
    const sorted = equal.eProcess.sort((a, b) => a - b);
    expect(sorted[150]).toBeLessThan(573);
    expect(sorted[240]).toBeLessThan(1_083);
  });

  test("one bet per session keeps the level on alike sessions, one bet per pair does not", () => {
    const planted = { sessions: 600, meanSession: 8, discordance: 0.2, difference: 0.05, icc: 0.4 };
    const shares = measureSessionCertificates(
      { ...planted, margin: 0.05 },
      { runs: 200, cap: 8, seed: 9_000 },
    );
    expect(shares.bySession).toBeLessThan(0.08);
    expect(shares.byPair).toBeGreaterThan(0.2);
  });

  test("the planted stream has the mean, the variance and the likeness that it says", () => {
    const { values, clusters } = plantDifferences({
      sessions: 20_000,
      meanSession: 4,
      discordance: 0.3,
      difference: 0.1,
      icc: 0.5,
      seed: 7,
    });
    const mean = values.reduce((sum, d) => sum + d, 0) / values.length;
    expect(mean).toBeCloseTo(0.1, 1.7);
    expect(values.length / 20_000).toBeCloseTo(4, 0);
    let [alike, pairs] = [0, 0];
    for (let i = 1; i < values.length; i++) {
      if (clusters[i] !== clusters[i - 1]) continue;
      alike += (values[i]! - mean) * (values[i - 1]! - mean);
      pairs += 1;
    }
    expect(alike / pairs / (0.3 - 0.01)).toBeCloseTo(0.5, 1.3);
  });
});
