import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { predictTfjs } from "../../models/classifier/predict-tfjs.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { ArtifactError } from "../src/artifact/artifact-error.js";
import { loadRouter } from "../src/artifact/load-router.js";
import { featurise } from "../src/features/featurise.js";
import { createKernel } from "../src/model/kernel.js";
import { decodeOnnx } from "../src/model/onnx-decode.js";
import { onnxruntimeEngine } from "../src/model/onnxruntime-engine.js";
import { createScalarPool } from "../src/model/pool-scalar.js";
import { encodeFirstFormat } from "./support/encode-first-format.js";
import { hostileTexts } from "./support/hostile.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-engines-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 2,000 texts: the hostile ones, and random mixtures of scripts, code and prose. */
function contractTexts(): string[] {
  const random = createRandom(3);
  const pieces = [
    "why ",
    "prove that ",
    "x^2 ",
    "{ } ",
    "漢字",
    "привет ",
    "😀",
    "\ud83d",
    "\n",
    "42 ",
    "A) ",
    "état ",
    "  ",
  ];
  const mixed = () =>
    Array.from({ length: 1 + random.below(120) }, () => pieces[random.below(pieces.length)]).join("");
  return [...hostileTexts, ...Array.from({ length: 2_000 - hostileTexts.length }, mixed)];
}

describe.each([
  { name: "wide and deep, with lengths", options: { hidden: 32, lengthQuantiles: [0.5, 0.9] } },
  { name: "wide only, without lengths", options: { hidden: 0, lengthQuantiles: [] } },
])("$name", ({ options }) => {
  test("TensorFlow.js, onnxruntime, onnxruntime as an engine and the kernel with either pool agree to 1e-5 on 2,000 texts", async () => {
    const weights = writeRandomArtifact(folder, options);
    const bytes = readFileSync(join(folder, "model.onnx"));
    const model = decodeOnnx(bytes);
    const engines = [createKernel(model, createScalarPool(model)), await onnxruntimeEngine({ model, bytes })];
    const kernel = createKernel(model);
    const session = await openOnnxSession(bytes);
    const features = contractTexts().map((prompt) => featurise({ prompt, system: prompt.slice(0, 40) }));
    const reference = await session.run(features);
    await session.release();
    const trained = await predictTfjs(weights, features);
    let worst = 0;
    features.forEach((vector, i) => {
      const { probabilities, lengthQuantiles } = kernel.predict(vector);
      expect(lengthQuantiles.length).toBe(options.lengthQuantiles.length);
      const { probabilities: p, lengthQuantiles: q } = reference;
      const others = [
        { probabilities: p[i]!, lengthQuantiles: q[i]! },
        trained[i]!,
        ...engines.map((engine) => engine.predict(vector)),
      ];
      for (const other of others) {
        expect(other.lengthQuantiles.length).toBe(lengthQuantiles.length);
        probabilities.forEach((value, k) => {
          worst = Math.max(worst, Math.abs(value - other.probabilities[k]!));
        });
        lengthQuantiles.forEach((value, k) => {
          worst = Math.max(worst, Math.abs(value - other.lengthQuantiles[k]!));
        });
      }
    });
    expect(features.length).toBe(2_000);
    expect(worst).toBeLessThan(1e-5);
  });

  test("a router decides the same with onnxruntime as its engine", async () => {
    writeRandomArtifact(folder, options);
    const kernel = await loadRouter(folder);
    const native = await loadRouter(folder, { engine: onnxruntimeEngine });
    for (const prompt of contractTexts().slice(0, 200)) {
      const wanted = kernel.decide({ prompt, requestId: "r" });
      const found = native.decide({ prompt, requestId: "r" });
      expect(found).toMatchObject({ model: wanted.model, reasons: wanted.reasons, tier: wanted.tier });
    }
    expect(native.stats().errors).toEqual({});
  });
});

