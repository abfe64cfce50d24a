import { createHash } from "node:crypto";
import type { FeatureVector } from "../../src/features/featurise.js";
import type { RouteRequest } from "../../src/request/request.js";

const tool = { type: "function", function: { name: "lookup" } };

/** Requests whose feature vectors make up the featuriser's hash. docs/artifact.md names this file; a change here or in the
 * featuriser is a new featuriser version. */
export const featuriserProbes: readonly RouteRequest[] = [
  {},
  { prompt: "" },
  { prompt: "yes" },
  { prompt: "Hello, World! 3.14 and 42 apples; it's fine." },
  { prompt: "Prove step by step that the sum of two odd integers is even. Why does it fail for primes?" },
  { prompt: "Which is right?\nA) one\nB) two\nC. three\n(D) four\n- a\n* b\n1. c\n2) d" },
  { prompt: "```ts\nconst f = (x) => { return x !== 1 ? x : y::z; } // http://a.b/c me@example.org\n```" },
  { prompt: "Let $$\\int_0^1 x^2 dx$$ and \\frac{a}{b} ≥ ∑ 3×4 ± √2" },
  { prompt: "Ünïcödé STRASSE ﬁnal ﷺ İstanbul ΟΔΟΣ ½ ① Ａ" },
  { prompt: "日本語のテキスト、漢字とカナ。한국어 문장입니다. ภาษาไทย हिन्दी русский العربية עברית Ελληνικά" },
  { prompt: "👩‍👩‍👧‍👦 😀\ud83d lone \udc00 \u0000\u200b\ufeff\u202e end" },
  { prompt: "a b c a b c aa aa aa ".repeat(40) },
  { prompt: `head ${"lorem ipsum dolor ".repeat(900)} tail` },
  { prompt: "x".repeat(20_000) },
  { prompt: "ﷺ".repeat(6_000) },
  { prompt: "short", system: "You are a support agent. Answer in JSON." },
  { prompt: "short", system: "Äußerst lang. ".repeat(400) },
  {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is a monad?" },
      { role: "assistant", content: "A monoid in the category of endofunctors." },
      {
        role: "user",
        content: [{ type: "text", text: "And in" }, { type: "text", text: "French?" }, { type: "image_url" }],
      },
    ],
    tools: [tool, tool],
    responseFormat: { type: "json_schema" },
    maxTokens: 512,
  },
];

/** SHA-256, in hex, over each vector's ids (int32), weights (float32) and dense (float32), little-endian, one after another. */
export function hashFeatures(vectors: Iterable<FeatureVector>): string {
  const hash = createHash("sha256");
  for (const { ids, weights, dense } of vectors) {
    for (const { buffer, byteOffset, byteLength } of [ids, weights, dense]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest("hex");
}
