import { describe, expect, test } from "vitest";
import { FEATURISER, featurise } from "../src/features/featurise.js";
import { buckets, hashString, mixHash } from "../src/features/hash-ngrams.js";
import type { RouteRequest } from "../src/request/request.js";
import { featuriserProbes, hashFeatures } from "./support/featuriser-probes.js";

describe("featurise", () => {
  test("is the featuriser that its hash names; after a wanted change, raise the version and paste the new hash", () => {
    expect(hashFeatures(featuriserProbes.map(featurise))).toBe(FEATURISER.hash);
  });

  test("hashes the padded character 3- to 5-grams and the words and pairs of the last user turn", () => {
    const charSeed = 0x811c9dc5 | 0;
    const wordSeed = 0x2f0b4c47;
    const grams = [" he", " hey", " hey ", "hey", "hey ", "ey ", " yo", " yo ", "yo "];
    const words = ["hey", "yo", "hey yo"];
    const bucketOf = (seed: number) => (text: string) => mixHash(hashString(seed, text)) & (buckets - 1);
    const wanted = [...grams.map(bucketOf(charSeed)), ...words.map(bucketOf(wordSeed))];
    const { ids, weights } = featurise({ prompt: "Hey yo" });
    expect([...ids].sort()).toEqual([...new Set(wanted)].sort());
    expect(Math.hypot(...weights.subarray(0, grams.length))).toBeCloseTo(1, 5);
    expect(weights[0]).toBeCloseTo(1 / Math.sqrt(grams.length), 6);
  });

  test("dampens repeated n-grams by 1 + ln tf", () => {
    const { weights } = featurise({ prompt: "aa aa aa bb" });
    const [repeated, single] = [weights[0]!, weights[3]!];
    expect(repeated / single).toBeCloseTo(1 + Math.log(3), 5);
  });

  test("tells the same words apart in the user turn and in the system prompt", () => {
    const user = new Set(featurise({ prompt: "refund policy" }).ids);
    const system = [...featurise({ prompt: "", system: "refund policy" }).ids];
    expect(system.filter((id) => user.has(id)).length).toBeLessThan(system.length / 4);
  });

  test("reads case, digits, compatibility forms and kinds of white space alike", () => {
    const plain = featurise({ prompt: "order 10 final words" });
    for (const prompt of ["ORDER 99 Final Words", "order １７ ﬁnal\u00a0words", "order\t10\nfinal  words "]) {
      expect([...featurise({ prompt }).ids]).toEqual([...plain.ids]);
    }
  });

  test.each<[string, RouteRequest, Record<string, number>]>([
    ["answer options", { prompt: "Pick:\nA) x\nB) y\nC) z" }, { has_options: 1, options: 0.6 }],
    ["question marks", { prompt: "why? how?" }, { question_marks: 0.5, cue_reasoning: 1 / 3 }],
    ["a code fence", { prompt: "```js\nf()\n```" }, { code_fence: 1 }],
    ["LaTeX", { prompt: "$$\\frac{1}{2}$$" }, { latex_marks: 3 / 7 }],
    ["addresses", { prompt: "see https://a.org/x or write to a@b.org" }, { urls: 1 / 3, emails: 1 / 3 }],
    ["the script", { prompt: "привет мир" }, { script_cyrillic: 1, script_latin: 0 }],
    [
      "ideographs as words",
      { prompt: "漢字" },
      { script_han: 1, words: Math.log(3) / Math.log(1 + 2 ** 13) },
    ],
    ["tools", { prompt: "x", tools: [{}, {}, {}, {}] }, { tools: 0.5, has_tools: 1 }],
    [
      "a JSON schema",
      { prompt: "x", responseFormat: { type: "json_schema" } },
      { json_schema: 1, json_object: 0 },
    ],
    ["the output cap", { prompt: "x", maxTokens: 2 ** 17 }, { max_tokens: 1, has_max_tokens: 1 }],
    [
      "a short follow-up",
      {
        messages: [
          { role: "user", content: "Write an essay." },
          { role: "assistant", content: "Done." },
          { role: "user", content: "yes" },
        ],
      },
      { short_follow_up: 1, has_answer: 1, user_turns: 0.2 },
    ],
  ])("sees %s", (_, request, wanted) => {
    const { dense } = featurise(request);
    for (const [name, value] of Object.entries(wanted)) {
      expect(dense[FEATURISER.denseNames.indexOf(name)], name).toBeCloseTo(value, 5);
    }
  });

  test("counts the whole length of a long text, and reads its two ends", () => {
    const middle = "zq ".repeat(20_000);
    const { dense, ids } = featurise({ prompt: `alpha ${middle} omega` });
    const length = Math.log(1 + middle.length + 12) / Math.log(1 + 2 ** 20);
    expect(dense[FEATURISER.denseNames.indexOf("user_chars")]).toBeCloseTo(length, 5);
    const bucketOf = (word: string) => mixHash(hashString(0x2f0b4c47, word)) & (buckets - 1);
    expect(ids).toContain(bucketOf("alpha"));
    expect(ids).toContain(bucketOf("omega"));
  });

  test("gives vectors that later calls leave alone", () => {
    const first = featurise({ prompt: "one two three" });
    const before = structuredClone(first);
    featurise({ prompt: "entirely other words here" });
    expect(first).toEqual(before);
  });

  test("gives ids in range, once each, and finite positive weights", () => {
    for (const { ids, weights, dense } of featuriserProbes.map(featurise)) {
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => id >= 0 && id < FEATURISER.buckets)).toBe(true);
      expect(weights.every((weight) => weight > 0 && weight <= 4)).toBe(true);
      expect(dense.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(dense.length).toBe(FEATURISER.denseNames.length);
    }
  });
});
