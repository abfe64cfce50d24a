import fc from "fast-check";
import "../../support/fixed-seed.js";
import { expect, test } from "vitest";
import { type Choice, cheapestMixes } from "../../../models/frontier/cheapest-mixes.js";

test("parts step up in order of price per quality", () => {
  const mixes = cheapestMixes([
    [
      { usd: 1, kept: 0 },
      { usd: 3, kept: 1 },
      { usd: 9, kept: 2 },
    ],
    [
      { usd: 2, kept: 0 },
      { usd: 3, kept: 1 },
      { usd: 2.9, kept: 0.5 },
    ],
  ]);
  // Prices: 2 and 6 in the first part, 1 in the second, whose third choice lies above its hull.
  expect(mixes).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

test("no combination keeps as much as a found one for less", () => {
  const choice = fc.record({ usd: fc.integer({ min: 0, max: 20 }), kept: fc.integer({ min: 0, max: 20 }) });
  const parts = fc.array(fc.array(choice, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(parts, (options) => {
      const all = combinations(options);
      for (const mix of cheapestMixes(options)) {
        const found = sumOf(mix.map((place, part) => options[part]![place]!));
        for (const other of all.filter(({ kept }) => kept >= found.kept))
          expect(other.usd).toBeGreaterThanOrEqual(found.usd);
      }
    }),
  );
});

function combinations(parts: readonly Choice[][]): Choice[] {
  return parts.reduce<Choice[]>(
    (sums, options) => sums.flatMap((sum) => options.map((option) => sumOf([sum, option]))),
    [{ usd: 0, kept: 0 }],
  );
}

function sumOf(choices: readonly Choice[]): Choice {
  return {
    usd: choices.reduce((sum, { usd }) => sum + usd, 0),
    kept: choices.reduce((sum, { kept }) => sum + kept, 0),
  };
}
