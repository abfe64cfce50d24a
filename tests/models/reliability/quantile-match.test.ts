import { describe, expect, it } from "vitest";
import { quantileRank, valueAtRank } from "../../../models/reliability/quantile-match.js";

const sorted = Float64Array.from([10, 20, 20, 30]);

describe("ranks and values", () => {
  it.each([
    [10, 0.125],
    [20, 0.5],
    [30, 0.875],
    [25, 0.75],
    [-5, 0.125],
    [99, 0.875],
  ])("puts %d at rank %d", (value, rank) => {
    expect(quantileRank(sorted, value)).toBe(rank);
  });

  it("brings a value back through its own distribution", () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => 3 * i + 1);
    for (const value of [values[0]!, values[20]!, values[49]!]) {
      const rank = (values.indexOf(value) + 0.5) / values.length;
      expect(valueAtRank(values, rank)).toBeCloseTo(value, 9);
    }
  });

  it("keeps the order of values under another distribution", () => {
    const other = Float64Array.from([1, 5, 6, 100]);
    const moved = [10, 20, 25, 30].map((value) => valueAtRank(other, quantileRank(sorted, value)));
    expect(moved).toEqual([...moved].sort((a, b) => a - b));
    expect(moved.at(-1)).toBe(100);
    expect(valueAtRank(Float64Array.of(7), 0.3)).toBe(7);
  });
});
