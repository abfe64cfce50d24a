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
import { featurise } from "../src/features/featurise.js";
import { createKernel } from "../src/model/kernel.js";
import { decodeOnnx } from "../src/model/onnx-decode.js";
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
  test("TensorFlow.js, onnxruntime and the kernel with either pool agree to 1e-5 on 2,000 texts", async () => {
    const weights = writeRandomArtifact(folder, options);
    const bytes = readFileSync(join(folder, "model.onnx"));
    const model = decodeOnnx(bytes);
    const kernel = createKernel(model);
    const scalar = createKernel(model, createScalarPool(model));
    const session = await openOnnxSession(bytes);
    const features = contractTexts().map((prompt) => featurise({ prompt, system: prompt.slice(0, 40) }));
    const reference = await session.run(features);
    await session.release();
    const trained = await predictTfjs(weights, features);
    let worst = 0;
    features.forEach((vector, i) => {
      const { probabilities, lengthQuantiles } = kernel.predict(vector);
      expect(lengthQuantiles.length).toBe(options.lengthQuantiles.length);
      const plain = scalar.predict(vector);
      probabilities.forEach((value, k) => {
        const others = [reference.probabilities[i]!, trained[i]!.probabilities, plain.probabilities].map(
          (all) => all[k]!,
        );
        worst = Math.max(worst, ...others.map((other) => Math.abs(value - other)));
      });
      lengthQuantiles.forEach((value, k) => {
        const others = [
          reference.lengthQuantiles[i]!,
          trained[i]!.lengthQuantiles,
          plain.lengthQuantiles,
        ].map((all) => all[k]!);
        worst = Math.max(worst, ...others.map((other) => Math.abs(value - other)));
      });
    });
    expect(features.length).toBe(2_000);
    expect(worst).toBeLessThan(1e-5);
  });
});

describe("decodeOnnx", () => {
  test("reads the graph of format 1.0, and the kernel gives what onnxruntime gives for it, to 1e-5", async () => {
    const bytes = encodeFirstFormat(5);
    const kernel = createKernel(decodeOnnx(bytes));
    const features = contractTexts()
      .slice(0, 100)
      .map((prompt) => featurise({ prompt }));
    const session = await openOnnxSession(bytes);
    const reference = await session.run(features);
    await session.release();
    features.forEach((vector, i) => {
      const { probabilities, lengthQuantiles } = kernel.predict(vector);
      expect([...probabilities, ...lengthQuantiles]).toHaveLength(3);
      const wanted = [...reference.probabilities[i]!, ...reference.lengthQuantiles[i]!];
      [...probabilities, ...lengthQuantiles].forEach((value, k) => {
        expect(Math.abs(value - wanted[k]!)).toBeLessThan(1e-5);
      });
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
