import { describe, expect, test } from "vitest";
import { unknownDraft } from "../../../datasets/sources/source.js";
import { countRequest } from "../../../datasets/tokens/count-request.js";
import { encodingOf, loadTokenCounter } from "../../../datasets/tokens/count-tokens.js";

describe("loadTokenCounter", () => {
  test.each([
    ["o200k_base", "hello world", 2],
    ["cl100k_base", "hello world", 2],
    ["o200k_base", "", 0],
    ["o200k_base", "<|endoftext|>", 7],
  ] as const)("counts with %s: %j is %d tokens", async (encoding, text, tokens) => {
    expect((await loadTokenCounter(encoding))(text)).toBe(tokens);
  });

  test.each(["a", "汉", " ", "\n", "!", "é", "a\u0301", "😀", "0", "ab1"])(
    "takes time in proportion to the length of a text of %j",
    async (unit) => {
      const count = await loadTokenCounter("o200k_base");
      const cpuMs = (times: number): number => {
        const start = process.cpuUsage();
        count(unit.repeat(times));
        return process.cpuUsage(start).user / 1000;
      };
      cpuMs(2_000);
      // Quadratic time would take 256 times as long for 16 times the text.
      const [short, long] = [Math.max(cpuMs(10_000), 5), cpuMs(160_000)];
      expect(long / short).toBeLessThan(60);
    },
  );

  test.each([
    ["gpt-4o-mini", "o200k_base"],
    ["gpt-4.1", "o200k_base"],
    ["gpt-4.5-preview", "o200k_base"],
    ["gpt-5-nano", "o200k_base"],
    ["o3-mini", "o200k_base"],
    ["chatgpt-4o-latest", "o200k_base"],
    ["gpt-4", "cl100k_base"],
    ["gpt-4-turbo", "cl100k_base"],
    ["gpt-3.5-turbo", "cl100k_base"],
    ["text-embedding-3-small", "cl100k_base"],
    ["claude-sonnet-4-5", "o200k_base"],
  ])("takes for %s the vocabulary %s", (model, encoding) => {
    expect(encodingOf(model)).toBe(encoding);
  });
});

describe("countRequest", () => {
  const words = (text: string): number => text.split(" ").filter(Boolean).length;
  const draft = {
    ...unknownDraft,
    endpoint: "chat",
    promptState: "full" as const,
    prompt: { system: "be brief", messages: [{ role: "user", content: "one two three" }] },
    output: "four five",
  };

  test("adds what a chat message costs", () => {
    expect(countRequest(draft, words)).toEqual({
      input: 2 + 3 + 2 * 4 + 3,
      output: 2,
      isStructured: false,
      hasMedia: false,
    });
  });

  test("adds nothing for completions and embeddings", () => {
    const plain = { ...draft, prompt: { system: null, messages: draft.prompt.messages } };
    expect(countRequest({ ...plain, endpoint: "completions" }, words)).toMatchObject({ input: 3, output: 2 });
    expect(countRequest({ ...plain, endpoint: "embeddings", output: null }, words)).toMatchObject({
      input: 3,
      output: 0,
    });
  });

  test("counts tools and marks what can't be counted exactly", () => {
    expect(countRequest({ ...draft, tools: [{ name: "f" }] }, words)).toMatchObject({ isStructured: true });
    expect(countRequest({ ...draft, hasJsonSchema: true }, words)).toMatchObject({ isStructured: true });
    const picture = [
      { role: "user", content: [{ type: "image" as const }, { type: "text" as const, text: "what" }] },
    ];
    expect(countRequest({ ...draft, prompt: { system: null, messages: picture } }, words)).toMatchObject({
      hasMedia: true,
    });
  });

  test.each([
    ["the prompt is cut", { promptState: "truncated" as const }],
    ["the prompt is not logged", { prompt: null, promptState: "none" as const }],
    ["the answer is not logged", { output: null }],
  ])("gives nothing when %s", (_, fields) => {
    expect(countRequest({ ...draft, ...fields }, words)).toBeNull();
  });
});
