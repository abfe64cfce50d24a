import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { binValues } from "../../../models/drift/bin-values.js";
import { compareMeans } from "../../../models/drift/compare-means.js";
import { populationStability } from "../../../models/drift/population-stability.js";
import { sessionShufflePValue } from "../../../models/drift/session-shuffle.js";
import { shareAlarm } from "../../../models/drift/share-alarm.js";
import { holm } from "../../../models/statistics/sequential/holm.js";

describe("the stability index", () => {
  test("is 0 for equal shares and the textbook sum otherwise", () => {
    expect(populationStability([100, 100], [500, 500]).psi).toBeCloseTo(0, 12);
    const { psi, js } = populationStability([5e8, 5e8], [8e8, 2e8]);
    expect(psi).toBeCloseTo(0.3 * Math.log(1.6) - 0.3 * Math.log(0.4), 6);
    expect(js).toBeCloseTo(
      (0.5 * Math.log2(0.5 / 0.65) +
        0.5 * Math.log2(0.5 / 0.35) +
        0.8 * Math.log2(0.8 / 0.65) +
        0.2 * Math.log2(0.2 / 0.35)) /
        2,
      6,
    );
  });

  test("stays finite where a bin is empty, and is at most one bit apart", () => {
    const { psi, js } = populationStability([1000, 0], [0, 1000]);
    expect(psi).toBeGreaterThan(5);
    expect(Number.isFinite(psi)).toBe(true);
    expect(js).toBeLessThanOrEqual(1);
  });
});

describe("bins", () => {
  test("numbers are cut at the quantiles of the rows before alone", () => {
    const values = [...Array(100).keys(), ...Array(100).fill(1e6)] as number[];
    const isSince = values.map((_, row) => Number(row >= 100));
    const { bins, labels } = binValues(values, isSince);
    const counts = labels.map(
      (_, bin) => bins.filter((other, row) => other === bin && isSince[row] === 0).length,
    );
    expect(counts.slice(0, 10).every((count) => count >= 9 && count <= 11)).toBe(true);
    expect(new Set(bins.slice(100))).toEqual(new Set([9]));
  });

  test("a number with one value, rare names and missing values have their places", () => {
    expect(binValues([3, 3, 3, 7, null], [0, 0, 0, 1, 1]).bins).toEqual(Int32Array.of(0, 0, 0, 1, 2));
    const names = Array.from({ length: 30 }, (_, i) => `name-${i}`).flatMap(
      (name, i) => Array(30 - i).fill(name) as string[],
    );
    const { labels, bins } = binValues([...names, null], new Int32Array(names.length + 1));
    expect(labels).toHaveLength(22);
    expect(labels.slice(-2)).toEqual(["(others)", "(missing)"]);
    expect(bins.at(-1)).toBe(21);
  });
});

describe("shuffled sessions", () => {
  /** Sessions whose rows share a bin; a share of the later ones moves to the last bin. */
  function plant(seed: number, shift: number, sessions = 200, turns = 4) {
    const random = createRandom(seed);
    const rows = sessions * turns;
    const bins = new Int32Array(rows);
    const isSince = new Uint8Array(rows);
    const clusters = new Int32Array(rows);
    for (let session = 0; session < sessions; session++) {
      const side = Number(session >= sessions / 2);
      const bin = side && random.uniform() < shift ? 3 : random.below(4);
      for (let turn = 0; turn < turns; turn++) {
        const row = session * turns + turn;
        bins[row] = bin;
        isSince[row] = side;
        clusters[row] = session;
      }
    }
    return { bins, sides: { isSince, clusters } };
  }
  const pOf = (seed: number, shift: number) => {
    const { bins, sides } = plant(seed, shift);
    return sessionShufflePValue(bins, 4, sides, { shuffles: 199, seed });
  };

  test("alarm in about 5 % of seeds without a shift, though rows of a session are alike", () => {
    const alarms = Array.from({ length: 200 }, (_, seed) => pOf(seed, 0)).filter((p) => p <= 0.05).length;
    expect(alarms).toBeLessThanOrEqual(18);
    expect(alarms).toBeGreaterThanOrEqual(2);
  });

  test("find a planted shift", () => {
    const found = Array.from({ length: 30 }, (_, seed) => pOf(seed, 0.5)).filter((p) => p <= 0.05).length;
    expect(found).toBeGreaterThanOrEqual(28);
  });

  test("never say 0", () => {
    expect(pOf(1, 1)).toBe(1 / 200);
  });
});

describe("differences and alarms", () => {
  test("the interval of a difference covers the truth in about 95 % of seeds", () => {
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const random = createRandom(seed + 1);
      const rows = 400;
      const luck = Float64Array.from({ length: rows / 4 }, () => random.uniform());
      const clusters = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 4));
      const isSince = clusters.map((cluster) => Number(cluster >= 60));
      const values = Float64Array.from(clusters, (cluster, row) =>
        Number((row % 2 ? luck[cluster]! : random.uniform()) < (isSince[row] ? 0.5 : 0.3)),
      );
      const { low, high } = compareMeans(values, { isSince, clusters })!.difference;
      return low <= 0.2 && 0.2 <= high;
    }).filter(Boolean).length;
    expect(covered / 200).toBeGreaterThanOrEqual(0.9);
    expect(covered / 200).toBeLessThanOrEqual(0.99);
  });

  test("a p-value is below 5 % exactly where the interval excludes 0, and weights count", () => {
    const isSince = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    const clusters = Int32Array.from({ length: 8 }, (_, row) => row);
    for (const shift of [0.1, 0.5, 1, 1.5, 2, 3]) {
      const values = [0, 1, 0, 1, 0, 1, 0, 1].map((value, row) => value + (row > 3 ? shift : 0));
      const { difference, p_value } = compareMeans(values, { isSince, clusters })!;
      expect(p_value < 0.05).toBe(difference.low > 0);
    }
    const weighted = compareMeans([0, 1, 0, 1, 0, 0, 1, 1], { isSince, clusters }, [1, 3, 1, 3, 1, 1, 1, 1])!;
    expect(weighted.before).toBe(0.75);
    expect(weighted.difference.value).toBe(-0.25);
    expect(compareMeans([1, 2], { isSince: [0, 1], clusters: Int32Array.of(0, 1) })).toBeNull();
  });

  test("an alarm rises when errors triple, and stays quiet in 95 % of streams in which nothing changes", () => {
    const stream = (seed: number, share: number, rows: number) => {
      const random = createRandom(seed);
      return Array.from({ length: rows }, () => Number(random.uniform() < share));
    };
    const raised = (share: number) =>
      Array.from({ length: 100 }, (_, seed) =>
        shareAlarm(stream(seed, 0.03, 2_000), stream(seed + 500, share, 2_000)),
      ).filter((alarm) => alarm!.is_raised).length;
    expect(raised(0.03)).toBeLessThanOrEqual(5);
    expect(raised(0.09)).toBe(100);
    expect(shareAlarm([], [1])).toBeNull();
  });

  test("p-values are adjusted for their number, and keep their order", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
  });
});
