import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStaticEmbedder } from "@signalbox/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../../../datasets/errors.js";
import { compareEmbedders } from "../../../models/embed/compare-embedders.js";
import { countVocabulary } from "../../../models/embed/count-vocabulary.js";
import { type Distilled, type DistilOptions, distilEmbedder } from "../../../models/embed/distil-embedder.js";
import { nearestVectors } from "../../../models/embed/nearest.js";
import { openTeacher, type Teacher } from "../../../models/embed/open-teacher.js";
import { findPrincipalDirections, projectVectors } from "../../../models/embed/principal-directions.js";
import { rankCorrelation } from "../../../models/statistics/rank-correlation.js";
import { tinyDim, tinyTexts, writeTinyTeacher } from "./tiny-teacher.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-distil-"));
const files = writeTinyTeacher(folder);
const options: DistilOptions = { dim: 8, words: 20, buckets: 256, epochs: 4, maxTexts: 2_000, seed: 5 };
const texts = tinyTexts(600, 1).map(({ text }) => text);

let teacher: Teacher;
let first: Distilled;

beforeAll(async () => {
  teacher = await openTeacher(files);
  first = await distilEmbedder(texts, teacher, options);
});
afterAll(async () => {
  await teacher.release();
  rmSync(folder, { recursive: true, force: true });
});

describe("a distilled embedder", () => {
  test("comes close to its teacher on texts that it never saw, closer than word vectors alone", () => {
    expect(first.heldOutTexts).toBeGreaterThan(5);
    expect(first.heldOutCosine).toBeGreaterThan(0.95);
    expect(first.heldOutCosine).toBeGreaterThan(first.untrainedCosine);
  });

  test("finds texts of the same topic, also by words without a row of their own", () => {
    const { embed } = readStaticEmbedder(first.bytes);
    const known = tinyTexts(200, 7);
    const asked = tinyTexts(100, 8);
    const vectors = known.map(({ text }) => embed(text));
    const right = asked.filter(({ text, topic }) => {
      return known[nearestVectors(embed(text), vectors)[0]!.index]!.topic === topic;
    });
    expect(first.words).toBe(20);
    expect(right.length).toBeGreaterThanOrEqual(97);
  });

  test("is the same bytes for the same seed, other bytes for another", async () => {
    const again = await distilEmbedder(texts, teacher, options);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
    const other = await distilEmbedder(texts, teacher, { ...options, seed: 6 });
    expect(Buffer.compare(other.bytes, first.bytes)).not.toBe(0);
  });

  test("doesn't depend on duplicates and blank texts", async () => {
    const again = await distilEmbedder([...texts, "", " ", texts[0]!], teacher, options);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
  });

  test("names its teacher and what it was trained on", () => {
    const { header } = readStaticEmbedder(first.bytes);
    expect(header.teacher).toMatchObject({ id: "tiny.onnx", dim: tinyDim });
    expect(header.training).toMatchObject({ texts: first.texts, seed: 5, epochs: 4 });
    expect(header.notice).toContain("tiny.onnx");
  });

  test("learns from at most maxTexts", async () => {
    const { texts: learnt, heldOutTexts } = await distilEmbedder(texts, teacher, {
      ...options,
      maxTexts: 100,
    });
    expect(learnt + heldOutTexts).toBe(100);
  });

  test("refuses too few texts, and more dimensions than the teacher has", async () => {
    await expect(distilEmbedder(texts.slice(0, 20), teacher, options)).rejects.toThrow(DataError);
    await expect(distilEmbedder(texts, teacher, { ...options, dim: 25 })).rejects.toThrow(/have 24/);
  });
});

describe("a teacher", () => {
  test("gives the same vector whatever else is in the batch", async () => {
    const [alone] = await teacher.embed(["bank card"]);
    const among = await teacher.embed(["flour", "bank card", "debug the python loop"]);
    expect(among[1]).toEqual(alone);
  });

  test.each<[string, () => { model: string | null; tokenizer: string | null }, RegExp]>([
    [
      "a tokenizer without a model",
      () => ({ model: null, tokenizer: files.tokenizer }),
      /name the ONNX model too/,
    ],
    ["a model without a tokenizer", () => ({ model: files.model, tokenizer: null }), /needs --tokenizer/],
    ["a file that isn't there", () => ({ ...files, model: join(folder, "none.onnx") }), /can't be read/],
    [
      "a file that is no model",
      () => ({ ...files, model: junk() }),
      /not a sentence encoder that can be run/,
    ],
  ])("is refused: %s", async (_, given, message) => {
    await expect(openTeacher(given())).rejects.toThrow(InputError);
    await expect(openTeacher(given())).rejects.toThrow(message);
  });
});

test("the vocabulary is ordered by frequency, then by spelling, then by the teacher", () => {
  const words = countVocabulary(["b a a", "c b a"], ["zebra", "a", "two words"], 10);
  expect(words.map(({ word }) => word)).toEqual(["a", "b", "c", "zebra"]);
  expect(words[0]!.share).toBeCloseTo(0.5);
});

test("principal directions keep what planted ones hold", async () => {
  const vectors = Array.from({ length: 64 }, (_, i) =>
    Float32Array.of(3 * Math.sin(i), Math.cos(2 * i), 0, 0),
  );
  const directions = await findPrincipalDirections(vectors, 2, 1);
  expect(Math.abs(directions[0]!)).toBeCloseTo(1, 2);
  expect(Math.abs(directions[5]!)).toBeCloseTo(1, 2);
  const projected = await projectVectors(vectors, directions);
  expect(Math.hypot(projected[0]!, projected[1]!)).toBeCloseTo(1, 5);
});

test.each([
  ["the same order", [1, 2, 3], [10, 20, 40], 1],
  ["the opposite order", [1, 2, 3], [3, 2, 1], -1],
  ["ties at their mean rank", [1, 1, 2], [1, 2, 3], Math.sqrt(3) / 2],
])("rank correlation of %s", (_, a, b, expected) => {
  expect(rankCorrelation(a, b)).toBeCloseTo(expected, 9);
});

test("an embedder agrees with itself", () => {
  const { embed } = readStaticEmbedder(first.bytes);
  const vectors = [...new Set(texts)].slice(0, 50).map(embed);
  expect(compareEmbedders(vectors, vectors, 1).rankCorrelation).toBeCloseTo(1, 9);
  expect(compareEmbedders(vectors, vectors, 1)).toMatchObject({
    texts: 50,
    rankCorrelation: 1,
    sameNearest: 1,
  });
});

function junk(): string {
  const path = join(folder, "junk.onnx");
  writeFileSync(path, "this is no model");
  return path;
}
