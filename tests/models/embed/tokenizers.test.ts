import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { readTokenizer } from "../../../models/embed/read-tokenizer.js";
import { findUseLite, readUseLite } from "../../../models/embed/read-use-lite.js";
import { type Piece, unigramTokenizer } from "../../../models/embed/unigram-tokenizer.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-tokenizer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(document: unknown): string {
  const path = join(folder, "tokenizer.json");
  writeFileSync(path, typeof document === "string" ? document : JSON.stringify(document));
  return path;
}

const pieces: Piece[] = [
  ["�", 0],
  ["<s>", 0],
  ["\u2581", -4],
  ["\u2581a", -2],
  ["b", -3],
  ["\u2581ab", -6],
  ["bc", -1],
  ["c", -3],
];

describe("a unigram tokenizer", () => {
  const { encode } = unigramTokenizer(pieces, 0);

  test.each([
    ["takes the likelier of two segmentations", "abc", [3, 6]],
    ["may prefer two pieces to one", "ab", [3, 4]],
    ["treats any white space as one separator", " a \n\t a ", [3, 3]],
    ["merges neighbouring unknown units", "axyz", [3, 0]],
    ["keeps separated unknown units apart", "x bc x", [2, 0, 2, 6, 2, 0]],
    ["never gives a control symbol", "<s>", [2, 0]],
    ["gives nothing for an empty text", "", []],
    ["gives nothing for white space", " \n ", []],
  ])("%s", (_, text, ids) => {
    expect(encode(text, 128)).toEqual(ids);
  });

  test("cuts a long text at the limit", () => {
    expect(encode("a ".repeat(100_000), 5)).toEqual([3, 3, 3, 3, 3]);
  });
});

describe.skipIf(findUseLite() === null)("USE-lite's vocabulary", () => {
  test("is cut as its own documentation cuts it", () => {
    const { encode } = unigramTokenizer(readUseLite().vocabulary, 0);
    expect(encode("Hello, how are you?", 128)).toEqual([341, 4125, 8, 140, 31, 19, 54]);
  });
});

const wordPiece = {
  normalizer: { type: "BertNormalizer", lowercase: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    vocab: { "[UNK]": 0, "[CLS]": 1, "[SEP]": 2, play: 3, "##ing": 4, "##s": 5, "!": 6, cafe: 7, 什: 8 },
  },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[CLS]" } }, { Sequence: { id: "A" } }, { SpecialToken: { id: "[SEP]" } }],
    special_tokens: { "[CLS]": { ids: [1] }, "[SEP]": { ids: [2] } },
  },
};

describe("a WordPiece tokenizer.json", () => {
  test.each([
    ["cuts words into the longest pieces", "playing plays", [1, 3, 4, 3, 5, 2]],
    ["folds case and accents", "CAFÉ", [1, 7, 2]],
    ["splits marks and ideographs off", "play!什", [1, 3, 6, 8, 2]],
    ["gives a word unknown as a whole", "player", [1, 0, 2]],
    ["keeps the special tokens of an empty text", "", [1, 2]],
  ])("%s", (_, text, ids) => {
    expect(readTokenizer(fileOf(wordPiece)).encode(text, 128)).toEqual(ids);
  });

  test("makes room for the special tokens under the limit", () => {
    expect(readTokenizer(fileOf(wordPiece)).encode("play play play play", 4)).toEqual([1, 3, 3, 2]);
  });

  test("keeps case where the model does", () => {
    const cased = { ...wordPiece, normalizer: { type: "BertNormalizer", lowercase: false } };
    expect(readTokenizer(fileOf(cased)).encode("PLAY play", 128)).toEqual([1, 0, 3, 2]);
  });

  test("takes BERT's own post-processor", () => {
    const bert = { type: "BertProcessing", sep: ["[SEP]", 2], cls: ["[CLS]", 1] };
    const tokenizer = readTokenizer(fileOf({ ...wordPiece, post_processor: bert }));
    expect(tokenizer.encode("play", 128)).toEqual([1, 3, 2]);
  });
});

test("a Unigram tokenizer.json is read", () => {
  const file = fileOf({ model: { type: "Unigram", unk_id: 0, vocab: pieces } });
  expect(readTokenizer(file).encode("abc", 128)).toEqual([3, 6]);
});

test.each([
  ["a BPE tokenizer", { model: { type: "BPE", vocab: { a: 0 } } }, /model BPE is not supported/],
  ["no tokenizer at all", { hello: 1 }, /model unknown is not supported/],
  ["WordPiece without a vocabulary", { model: { type: "WordPiece" } }, /WordPiece is not supported/],
  ["broken JSON", "{", /not readable as JSON/],
  ["a list", [], /not a JSON object/],
])("refuses %s", (_, document, message) => {
  const file = fileOf(document);
  expect(() => readTokenizer(file)).toThrow(InputError);
  expect(() => readTokenizer(file)).toThrow(message);
});
