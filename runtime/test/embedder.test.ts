import { describe, expect, test } from "vitest";
import { countTokens, forEachGram } from "../src/embed/embedding-tokens.js";
import { hashedEmbedder } from "../src/embed/hashed-embedder.js";

const { embed } = hashedEmbedder();

function cosine(a: string, b: string): number {
  const [x, y] = [embed(a), embed(b)];
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}

function gramsOf(token: string): number {
  let grams = 0;
  forEachGram(token, () => {
    grams += 1;
  });
  return grams;
}

describe("tokens", () => {
  test.each([
    ["words, digits and marks apart", "Pay $12.50 now!", ["pay", "$", "12", ".", "50", "now", "!"]],
    ["compatibility forms folded", "ＡＢＣ ﬁle", ["abc", "file"]],
    ["runs of ideographs together", "什么 router是", ["什么", "router", "是"]],
    ["an apostrophe as a mark", "don't", ["don", "'", "t"]],
    ["nothing of white space", " \t\n\u3000", []],
  ])("%s", (_, text, tokens) => {
    expect([...countTokens(text).keys()]).toEqual(tokens);
  });

  test("counts repeats", () => {
    expect(Object.fromEntries(countTokens("no no yes"))).toEqual({ no: 2, yes: 1 });
  });

  test.each([
    ["a", 1],
    ["ab", 3],
    ["abc", 6],
    ["abcd", 9],
  ])("%s has %i n-grams", (token, grams) => {
    expect(gramsOf(token)).toBe(grams);
  });
});

describe("the hashed embedder", () => {
  test("gives vectors of length 1", () => {
    expect(cosine("How do I reset my password?", "How do I reset my password?")).toBeCloseTo(1, 6);
  });

  test("holds spellings for alike and keeps digits apart", () => {
    expect(cosine("reset my password", "resetting passwords")).toBeGreaterThan(0.5);
    expect(cosine("reset my password", "cheap flights to Rome")).toBeLessThan(0.2);
    expect(cosine("stay 4 days", "stay 9 days")).toBeLessThan(0.95);
  });

  test("gives the same vector the second time, when its tokens are cached", () => {
    const fresh = hashedEmbedder(64);
    const text = "the cat and the dog and the bird";
    expect(fresh.embed(text)).toEqual(fresh.embed(text));
  });

  test("is known by a hash of what it does", () => {
    expect(hashedEmbedder(256).sha256).toBe(hashedEmbedder(256).sha256);
    expect(hashedEmbedder(256).sha256).not.toBe(hashedEmbedder(512).sha256);
    expect(hashedEmbedder(512).id).toBe("hashed-chars-512");
  });

  test.each([0, 32, 100, 8_192, -64, 64.5, Number.NaN])("refuses %d dimensions", (dim) => {
    expect(() => hashedEmbedder(dim)).toThrow(/power of two from 64 to 4096/);
  });

  test.each([
    ["an empty text", ""],
    ["white space", " \n\t"],
    ["null", null],
    ["undefined", undefined],
    ["a number", 7],
    ["an object", { toString: () => "x" }],
  ])("gives all zeros for %s", (_, value) => {
    const vector = embed(value as string);
    expect(vector).toHaveLength(512);
    expect(vector.every((x) => x === 0)).toBe(true);
  });

  test.each([
    ["lone surrogates", "\ud800 \udc00\ud83d"],
    ["a text that normalisation lengthens", "\ufdfa".repeat(9_000)],
    ["one endless word", "x".repeat(1_000_000)],
    ["control characters", "\u0000\u0007\u202e abc"],
  ])("embeds %s", (_, text) => {
    const length = embed(text).reduce((sum, value) => sum + value * value, 0);
    expect(length).toBeCloseTo(1, 5);
  });

  test("reads the two ends of a long text", () => {
    const [head, tail] = ["a ".repeat(2_048), "z ".repeat(2_048)];
    expect(embed(`${head}${"middle ".repeat(10_000)}${tail}`)).toEqual(embed(head + tail));
  });
});