describe("onnxruntimeEngine", () => {
  test("refuses bytes that are no model with an ArtifactError", async () => {
    writeRandomArtifact(folder, { hidden: 0 });
    const model = decodeOnnx(readFileSync(join(folder, "model.onnx")));
    const open = async () => onnxruntimeEngine({ model, bytes: Buffer.from("no model") });
    await expect(open()).rejects.toMatchObject({ name: "ArtifactError", fault: "bad_model" });
  });
});

describe("decodeOnnx", () => {
  test("reads the graph of format 1.0, and the kernel gives what onnxruntime gives for it, to 1e-5", async () => {
    const bytes = encodeFirstFormat(5);
    const model = decodeOnnx(bytes);
    const engines = [createKernel(model), await onnxruntimeEngine({ model, bytes })];
    const features = contractTexts()
      .slice(0, 100)
      .map((prompt) => featurise({ prompt }));
    const session = await openOnnxSession(bytes);
    const reference = await session.run(features);
    await session.release();
    features.forEach((vector, i) => {
      const wanted = [...reference.probabilities[i]!, ...reference.lengthQuantiles[i]!];
      for (const engine of engines) {
        const { probabilities, lengthQuantiles } = engine.predict(vector);
        expect([...probabilities, ...lengthQuantiles]).toHaveLength(3);
        [...probabilities, ...lengthQuantiles].forEach((value, k) => {
          expect(Math.abs(value - wanted[k]!)).toBeLessThan(1e-5);
        });
      }
    });
  });

  test("refuses a graph that neither scales nor mixes", () => {
    const text = Buffer.from(encodeFirstFormat(5)).toString("latin1").replaceAll("scale", "sc_le");
    expect(() => decodeOnnx(Buffer.from(text, "latin1"))).toThrow(/mix has shape \[none\]/);
  });

  test.each([
    ["another activation", "Relu", "Selu"],
    ["another output function", "Sigmoid", "Softmax"],
    ["another way of pooling", "ReduceSum", "ReduceMax"],
    ["a renamed weight", "deep_bias", "deep_bios"],
    ["a renamed output", "probabilities", "probabilitees"],
  ])("refuses a graph with %s", (_, from, to) => {
    writeRandomArtifact(folder, { hidden: 1, lengthQuantiles: [] });
    const text = readFileSync(join(folder, "model.onnx")).toString("latin1").replaceAll(from, to);
    expect(() => decodeOnnx(Buffer.from(text, "latin1"))).toThrow(/not a Signalbox router model/);
  });

  test("refuses weights that are not finite", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const weights = writeRandomArtifact(folder, { hidden: 1 });
      weights.deepTable[70] = value;
      expect(() => decodeOnnx(encodeOnnx(weights))).toThrow(/deepTable holds a value that is not finite/);
    }
  });

  test("reads a graph whose values have other names", () => {
    writeRandomArtifact(folder, { hidden: 1, lengthQuantiles: [] });
    const text = readFileSync(join(folder, "model.onnx")).toString("latin1");
    const renamed = text.replaceAll("dense_logits", "other_logits").replaceAll("hidden_sum", "hidden_was");
    expect(decodeOnnx(Buffer.from(renamed, "latin1")).hidden).toBe(1);
  });

  test("refuses cut-off, flipped and random bytes with an ArtifactError, and never fails otherwise", () => {
    writeRandomArtifact(folder, { hidden: 1, lengthQuantiles: [0.5] });
    const bytes = readFileSync(join(folder, "model.onnx"));
    const isRefusedOrRead = (damaged: Uint8Array): void => {
      try {
        decodeOnnx(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(ArtifactError);
      }
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (end) => {
        expect(() => decodeOnnx(bytes.subarray(0, end))).toThrow(ArtifactError);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const flipped = Uint8Array.from(bytes);
        flipped[at]! ^= mask;
        isRefusedOrRead(flipped);
      }),
      { numRuns: 200 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), isRefusedOrRead), { numRuns: 500 });
  });
});
