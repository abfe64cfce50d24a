import { decodePairModel, pairFeatureNames, scorePair } from "@signalbox/runtime";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { encodePairModel } from "../../models/onnx/encode-pair-model.js";

test("a same-answer model is the same to onnxruntime and to the runtime", async () => {
  const model = {
    weights: Float32Array.from(pairFeatureNames, (_, i) => (i % 2 === 0 ? 1 : -0.5) / (i + 1)),
    bias: 0.25,
  };
  const bytes = encodePairModel(model);
  const decoded = decodePairModel(bytes);
  expect(decoded).toEqual(model);
  const width = pairFeatureNames.length;
  const rows = [0, 1, 2].map((row) => pairFeatureNames.map((_, i) => ((i * 7 + row) % 5) - row));
  const session = await InferenceSession.create(bytes);
  const features = new Tensor("float32", Float32Array.from(rows.flat()), [rows.length, width]);
  const { score } = await session.run({ features });
  await session.release();
  rows.forEach((row, i) => {
    expect(scorePair(decoded, row)).toBeCloseTo(Number(score!.data[i]), 6);
  });
});
