import { expect, test } from "vitest";
import { createRandom, type Random } from "../../../datasets/random.js";
import { certifyDial, dialPoints } from "../../../models/thresholds/certify-dial.js";
import {
  type CertificationRows,
  candidateAt,
  certifyRetention,
} from "../../../models/thresholds/certify-retention.js";

/** One cheap model that fails more the harder a request is, scored with noise; one row a session. */
function plantedRows(random: Random, n: number): CertificationRows {
  const score: number[] = [];
  const weak: number[] = [];
  for (let row = 0; row < n; row++) {
    const difficulty = random.uniform();
    score.push(Math.min(1, Math.max(0, 1 - difficulty + 0.1 * random.normal())));
    weak.push(Number(random.uniform() > 0.25 * difficulty ** 2));
  }
  return {
    sufficiency: [score],
    quality: [weak],
    strongQuality: new Array<number>(n).fill(1),
    clusters: score.map((_, i) => i),
  };
}

function retentionAt({ sufficiency, quality }: CertificationRows, threshold: number): number {
  const scores = sufficiency[0]!;
  let kept = 0;
  for (let i = 0; i < scores.length; i++)
    kept += candidateAt(sufficiency, i, threshold) < 0 ? 1 : quality[0]![i]!;
  return kept / scores.length;
}

test("the target is a point of the dial, from loose to strict, once", () => {
  expect(dialPoints(0.98)).toEqual([0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995]);
  expect(dialPoints(0.9)).toEqual([0.9, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995]);
});

test("each point is what certifying it alone gives, and a stricter promise never has a looser threshold", () => {
  const rows = plantedRows(createRandom(7), 1_500);
  const dial = certifyDial(rows, { retentions: dialPoints(0.98), confidence: 0.95 });
  for (const { retention, ...certified } of dial)
    expect(certified).toEqual(certifyRetention(rows, { retention, confidence: 0.95 }));
  const thresholds = dial.map(({ threshold }) => threshold ?? Number.POSITIVE_INFINITY);
  expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
  expect(new Set(thresholds).size).toBeGreaterThan(3);
});

test("each promise breaks in at most 5 of 100 seeds, any of the seven in at most 15 (300 tried)", () => {
  const population = plantedRows(createRandom(99), 40_000);
  const truth = Array.from({ length: 1_001 }, (_, i) => retentionAt(population, i / 1_000));
  const retentions = dialPoints(0.98);
  const broken = retentions.map(() => 0);
  let any = 0;
  const seeds = 300;
  for (let seed = 0; seed < seeds; seed++) {
    const dial = certifyDial(plantedRows(createRandom(seed), 1_200), { retentions, confidence: 0.95 });
    const breaks = dial.map(
      ({ threshold, retention }) => threshold !== null && truth[Math.round(threshold * 1_000)]! < retention,
    );
    breaks.forEach((isBroken, point) => {
      broken[point]! += Number(isBroken);
    });
    any += Number(breaks.includes(true));
  }
  for (const count of broken) expect(count / seeds).toBeLessThanOrEqual(0.05);
  expect(any / seeds).toBeLessThanOrEqual(0.15);
  expect(any).toBeGreaterThan(Math.max(...broken));
});
