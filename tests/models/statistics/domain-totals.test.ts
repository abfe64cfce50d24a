import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { domainTotalInterval, domainTotals } from "../../../models/statistics/domain-totals.js";
import { totalOfSums } from "../../../models/statistics/session-sums.js";

/** Thirty sessions of two rows; domain 0 is all of them, domain 1 every third session. */
function layoutOf() {
  const clusters = Int32Array.from({ length: 60 }, (_, row) => row >> 1);
  const rows = Int32Array.from(clusters.keys());
  const thirds = clusters.map((session) => (session % 3 === 0 ? 1 : -1));
  return { rows, clusters, domains: [new Int32Array(60), thirds], count: 3 };
}

test("a domain's total is that of its sums by session, those that don't touch it with 0", () => {
  const random = createRandom(2);
  const layout = layoutOf();
  const amount = Float64Array.from(layout.rows, () => Math.exp(random.normal()));
  const [totals] = domainTotals(layout, [amount]);
  for (const [domain, holds] of [() => true, (session: number) => session % 3 === 0].entries()) {
    const sums = new Float64Array(30);
    layout.clusters.forEach((session, row) => {
      if (holds(session)) sums[session]! += amount[row]!;
    });
    const expected = totalOfSums(sums)!;
    const found = domainTotalInterval(totals!, domain);
    expect(found.value).toBeCloseTo(expected.value, 10);
    expect(found.low).toBeCloseTo(expected.low, 8);
    expect(found.high).toBeCloseTo(expected.high, 8);
  }
});

test("a domain that fewer than two sessions touch has no bounds", () => {
  const [totals] = domainTotals(layoutOf(), [new Float64Array(60).fill(1)]);
  expect(domainTotalInterval(totals!, 2)).toEqual({ value: 0, low: -Infinity, high: Infinity });
});
