import { expect, it } from "vitest";
import { sliceReplay } from "../../../pipelines/slices/slice-replay.js";

const rows = Int32Array.of(0, 1, 2, 3, 4);

it("everyone is domain 0, slices follow by size, and what isn't logged is one", () => {
  const { slices, domains } = sliceReplay(rows, [
    { dimension: "app", places: Int32Array.of(0, 1, 1, 1, -1), names: ["a", "b"] },
  ]);
  expect(slices.map(({ slice }) => slice)).toEqual(["everyone", "b", "(not logged)", "a"]);
  expect(slices[1]).toEqual({ dimension: "app", slice: "b" });
  expect(domains).toHaveLength(2);
  expect(Array.from(domains[0]!)).toEqual([0, 0, 0, 0, 0]);
  expect(Array.from(domains[1]!, (domain) => slices[domain]!.slice)).toEqual([
    "a",
    "b",
    "b",
    "b",
    "(not logged)",
  ]);
});

it("an ordered dimension keeps its order, one slice alone is left out", () => {
  const { slices } = sliceReplay(rows, [
    { dimension: "tier", places: Int32Array.of(0, 2, 2, 2, 1), names: ["0", "1", "2"], isOrdered: true },
    { dimension: "stakes", places: new Int32Array(5), names: ["no"] },
  ]);
  expect(slices.slice(1).map(({ slice }) => slice)).toEqual(["0", "1", "2"]);
});

it("of many slices the largest stay and the rest is one", () => {
  const { slices, domains } = sliceReplay(
    rows,
    [{ dimension: "tenant", places: Int32Array.of(0, 0, 1, 2, 3), names: ["a", "b", "c", "d"] }],
    2,
  );
  expect(slices.slice(1).map(({ slice }) => slice)).toEqual(["a", "other"]);
  expect(Array.from(domains[1]!)).toEqual([1, 1, 2, 2, 2]);
});

it("only rows that count have a say", () => {
  const { slices } = sliceReplay(Int32Array.of(0, 4), [
    { dimension: "app", places: Int32Array.of(0, 1, 1, 1, -1), names: ["a", "b"] },
  ]);
  expect(slices.map(({ slice }) => slice)).not.toContain("b");
});
