import { createHash } from "node:crypto";
import {
  ArtifactError,
  countTokens,
  createRowVisitor,
  readStaticEmbedder,
  tokenWeight,
} from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { encodeStaticEmbedder } from "../../../models/embed/encode-static-embedder.js";
import { makeTrainingBags, sumRows } from "../../../models/embed/training-bags.js";

const dim = 16;
const words = ["card", "lost", "?", "naïve", "12"];
const buckets = 64;
const about = {
  id: "tiny",
  teacher: { id: "none", sha256: "", dim: 16, licence: "none" },
  notice: "made in a test",
  training: {},
};

function randomTable(): Float32Array {
  const random = createRandom(3);
  return Float32Array.from({ length: (words.length + buckets) * dim }, () => random.normal());
}

const bytes = encodeStaticEmbedder({ words, buckets, dim, table: randomTable() }, about);

const texts = [
  "Card lost? lost!",
  "naïve 12 12 12",
  "words that no row was made for",
  "什么",
  "x".repeat(40),
];

describe("an embedder file", () => {
  test("is the same bytes for the same table", () => {
    const again = encodeStaticEmbedder({ words, buckets, dim, table: randomTable() }, about);
    expect(Buffer.compare(again, bytes)).toBe(0);
  });

  test("is known by the hash of its bytes, and says where it comes from", () => {
    const embedder = readStaticEmbedder(bytes);
    expect(embedder.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(embedder).toMatchObject({
      id: "tiny",
      dim,
      header: { words: 5, buckets, notice: "made in a test" },
    });
  });

  test("is read the same at any offset of a larger buffer", () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const vector = readStaticEmbedder(shifted.subarray(3)).embed(texts[0]!);
    expect(vector).toEqual(readStaticEmbedder(bytes).embed(texts[0]!));
  });

  test("doesn't depend on its bytes once read", () => {
    const copy = Buffer.from(bytes);
    const embedder = readStaticEmbedder(copy);
    copy.fill(0);
    expect(embedder.embed(texts[0]!)).toEqual(readStaticEmbedder(bytes).embed(texts[0]!));
  });

  test.each(texts)("embeds %s as the trainer sums its rows", (text) => {
    const stored = dequantise(bytes);
    const bags = makeTrainingBags([text], createRowVisitor(words, buckets));
    const sum = new Float32Array(dim);
    sumRows(bags, 0, stored, sum);
    const length = Math.hypot(...sum);
    const vector = readStaticEmbedder(bytes).embed(text);
    vector.forEach((value, i) => {
      expect(Math.abs(value - sum[i]! / length)).toBeLessThan(1e-6);
    });
  });

  test("loses at most half a step of each row to int8", () => {
    const stored = dequantise(bytes);
    const table = randomTable();
    for (let row = 0; row < words.length + buckets; row++) {
      const original = table.subarray(row * dim, (row + 1) * dim);
      const step = Math.max(...original.map(Math.abs)) / 127;
      original.forEach((value, i) => {
        expect(Math.abs(value - stored[row * dim + i]!)).toBeLessThan(0.5001 * step);
      });
    }
  });

  test("weighs a token by 1 + ln of its count", () => {
    expect([...countTokens("no no no").values()].map(tokenWeight)[0]).toBeCloseTo(1 + Math.log(3), 6);
  });
});

describe("a damaged embedder file", () => {
  test.each<[string, (copy: Uint8Array) => Uint8Array, string, RegExp]>([
    ["empty", () => new Uint8Array(0), "bad_embedder", /no embedder file/],
    [
      "another format",
      () => Buffer.from("PAR1 something else entirely, and long enough"),
      "bad_embedder",
      /no embedder/,
    ],
    ["only its magic", (copy) => copy.subarray(0, 20), "bad_embedder", /cut off/],
    ["cut in half", (copy) => copy.subarray(0, copy.length / 2), "bad_hash", /checksum/],
    ["one bit of a row flipped", (copy) => flip(copy, copy.length - 1), "bad_hash", /checksum/],
    ["one bit of the header flipped", (copy) => flip(copy, 60), "bad_hash", /checksum/],
    ["longer", (copy) => Buffer.concat([copy, Buffer.from([0])]), "bad_hash", /checksum/],
    ["of format 2", (copy) => setByte(copy, 8, 2), "unsupported_version", /format 2/],
    ["header length beyond the end", (copy) => setByte(copy, 15, 0x7f), "bad_embedder", /no JSON/],
    ["whose header is no JSON", (copy) => seal(setByte(copy, 48, 0x20 + 3)), "bad_embedder", /no JSON/],
    ["header null", () => withHeader("null"), "bad_embedder", /without an id/],
    ["dim 0", () => withHeader({ dim: 0 }), "bad_embedder", /dim of 0/],
    ["dim of another table", () => withHeader({ dim: 17 }), "bad_embedder", /bytes where its header makes/],
    ["words as text", () => withHeader({ words: "5" }), "bad_embedder", /words of 5/],
    ["buckets no power of two", () => withHeader({ buckets: 63 }), "bad_embedder", /no power of two/],
    [
      "another count of words",
      () => withHeader({ words: 1, buckets: 64 }),
      "bad_embedder",
      /bytes where|words where/,
    ],
    ["a scale that is no number", (copy) => seal(badScale(copy)), "bad_embedder", /scale of NaN in row 0/],
  ])("is refused: %s", (_, damage, fault, message) => {
    let thrown: unknown;
    try {
      readStaticEmbedder(damage(Uint8Array.from(bytes)), "my.sbemb");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ArtifactError);
    expect(thrown).toMatchObject({ fault, path: "my.sbemb" });
    expect((thrown as Error).message).toMatch(message);
  });
});

/** The table as another reader of docs/embeddings.md would read it. */
function dequantise(file: Uint8Array): Float32Array {
  const { view, scalesStart, rowsStart } = layout(file);
  const rows = words.length + buckets;
  return Float32Array.from({ length: rows * dim }, (_, i) =>
    Math.fround(view.getFloat32(scalesStart + 4 * Math.floor(i / dim), true) * view.getInt8(rowsStart + i)),
  );
}

function layout(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerEnd = 48 + view.getUint32(12, true);
  const header = JSON.parse(Buffer.from(file.subarray(48, headerEnd)).toString("utf8"));
  const scalesStart = Math.ceil((headerEnd + header.vocabulary_bytes) / 4) * 4;
  return {
    view,
    header,
    headerEnd,
    scalesStart,
    rowsStart: scalesStart + 4 * (header.words + header.buckets),
  };
}

function flip(copy: Uint8Array, at: number): Uint8Array {
  copy[at]! ^= 1;
  return copy;
}

function setByte(copy: Uint8Array, at: number, value: number): Uint8Array {
  copy[at] = value;
  return copy;
}

/** Write the checksum anew, so that what comes after it is what is refused. */
function seal(copy: Uint8Array): Uint8Array {
  copy.set(createHash("sha256").update(copy.subarray(48)).digest(), 16);
  return copy;
}

function badScale(copy: Uint8Array): Uint8Array {
  const { view, scalesStart } = layout(copy);
  view.setFloat32(scalesStart, Number.NaN, true);
  return copy;
}

function withHeader(changes: string | Record<string, unknown>): Uint8Array {
  const { header, headerEnd } = layout(bytes);
  const text = typeof changes === "string" ? changes : JSON.stringify({ ...header, ...changes });
  const file = Buffer.concat([bytes.subarray(0, 48), Buffer.from(text), bytes.subarray(headerEnd)]);
  new DataView(file.buffer, file.byteOffset).setUint32(12, Buffer.byteLength(text), true);
  return seal(file);
}
