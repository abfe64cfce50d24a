import fc from "fast-check";
import { expect, test } from "vitest";
import { Exact } from "../../../models/pricing/exact.js";
import { formatExact, formatUsd } from "../../../models/pricing/format-exact.js";
import "../../support/fixed-seed.js";

test.each([
  [0.1, 0.2, "0.30"],
  [1.005, 0, "1.01"],
  [-1.005, 0, "-1.01"],
  [1e21, 0.01, "1000000000000000000000.01"],
  [5e-7, 0, "0.00"],
  [-0.001, 0, "0.00"],
])("%d + %d is %s to the cent", (a, b, cents) => {
  expect(Exact.of(a).plus(b).toFixed(2)).toBe(cents);
});

test.each([Number.NaN, Infinity, -Infinity])("%d is no number to compute with", (value) => {
  expect(() => Exact.of(value)).toThrow(RangeError);
});

test("a third of three thirds is exactly one", () => {
  const third = Exact.of(1).over(3);
  expect(third.plus(third).plus(third).equals(1)).toBe(true);
  expect(() => third.over(0)).toThrow("division by zero");
});

test("what a number is written as comes back", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Exact.of(value).toNumber()).toBe(value === 0 ? 0 : value);
    }),
  );
});

test("arithmetic agrees with whole numbers", () => {
  const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      expect(
        Exact.of(a)
          .plus(Exact.of(b))
          .equals(Exact.of(a + b)),
      ).toBe(true);
      expect(
        Exact.of(a)
          .times(Exact.of(b))
          .equals(Exact.of(a * b)),
      ).toBe(true);
      if (b !== 0n) expect(Exact.of(a).over(Exact.of(b)).times(Exact.of(b)).equals(Exact.of(a))).toBe(true);
      expect(Math.sign(Exact.of(a).compare(Exact.of(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test.each([
  [7.2, 8],
  [-7.2, -7],
  [7, 7],
  [0, 0],
])("the ceiling of %d is %d", (value, ceiling) => {
  expect(Exact.of(value).ceil().toNumber()).toBe(ceiling);
});

test.each([
  [56000, "$56,000"],
  [1.514, "$1.514"],
  [0.5, "$0.50"],
  [-1234.5, "-$1,234.50"],
  [0.0025, "$0.0025"],
])("%d reads %s", (value, text) => {
  expect(formatUsd(Exact.of(value))).toBe(text);
});

test("a fraction without an end is rounded, below one to four digits", () => {
  expect(formatExact(Exact.of(100).over(3))).toBe("33.33");
  expect(formatExact(Exact.of(1).over(3000))).toBe("0.0003333");
  expect(formatExact(Exact.of(10_000_000).over(7))).toBe("1,428,571.43");
});
