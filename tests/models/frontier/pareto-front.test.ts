import fc from "fast-check";
import "../../support/fixed-seed.js";
import { expect, test } from "vitest";
import { paretoFront } from "../../../models/frontier/pareto-front.js";

test("a point stays unless another is as small everywhere and smaller somewhere", () => {
  const points = [
    [1, 5],
    [2, 3],
    [2, 4],
    [3, 3],
    [4, 1],
  ];
  expect(paretoFront(points)).toEqual([true, true, false, false, true]);
});

test("a third coordinate brings points back, and an unknown one leaves a point out", () => {
  expect(
    paretoFront([
      [1, 1, 9],
      [2, 2, 1],
      [0, 0, Number.NaN],
    ]),
  ).toEqual([true, true, false]);
});

test("of equal points the first stays", () => {
  expect(
    paretoFront([
      [1, 2],
      [1, 2],
      [0, 3],
    ]),
  ).toEqual([true, false, true]);
  expect(paretoFront([])).toEqual([]);
});

test("every point left out is beaten by one on the front, and no two on the front beat each other", () => {
  const points = fc.array(fc.tuple(fc.integer({ max: 4, min: 0 }), fc.integer({ max: 4, min: 0 })));
  fc.assert(
    fc.property(points, (list) => {
      const front = paretoFront(list);
      const on = list.filter((_, i) => front[i]);
      const covers = (a: readonly number[], b: readonly number[]) => a[0]! <= b[0]! && a[1]! <= b[1]!;
      for (const point of list) expect(on.some((best) => covers(best, point))).toBe(true);
      for (const a of on) for (const b of on) if (a !== b) expect(covers(a, b)).toBe(false);
    }),
  );
});
