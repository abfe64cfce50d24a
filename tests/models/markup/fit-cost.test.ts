import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { fitCost, fitInterval } from "../../../models/markup/fit-cost.js";

const markup = 1.055;
const fee = 1e-4;

function plant(seed: number, options: { n: number; sigma: number; noise?: number; foreignShare?: number }) {
  const { n, sigma, noise = 0.02, foreignShare = 0 } = options;
  const random = createRandom(seed);
  const list = new Float64Array(n);
  const reported = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    list[i] = 0.002 * Math.exp(sigma * random.normal());
    const factor = random.uniform() < foreignShare ? 2 : 1;
    reported[i] = factor * (markup * list[i]! + fee) * (1 + noise * random.normal());
  }
  return { columns: [list, new Float64Array(n).fill(1)], reported };
}

/** How many of the seeds cover: 200 at 95 % lie within 180 and 199 in 999 of 1000 draws. */
function coverage(seeds: number, options: Parameters<typeof plant>[1]) {
  let ofMarkup = 0;
  let ofFee = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const fit = fitCost({ ...plant(seed * 7919, options), seed })!;
    const [a, b] = [fitInterval(fit, [1, 0]), fitInterval(fit, [0, 1])];
    ofMarkup += a.low <= markup && markup <= a.high ? 1 : 0;
    ofFee += b.low <= fee && fee <= b.high ? 1 : 0;
  }
  return { ofMarkup, ofFee };
}

test.each([
  { name: "evenly sized calls", sigma: 0.5 },
  { name: "log-normal token counts", sigma: 1 },
  { name: "token counts over four orders of magnitude", sigma: 2.5 },
])(
  "a mark-up of 5.5 % and $0.0001 a call under 2 % noise lies in its interval in about 95 % of 200 seeds: $name",
  ({ sigma }) => {
    const { ofMarkup, ofFee } = coverage(200, { n: 300, sigma });
    for (const covered of [ofMarkup, ofFee]) {
      expect(covered).toBeGreaterThanOrEqual(180);
      expect(covered).toBeLessThanOrEqual(199);
    }
  },
);

test("a fifth of the calls at double cost moves neither mark-up nor fee", () => {
  const { ofMarkup, ofFee } = coverage(60, { n: 300, sigma: 1, foreignShare: 0.2 });
  expect(ofMarkup).toBeGreaterThanOrEqual(51);
  expect(ofFee).toBeGreaterThanOrEqual(51);
});

test("exact costs give the exact mark-up and fee", () => {
  const fit = fitCost(plant(3, { n: 50, sigma: 1, noise: 0 }))!;
  expect(fit.coefficients[0]).toBeCloseTo(markup, 9);
  expect(fit.coefficients[1]).toBeCloseTo(fee, 12);
});

test("residuals that are alike within a session widen the interval", () => {
  const random = createRandom(5);
  const n = 600;
  const list = Float64Array.from({ length: n }, () => 0.002 * Math.exp(random.normal()));
  const shared = Array.from({ length: n / 20 }, () => 0.05 * random.normal());
  const session = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 20));
  const reported = list.map(
    (cost, i) => cost * markup * (1 + shared[session[i]!]! + 0.005 * random.normal()),
  );
  const columns = [list, new Float64Array(n).fill(1)];
  const alone = fitCost({ columns, reported })!;
  const clustered = fitCost({ columns, reported, clusterings: { session } })!;
  expect([alone.clustering, clustered.clustering]).toEqual(["call", "session"]);
  expect(clustered.standardErrors[0]).toBeGreaterThan(2 * alone.standardErrors[0]!);
});

test("a list cost that never varies can't tell a share from a fee", () => {
  const list = new Float64Array(100).fill(0.01);
  expect(
    fitCost({ columns: [list, new Float64Array(100).fill(1)], reported: list.map((cost) => cost * 1.1) }),
  ).toBeNull();
});
