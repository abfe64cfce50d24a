import { expect, test } from "vitest";
import { misrouteAmountCount, misrouteAmounts } from "../../../models/misroutes/misroute-amounts.js";

const usd = [1, 3, 10];

/** overkill, underpowered, overpaid, at risk, repair, none sufficient */
const cases: ReadonlyArray<[what: string, served: number, cumulative: number[], amounts: number[]]> = [
  ["the strong model where the cheapest would have done", 2, [1, 1, 1], [1, 0, 9, 0, 0, 0]],
  ["the strong model where the middle one would have done", 2, [0, 1, 1], [1, 0, 7, 0, 0, 0]],
  ["the strong model where only it would do", 2, [0, 0, 1], [0, 0, 0, 0, 0, 0]],
  ["the middle model where the cheapest would have done", 1, [1, 1, 1], [1, 0, 2, 0, 0, 0]],
  ["the middle model where it is right", 1, [0, 1, 1], [0, 0, 0, 0, 0, 0]],
  ["the middle model where only the strong one would do", 1, [0, 0, 1], [0, 1, 0, 3, 7, 0]],
  ["the cheapest model where only the strong one would do", 0, [0, 0, 1], [0, 1, 0, 1, 9, 0]],
  ["the cheapest model where the middle one would do", 0, [0, 1, 1], [0, 1, 0, 1, 2, 0]],
  ["the strong model where none would do", 2, [0, 0, 0], [0, 0, 0, 10, 0, 1]],
  ["the cheapest model where none would do", 0, [0, 0, 0], [0, 0, 0, 1, 0, 1]],
  // 0.5 x 2 overpaid; the bill of 3 is at risk with 0.2; 0.2 x 7 to repair
  ["the middle model, probably too dear", 1, [0.5, 0.8, 1], [0.5, 0.2, 1, 0.6, 1.4, 0]],
];

test.each(cases)("%s", (_, served, cumulative, amounts) => {
  const out = new Float64Array(misrouteAmountCount);
  misrouteAmounts({ served, cumulative, usd }, out);
  Array.from(out).forEach((value, place) => {
    expect(value, `amount ${place}`).toBeCloseTo(amounts[place]!, 12);
  });
});

test("a cheaper model that is dearer on this call counts against overkill", () => {
  const out = new Float64Array(misrouteAmountCount);
  misrouteAmounts({ served: 1, cumulative: [1, 1], usd: [5, 3] }, out);
  expect(out[0]).toBe(1);
  expect(out[2]).toBe(-2);
});
