import { expect, test } from "vitest";
import { createRandom, type Random } from "../../datasets/random.js";
import {
  type CertificationRows,
  candidateAt,
  certifyRetention,
} from "../../models/thresholds/certify-retention.js";

const promise = { retention: 0.98, confidence: 0.95 };

/** Rows of a planted world: a difficulty, a noisy score of it, and two models that fail by it. Sessions share difficulty. */
function plantedRows(random: Random, sessions: number): CertificationRows {
  const rows = {
    score: [] as number[],
    weak: [] as number[],
    strong: [] as number[],
    clusters: [] as number[],
  };
  for (let session = 0; session < sessions; session++) {
    const level = random.uniform();
    for (let row = 1 + random.below(3); row > 0; row--) {
      const difficulty = Math.min(1, Math.max(0, level + 0.2 * random.normal()));
      rows.score.push(Math.min(1, Math.max(0, 1 - difficulty + 0.15 * random.normal())));
      const luck = random.uniform();
      rows.strong.push(Number(luck > 0.25 * difficulty));
      rows.weak.push(Number(luck > 0.25 * difficulty + 0.5 * difficulty ** 2 || random.uniform() < 0.02));
      rows.clusters.push(session);
    }
  }
  return {
    sufficiency: [rows.score],
    quality: [rows.weak],
    strongQuality: rows.strong,
    clusters: rows.clusters,
  };
}

function retentionAt(rows: CertificationRows, threshold: number): number {
  let routed = 0;
  let strong = 0;
  for (let i = 0; i < rows.strongQuality.length; i++) {
    const c = candidateAt(rows.sufficiency, i, threshold);
    routed += c < 0 ? rows.strongQuality[i]! : rows.quality[c]![i]!;
    strong += rows.strongQuality[i]!;
  }
  return routed / strong;
}

test.each([150, 600])(
  "with %i sessions the promise holds in at least 95 of 100 seeds (200 tried)",
  (sessions) => {
    const population = plantedRows(createRandom(99), 60_000);
    const known = new Map<number, number>();
    let broken = 0;
    let certified = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { threshold } = certifyRetention(plantedRows(createRandom(seed), sessions), promise);
      if (threshold === null) continue;
      certified += 1;
      const rounded = Math.round(threshold * 500) / 500;
      if (!known.has(rounded)) known.set(rounded, retentionAt(population, rounded));
      broken += Number(known.get(rounded)! < promise.retention);
    }
    expect(broken / 200).toBeLessThanOrEqual(0.05);
    if (sessions === 600) expect(certified / 200).toBeGreaterThan(0.8);
  },
);

test("equal models are certified all the way down", () => {
  const n = 1_000;
  const quality = Array.from({ length: n }, (_, i) => Number(i % 5 !== 0));
  const sufficiency = [Array.from({ length: n }, (_, i) => i / n)];
  const result = certifyRetention(
    { sufficiency, quality: [quality], strongQuality: quality, clusters: quality.map((_, i) => i) },
    promise,
  );
  expect(result.threshold).toBe(0);
});

test("an unseen loss may stand for as many rows as one rating does", () => {
  const n = 1_000;
  const rows = {
    sufficiency: [Array.from({ length: n }, (_, i) => i / n)],
    quality: [new Float64Array(n).fill(1)],
    strongQuality: new Float64Array(n).fill(1),
    clusters: Array.from({ length: n }, (_, i) => i),
  };
  const low = (lossUnit?: number) =>
    certifyRetention({ ...rows, lossUnit }, promise).dial.at(-1)!.retentionLow;
  expect(1 - low()).toBeCloseTo(3.2 / n, 3);
  // 100 rated rows speak for all: the rule of three over the ratings.
  expect(1 - low(10)).toBeCloseTo(3.2 / 100, 2);
});

test("few rows certify nothing, and say how many would", () => {
  const n = 60;
  const quality = new Array<number>(n).fill(1);
  const result = certifyRetention(
    {
      sufficiency: [quality.map(() => 0.9)],
      quality: [quality],
      strongQuality: quality,
      clusters: quality.map((_, i) => i),
    },
    promise,
  );
  expect(result).toMatchObject({ threshold: null, retentionLow: null, rows: n });
  expect(result.rowsNeeded).toBeGreaterThan(n);
  expect(result.rowsNeeded).toBeLessThan(1_000);
});

test("a hopeless cheaper model is not certified, whatever the number of rows", () => {
  const n = 5_000;
  const strong = new Array<number>(n).fill(1);
  const weak = strong.map((_, i) => Number(i % 2 === 0));
  const result = certifyRetention(
    {
      sufficiency: [strong.map(() => 0.5)],
      quality: [weak],
      strongQuality: strong,
      clusters: strong.map((_, i) => i),
    },
    promise,
  );
  expect(result).toMatchObject({ threshold: null, rowsNeeded: null });
});

test("one dial applies to several candidates, the cheapest sufficient one answers", () => {
  const sufficiency = [
    [0.9, 0.2, 0.1],
    [0.95, 0.8, 0.3],
  ];
  expect([0, 1, 2].map((row) => candidateAt(sufficiency, row, 0.7))).toEqual([0, 1, -1]);
});

test("one session is no evidence", () => {
  const ones = new Array<number>(2_000).fill(1);
  const rows = { sufficiency: [ones], quality: [ones], strongQuality: ones, clusters: ones };
  expect(certifyRetention(rows, promise).threshold).toBeNull();
});

test("what other models lose below the dial counts against the promise", () => {
  const n = 400;
  const rows: CertificationRows = {
    sufficiency: [Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1))],
    quality: [Array.from({ length: n }, (_, i) => Number(i % 2 === 0))],
    strongQuality: new Array<number>(n).fill(1),
    clusters: Array.from({ length: n }, (_, i) => i),
  };
  const lossy = Array.from({ length: n }, (_, i) => Number(i % 20 !== 1));
  const alone = certifyRetention(rows, promise);
  expect(alone.threshold).toBeGreaterThan(0.1);
  const among = certifyRetention({ ...rows, fallbackQuality: lossy }, promise);
  expect(among.threshold).toBeNull();
  expect(among.dial[0]!.retention).toBeCloseTo(0.95, 12);
  expect(certifyRetention({ ...rows, fallbackQuality: rows.strongQuality }, promise)).toEqual(alone);
});
