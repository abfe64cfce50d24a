import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { certifyUsr, type OfferSample } from "../../../models/cache/certify-usr.js";
import { clopperPearson } from "../../../models/statistics/clopper-pearson.js";

/** Offers whose scores are 1, 2, ... n from the worst to the best; those of `wrong` are wrong. All of them are checked. */
function sampleOf(n: number, wrong: readonly number[], requests = n): OfferSample {
  const checked = Array.from({ length: n }, (_, i) => ({ score: i + 1, isWrong: wrong.includes(i + 1) }));
  return { checked, pool: checked.map(({ score }) => score), requests };
}

describe("a threshold", () => {
  test.each([
    // k* of docs/semantic-cache.md: allowed errors at delta 0.1.
    { n: 300, alpha: 0.01, allowed: 0 },
    { n: 1_000, alpha: 0.01, allowed: 5 },
    { n: 1_000, alpha: 0.02, allowed: 13 },
    { n: 2_000, alpha: 0.005, allowed: 5 },
  ])(
    "is the lowest with at most $allowed errors among $n offers at alpha $alpha",
    ({ n, alpha, allowed }) => {
      const wrong = Array.from({ length: allowed + 5 }, (_, i) => n - 20 - 3 * i);
      const certificate = certifyUsr(sampleOf(n, wrong), { alpha, delta: 0.1 });
      expect(certificate.allowed).toBe(allowed);
      expect(certificate.errors).toBe(allowed);
      expect(certificate.minScore).toBe(wrong[allowed]! + 1);
      expect(certificate.usrHigh).toBeLessThanOrEqual(alpha);
    },
  );

  test("serves the whole pool when there are fewer errors than allowed", () => {
    const { minScore, errors } = certifyUsr(sampleOf(1_000, [7, 400]), { alpha: 0.01, delta: 0.1 });
    expect([minScore, errors]).toEqual([1, 2]);
  });

  test("is off with too few labels, and says how many it takes", () => {
    const certificate = certifyUsr(sampleOf(200, []), { alpha: 0.01, delta: 0.1 });
    expect(certificate).toMatchObject({ minScore: null, allowed: null, usrHigh: null, leastLabels: 230 });
  });

  test("speaks of all requests, not of hits: a handful of hits may all be wrong", () => {
    const wrong = Array.from({ length: 10 }, (_, i) => 1_000 - i);
    const certificate = certifyUsr(sampleOf(1_000, wrong), { alpha: 0.01, delta: 0.1 });
    expect(certificate).toMatchObject({ minScore: 996, errors: 5 });
  });

  test("is off when the exact tier alone is wrong more often than allowed", () => {
    const { pool, requests } = sampleOf(1_000, []);
    const exact = Array.from({ length: 1_000 }, (_, i) => ({ score: Infinity, isWrong: i < 6 }));
    expect(certifyUsr({ checked: exact, pool, requests }, { alpha: 0.01, delta: 0.1 }).minScore).toBeNull();
  });
});

test("offers of half of the traffic may be wrong about twice as often", () => {
  const half = certifyUsr(sampleOf(1_000, [], 2_000), { alpha: 0.01, delta: 0.1 });
  const share = clopperPearson(1_000, 2_000, 1 - 2 * 0.01).high;
  expect(share).toBeGreaterThan(0.5);
  expect(half.allowed).toBe(12);
  expect(half.usrHigh).toBeCloseTo(clopperPearson(0, 1_000, 1 - 2 * 0.09).high * share, 12);
});

test("false accepts of the judge make the promise harder to keep, and total blindness impossible", () => {
  const sample = sampleOf(1_000, []);
  const at = (phi: number) => certifyUsr(sample, { alpha: 0.01, delta: 0.1, acceptErrorHigh: () => phi });
  expect(at(0).allowed).toBe(5);
  expect(at(0.2).allowed).toBe(3);
  expect(at(1)).toMatchObject({ minScore: null, allowed: null, leastLabels: Infinity });
});

/** P(wrong and score >= t) of offers whose score is uniform and which are wrong with probability (1 - score) / 5. */
const trueUsr = (t: number) => (1 - t) ** 2 / 10;

describe("over 1,000 calibrations", () => {
  test.each([
    { what: "without a judge's errors", phi: 0 },
    { what: "with a judge who accepts a tenth of wrong answers", phi: 0.1 },
  ])("the promise is broken in at most a tenth, $what", ({ phi }) => {
    const random = createRandom(11);
    let broken = 0;
    for (let run = 0; run < 1_000; run++) {
      const offers = Array.from({ length: 2_000 }, () => random.uniform());
      const pool = offers.filter((score) => score >= 0.3);
      const checked = pool.slice(0, 600).map((score) => ({
        score,
        isWrong: random.uniform() < (1 - score) / 5 && random.uniform() >= phi,
      }));
      const promise = { alpha: 0.02, delta: 0.1, ...(phi > 0 ? { acceptErrorHigh: () => phi } : {}) };
      const { minScore } = certifyUsr({ checked, pool, requests: 2_000 }, promise);
      if (minScore !== null && trueUsr(minScore) > 0.02) broken += 1;
    }
    expect(broken / 1_000).toBeLessThanOrEqual(0.1);
    expect(broken).toBeGreaterThan(10);
  });
});
