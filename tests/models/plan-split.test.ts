import { expect, test } from "vitest";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { fitRouter } from "../../models/fit-router.js";
import { apgr } from "../../models/metrics/apgr.js";
import { planSplit } from "../../models/plan-split.js";
import type { RouterTargets } from "../../models/router-targets.js";
import { plantedItems } from "../pipelines/planted-outcomes.js";

const undated = (rows: number) => new Array<null>(rows).fill(null);
const inPairs = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row >> 1);

test.each([
  ["few", 1_000, "cross_fit", 5],
  ["many", 12_002, "cross_fit", 3],
  ["very many", 30_000, "holdout", 3],
])("%s undated rows are divided by session as their number allows", (_, rows, kind, parts) => {
  const plan = planSplit(inPairs(rows), undated(rows), 1);
  expect(plan.kind).toBe(kind);
  expect(new Set(plan.parts).size).toBe(parts);
  for (let row = 0; row < rows; row += 2) expect(plan.parts[row]).toBe(plan.parts[row + 1]);
});

test("a random cut keeps its shares, is the same for the same seed and another for another", () => {
  const cut = (seed: number) => planSplit(inPairs(30_000), undated(30_000), seed).parts;
  const sizes = [0, 1, 2].map((part) => cut(1).filter((other) => other === part).length);
  expect(sizes).toEqual([18_000, 4_500, 7_500]);
  expect(cut(1)).toEqual(cut(1));
  expect(cut(2)).not.toEqual(cut(1));
});

test("of more rows than are cross-fitted, a sample weighs the members and held-out rows are ranked", async () => {
  const items = plantedItems(42_500);
  const qualityOf = (model: string) => Float64Array.from(items, ({ outcomes }) => outcomes[model]!.quality);
  const [weak, strong] = [qualityOf("small"), qualityOf("large")];
  const known = new Float64Array(items.length).fill(1);
  const targets: RouterTargets = {
    columns: [{ loss: { kind: "logistic" }, values: weak, weights: known }],
    heads: [
      {
        head: { kind: "sufficiency", model: "small" },
        terms: [{ column: 0, of: "logit", factor: 1 }],
        calibrate: weak,
        weights: known,
      },
    ],
    lengths: [],
  };
  const groups = inPairs(items.length);
  const plan = planSplit(groups, undated(items.length), 1);
  const matrix = featureMatrix(
    items.map(({ prompt }) => ({ messages: [{ role: "user", content: prompt }] })),
  );
  const { heldOut, probabilities } = await fitRouter(matrix, targets, groups, plan, { seed: 1 });
  expect(plan.parts.filter((part) => part === 0).length).toBeGreaterThan(25_000);
  const pick = (values: Float64Array) => Float64Array.from(heldOut, (row) => values[row]!);
  const ranked = apgr({
    scores: probabilities[0]!.map((probability) => 1 - probability),
    weak: pick(weak),
    strong: pick(strong),
  });
  expect(ranked).toBeGreaterThan(0.75);
}, 180_000);
