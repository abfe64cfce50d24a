import { fromBinary } from "@bufbuild/protobuf";
import { createKernel, decodeOnnx, FEATURISER, featurise } from "@signalbox/runtime";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { predictTfjs } from "../../models/classifier/predict-tfjs.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { goldenRequests } from "../../pipelines/export/golden-requests.js";

function randomWeights(seed: number, hidden: number, lengthQuantiles: number[], bends = 3): RouterWeights {
  const random = createRandom(seed);
  const outputs = 2 + lengthQuantiles.length;
  const k = outputs + 2;
  const { buckets } = FEATURISER;
  const f = FEATURISER.denseNames.length;
  const fill = (size: number) => Float32Array.from({ length: size }, () => 0.5 * random.normal());
  return {
    heads: [{ kind: "sufficiency", model: "small" }, { kind: "stakes" }],
    lengthQuantiles,
    featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
    buckets,
    denseFeatures: f,
    hidden,
    wideTable: fill(buckets * k),
    denseWide: fill(f * k),
    bias: fill(k),
    deepTable: fill(buckets * hidden),
    denseDeep: fill(f * hidden),
    deepBias: fill(hidden),
    deepOut: fill(hidden * k),
    mix: fill(2 * k * outputs),
    shift: fill(outputs),
    knots: fill(outputs * bends),
    bends: fill(outputs * bends),
  };
}

describe.each([
  ["linear", 0, []],
  ["linear with lengths", 0, [0.1, 0.5, 0.9]],
  ["deep", 8, []],
  ["deep with lengths", 8, [0.5]],
])("a %s router", (_, hidden, lengthQuantiles) => {
  const weights = randomWeights(1, hidden, lengthQuantiles);
  const bytes = encodeOnnx(weights);

  test("is the same bytes each time", () => {
    expect(Buffer.compare(encodeOnnx(weights), bytes)).toBe(0);
  });

  test("is read back by an independent ONNX parser as it was written", () => {
    const model = fromBinary(ModelProtoSchema, bytes);
    expect(Number(model.irVersion)).toBe(8);
    expect(model.opsetImport.map(({ version }) => Number(version))).toEqual([13]);
    expect(model.graph!.input.map(({ name }) => name)).toEqual(["ids", "weights", "dense"]);
    expect(model.graph!.output.map(({ name }) => name)).toEqual(
      lengthQuantiles.length > 0 ? ["probabilities", "length_quantiles"] : ["probabilities"],
    );
    const table = model.graph!.initializer.find(({ name }) => name === "wide_table")!;
    expect(table.dims.map(Number)).toEqual([weights.buckets, 4 + lengthQuantiles.length]);
    const raw = Uint8Array.from(table.rawData);
    expect(new Float32Array(raw.buffer)).toEqual(weights.wideTable);
    expect(model.graph!.initializer.some(({ name }) => name === "deep_table")).toBe(hidden > 0);
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata.heads!)).toEqual(weights.heads);
    expect(metadata.featuriser_hash).toBe(FEATURISER.hash);
  });

  test("gives the same answers in TensorFlow.js, onnxruntime and the kernel", async () => {
    const features = goldenRequests().map((request) => featurise(request));
    const session = await openOnnxSession(bytes);
    const ort = await session.run(features);
    await session.release();
    const tfjs = await predictTfjs(weights, features);
    const kernel = createKernel(decodeOnnx(bytes, "model.onnx"));
    let largest = 0;
    features.forEach((vector, row) => {
      const mine = kernel.predict(vector);
      expect(mine.probabilities).toHaveLength(2);
      const compare = (a: ArrayLike<number>, b: ArrayLike<number>) => {
        expect(a.length).toBe(b.length);
        for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
      };
      compare(mine.probabilities, ort.probabilities[row]!);
      compare(mine.probabilities, tfjs[row]!.probabilities);
      compare(mine.lengthQuantiles, ort.lengthQuantiles[row]!);
      compare(mine.lengthQuantiles, tfjs[row]!.lengthQuantiles);
    });
    expect(largest).toBeLessThan(1e-5);
  });
});

test("a tensor of the wrong size is refused", () => {
  const weights = randomWeights(1, 0, []);
  expect(() => encodeOnnx({ ...weights, shift: new Float32Array(5) })).toThrow(/shift: 5 values for shape 2/);
});
