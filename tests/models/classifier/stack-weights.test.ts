import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import type { Targets } from "../../../models/classifier/head-loss.js";
import { stackWeights } from "../../../models/classifier/stack-weights.js";

const rows = 1_000;

/** A column whose true logits are known, for members that know them more or less well. */
function plantedColumn(seed: number): { truth: Float32Array; targets: Targets; noise: () => Float32Array } {
  const random = createRandom(seed);
  const truth = Float32Array.from({ length: rows }, () => 2 * random.normal());
  const values = truth.map((logit) => Number(random.uniform() < 1 / (1 + Math.exp(-logit))));
  return {
    truth,
    targets: { columns: [{ kind: "logistic" }], values, weights: new Float32Array(rows).fill(1) },
    noise: () => Float32Array.from({ length: rows }, () => 2 * random.normal()),
  };
}

const all = () => true;

test("the member that predicts held-out rows better gets the weight", () => {
  const { truth, targets, noise } = plantedColumn(1);
  const [good, bad] = stackWeights([truth, noise()], targets, all);
  expect(good![0]).toBeGreaterThan(0.9);
  expect(good![0]! + bad![0]!).toBeCloseTo(1, 12);
});

test("members that are alike share equally", () => {
  const { truth, targets } = plantedColumn(2);
  const shares = stackWeights([truth, truth, truth], targets, all);
  for (const [share] of shares) expect(share).toBeCloseTo(1 / 3, 6);
});

test("a column that no row knows gets equal shares", () => {
  const { truth, targets, noise } = plantedColumn(3);
  const unknown = { ...targets, weights: new Float32Array(rows) };
  expect(stackWeights([truth, noise()], unknown, all)).toEqual([Float64Array.of(0.5), Float64Array.of(0.5)]);
});

test("only the rows that count decide", () => {
  const { truth, targets, noise } = plantedColumn(4);
  const half = (row: number) => row < rows / 2;
  const other = noise();
  const [first, second] = [truth, other].map((logits, member) =>
    logits.map((_, row) => (half(row) === (member === 0) ? truth[row]! : other[row]!)),
  );
  expect(stackWeights([first!, second!], targets, half)[0]![0]).toBeGreaterThan(0.9);
  expect(stackWeights([first!, second!], targets, (row) => !half(row))[1]![0]).toBeGreaterThan(0.9);
});

test("few rows leave shares near equal, many follow the better member", () => {
  const { truth, targets, noise } = plantedColumn(5);
  const members = [truth, noise()];
  const few = stackWeights(members, targets, (row) => row < 4)[0]![0]!;
  expect(Math.abs(few - 0.5)).toBeLessThan(0.25);
  expect(stackWeights(members, targets, all)[0]![0]).toBeGreaterThan(few);
});

test("a quantile column is stacked by pinball loss", () => {
  const random = createRandom(6);
  const values = Float32Array.from({ length: rows }, () => 5 + random.normal());
  const right = new Float32Array(rows).fill(5 + 1.2816);
  const wrong = new Float32Array(rows).fill(5 - 1.2816);
  const targets: Targets = {
    columns: [{ kind: "quantile", level: 0.9 }],
    values,
    weights: new Float32Array(rows).fill(1),
  };
  expect(stackWeights([right, wrong], targets, all)[0]![0]).toBeGreaterThan(0.9);
});
