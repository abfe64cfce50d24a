import { createKernel, decodeOnnx, type FeatureVector, featurise } from "@signalbox/runtime";
import { beforeAll, expect, test } from "vitest";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { type FittedRouter, fitRouter } from "../../models/fit-router.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import type { SplitPlan } from "../../models/plan-split.js";
import type { RouterTargets } from "../../models/router-targets.js";
import { plantedItems } from "../pipelines/planted-outcomes.js";

const items = plantedItems(450);
const ones = new Float64Array(items.length).fill(1);
const column = (read: (item: (typeof items)[number]) => number) => Float64Array.from(items, read);
const small = column(({ outcomes }) => outcomes.small!.quality);
const lengths = column(({ outcomes }) => Math.log1p(outcomes.large!.output_tokens!));
const targets: RouterTargets = {
  columns: [
    {
      loss: { kind: "logistic" },
      values: column(({ outcomes }) => outcomes.large!.quality),
      weights: ones,
    },
    { loss: { kind: "logistic" }, values: small, weights: ones },
    { loss: { kind: "quantile", level: 0.5 }, values: lengths, weights: ones },
  ],
  heads: [
    {
      head: { kind: "sufficiency", model: "small" },
      terms: [
        { column: 1, of: "probability", factor: 4 },
        { column: 0, of: "probability", factor: -4 },
      ],
      calibrate: small,
      weights: ones,
    },
  ],
  lengths: [{ level: 0.5, column: 2 }],
};
const groups = Int32Array.from(items, (_, i) => i);
const matrix = featureMatrix(items.map(({ prompt }) => ({ prompt })));
/** Two folds instead of five: half the time, the same code. */
const plan: SplitPlan = { kind: "cross_fit", parts: groups.map((_, row) => row % 2), about: "two folds" };
let fitted: FittedRouter;
let onnx: Uint8Array;

beforeAll(async () => {
  fitted = await fitRouter(matrix, targets, groups, plan, { seed: 1 });
  onnx = encodeOnnx(fitted.weights);
});

test("a fitted router says the same in onnxruntime and in the kernel", async () => {
  const features: FeatureVector[] = [
    ...items.slice(0, 60).map(({ prompt }) => featurise({ prompt })),
    ...["", "Prove it.", "翻译这张发票", "x".repeat(20_000)].map((prompt) => featurise({ prompt })),
  ];
  const session = await openOnnxSession(onnx);
  const theirs = await session.run(features);
  await session.release();
  const kernel = createKernel(decodeOnnx(onnx, "model.onnx"));
  features.forEach((vector, row) => {
    const ours = kernel.predict(vector);
    expect(Math.abs(ours.probabilities[0]! - theirs.probabilities[row]![0]!)).toBeLessThan(1e-5);
    expect(Math.abs(ours.lengthQuantiles[0]! - theirs.lengthQuantiles[row]![0]!)).toBeLessThan(1e-4);
  });
});

test("the same seed gives the same bytes of model.onnx", async () => {
  const again = await fitRouter(matrix, targets, groups, plan, { seed: 1 });
  expect(Buffer.compare(encodeOnnx(again.weights), onnx)).toBe(0);
});

test("held-out probabilities rank the planted difference, and say how each head was calibrated", () => {
  const mean = (wanted: number) => {
    const some = [...fitted.probabilities[0]!].filter((_, i) => small[i] === wanted);
    return some.reduce((sum, p) => sum + p, 0) / some.length;
  };
  expect(mean(1) - mean(0)).toBeGreaterThan(0.3);
  expect(fitted.calibrations).toHaveLength(1);
  expect(fitted.calibrations[0]!.losses[fitted.calibrations[0]!.method]).toBeLessThan(0.6);
});
