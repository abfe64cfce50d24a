import fc from "fast-check";
import { expect, test } from "vitest";
import { assignFolds, groupRows, splitByTime } from "../../models/split.js";

test("rows of one session and rows with the same text share a group, and the link is transitive", () => {
  const groups = groupRows(["a", "a", null, "b", null], ["one", "two", "TWO ", "three", "four"]);
  expect([...groups]).toEqual([0, 0, 0, 1, 2]);
});

test("no group straddles two folds, every row has one, and the seed decides which", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 60 }), fc.nat(), (labels, seed) => {
      const groups = groupRows(
        labels.map(String),
        labels.map((_, i) => `text ${i}`),
      );
      const folds = assignFolds(groups, 3, seed);
      expect([...assignFolds(groups, 3, seed)]).toEqual([...folds]);
      const foldOf = new Map<number, number>();
      groups.forEach((group, i) => {
        expect(foldOf.get(group) ?? folds[i]).toBe(folds[i]);
        foldOf.set(group, folds[i]!);
      });
    }),
  );
});

test("the latest rows form the last part, whole groups at a time", () => {
  const times = [5, 1, 2, 3, 4, 6, 7, 8, 9, 10];
  const groups = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0];
  const parts = splitByTime(groups, times, [0.6, 0.2, 0.2]);
  expect([...parts]).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 1, 2]);
});
