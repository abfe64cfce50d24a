import { decodePairModel, pairFeatureNames, scorePair } from "@signalbox/runtime";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { fitPairModel } from "../../../models/cache/fit-pair-model.js";
import { encodePairModel } from "../../../models/onnx/encode-pair-model.js";

const width = pairFeatureNames.length;

/** Pairs whose answer is the same with probability sigmoid(8 (cosine - 0.5)); the other features are noise. */
function pairsOf(count: number, seed: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const features = Float32Array.from({ length: width }, () => random.uniform());
    return { features, isSame: random.uniform() < 1 / (1 + Math.exp(-8 * (features[0]! - 0.5))) };
  });
}

test("finds the weights that the pairs were made with", async () => {
  const model = (await fitPairModel(pairsOf(4_000, 1)))!;
  expect(model.weights[0]).toBeGreaterThan(7);
  expect(model.weights[0]).toBeLessThan(9);
  expect(Math.max(...Array.from(model.weights.slice(1), Math.abs))).toBeLessThan(0.6);
});

test("the same pairs give the same bits", async () => {
  const [first, second] = [await fitPairModel(pairsOf(300, 2)), await fitPairModel(pairsOf(300, 2))];
  expect(encodePairModel(first!)).toEqual(encodePairModel(second!));
});

test("too few pairs of a kind teach nothing", async () => {
  const pairs = pairsOf(200, 3).map((pair, i) => ({ ...pair, isSame: i >= 9 }));
  expect(await fitPairModel(pairs)).toBeNull();
});

test("onnxruntime and the runtime score exported pairs alike", async () => {
  const bytes = encodePairModel((await fitPairModel(pairsOf(500, 4)))!);
  const model = decodePairModel(bytes);
  const rows = pairsOf(64, 5).map(({ features }) => features);
  const session = await InferenceSession.create(bytes);
  const input = new Tensor(
    "float32",
    rows.flatMap((row) => Array.from(row)),
    [rows.length, width],
  );
  const { score } = await session.run({ features: input });
  rows.forEach((row, i) => {
    expect(scorePair(model, row)).toBeCloseTo((score!.data as Float32Array)[i]!, 5);
  });
  await session.release();
});

test.each([
  ["cut bytes", (bytes: Uint8Array) => bytes.slice(0, 60)],
  ["no bytes", () => new Uint8Array(0)],
  ["a weight that is not a number", (bytes: Uint8Array) => withNaN(bytes)],
])("%s are refused", async (_, damage) => {
  const bytes = encodePairModel((await fitPairModel(pairsOf(100, 6)))!);
  expect(() => decodePairModel(damage(bytes))).toThrow(/cache-model\.onnx: not a same-answer model/);
});

/** The first weight's bytes follow the tensor's name. */
function withNaN(bytes: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  const name = Buffer.from(bytes).lastIndexOf("weights", bytes.lastIndexOf("bias".charCodeAt(0)));
  damaged.fill(0xff, name + 9, name + 13);
  return damaged;
}
