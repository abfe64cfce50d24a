import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { inclusionProbabilities, systematicSample } from "../../../models/statistics/systematic-sample.js";
import { drawSample, type SampleUnit } from "../../../pipelines/label/draw-sample.js";

describe("sampling by size", () => {
  test("probabilities sum to the sample, none above 1; as many rows are drawn as they say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 80 }),
        fc.nat(100),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (sizes, percent, start) => {
          const sample = Math.max(1, Math.floor((sizes.length * percent) / 100));
          const probabilities = inclusionProbabilities(sizes, sample);
          expect(Math.max(...probabilities)).toBeLessThanOrEqual(1);
          expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(sample, 6);
          const drawn = systematicSample(probabilities, start);
          expect(new Set(drawn).size).toBe(drawn.length);
          expect(drawn.length).toBe(sample);
        },
      ),
    );
  });

  test("what exceeds 1 is certain, and the others share the rest", () => {
    expect([...inclusionProbabilities([8, 1, 1], 2)]).toEqual([1, 0.5, 0.5]);
  });

  test("each row is drawn as often as its probability says", () => {
    const probabilities = inclusionProbabilities([1, 2, 3, 4], 2);
    const counts = new Float64Array(4);
    const random = createRandom(5);
    for (let i = 0; i < 10_000; i++)
      for (const row of systematicSample(probabilities, random.uniform())) counts[row]! += 1 / 10_000;
    for (const row of counts.keys()) expect(counts[row]).toBeCloseTo(probabilities[row]!, 1);
  });
});

/** A population whose truth depends on what the first model is unsure of. */
function population(size: number): Array<SampleUnit & { truth: number }> {
  const random = createRandom(9);
  return Array.from({ length: size }, (_, i) => {
    const uncertainty = Math.exp(-5 * random.uniform());
    return {
      request_id: String(i),
      stratum: `s${i % 3}`,
      uncertainty,
      truth: Number(random.uniform() < 0.9 - 0.5 * uncertainty),
    };
  });
}

describe("drawSample", () => {
  test("focused samples hold more of the unsure; their weights undo it", () => {
    const units = population(2_000);
    const mean = units.reduce((sum, { truth }) => sum + truth, 0) / units.length;
    const meanUncertainty = units.reduce((sum, { uncertainty }) => sum + uncertainty!, 0) / units.length;
    const byId = new Map(units.map((unit) => [unit.request_id, unit]));
    let weighted = 0;
    let plain = 0;
    let unsure = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { drawn } = drawSample(units, { sample: 200, seed });
      expect(drawn).toHaveLength(200);
      for (const { request_id, inclusion_probability } of drawn) {
        const { truth, uncertainty } = byId.get(request_id)!;
        weighted += truth / inclusion_probability / units.length / 200;
        plain += truth / 200 / 200;
        unsure += uncertainty! / 200 / 200;
      }
    }
    expect(unsure).toBeGreaterThan(1.5 * meanUncertainty);
    expect(Math.abs(weighted - mean)).toBeLessThan(0.01);
    expect(Math.abs(plain - mean)).toBeGreaterThan(0.05);
  });

  test("the least certain to be drawn keep a fifth of an even chance", () => {
    const units = population(1_000).map((unit, i) => ({ ...unit, uncertainty: i < 900 ? 1e-9 : 1 }));
    for (const seed of [1, 2, 3])
      for (const { request_id, inclusion_probability } of drawSample(units, { sample: 50, seed }).drawn)
        if (Number(request_id) < 900) expect(inclusion_probability).toBeCloseTo(0.2 * 0.05, 6);
  });

  test("even samples take each stratum's share, in the order given", () => {
    const units = population(90).map((unit) => ({ ...unit, uncertainty: null }));
    const { drawn, strata } = drawSample(units, { sample: 30, seed: 1 });
    expect(strata.map(({ population: size, sampled }) => [size, sampled])).toEqual([
      [30, 10],
      [30, 10],
      [30, 10],
    ]);
    expect(drawn.map(({ request_id }) => Number(request_id))).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
    expect(drawn.every(({ inclusion_probability }) => inclusion_probability === 1 / 3)).toBe(true);
  });
});
