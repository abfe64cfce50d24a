import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../datasets/package-root.js";
import { normaliseUsage } from "../../datasets/tokens/normalise-usage.js";
import { inputTotal, outputTotal } from "../../datasets/tokens/token-usage.js";
import { compareUsageShape, type UsageShape } from "../../scripts/bench/compare-usage-shapes.js";

/** [uncached, cache read, write 5m, write 1h, text, reasoning] */
function parts(raw: unknown, hint?: Parameters<typeof normaliseUsage>[1]): number[] | string | null {
  const read = normaliseUsage(raw, hint);
  if (read === null) return null;
  if ("error" in read) return read.error;
  const { inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, outputText, outputReasoning } =
    read.usage;
  return [inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, outputText, outputReasoning];
}

describe("normaliseUsage", () => {
  test.each<[string, unknown, number[]]>([
    [
      "OpenAI chat",
      {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
      [40, 60, 0, 0, 15, 5],
    ],
    [
      "OpenAI responses with cache writes",
      {
        input_tokens: 4020,
        output_tokens: 5,
        total_tokens: 4025,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 4012 },
      },
      [8, 0, 4012, 0, 5, 0],
    ],
    ["OpenAI embeddings", { prompt_tokens: 4, total_tokens: 4 }, [4, 0, 0, 0, 0, 0]],
    [
      "Anthropic",
      {
        input_tokens: 6,
        output_tokens: 489,
        cache_read_input_tokens: 20443,
        cache_creation_input_tokens: 574,
        cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 74 },
        output_tokens_details: { thinking_tokens: 77 },
      },
      [6, 20443, 500, 74, 412, 77],
    ],
    [
      "Anthropic with a home-made total",
      { input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 50, total_tokens: 110 },
      [100, 50, 0, 0, 10, 0],
    ],
    [
      "Gemini",
      {
        promptTokenCount: 373,
        cachedContentTokenCount: 204,
        candidatesTokenCount: 89,
        thoughtsTokenCount: 167,
        totalTokenCount: 629,
      },
      [169, 204, 0, 0, 89, 167],
    ],
    [
      "Gemini with tool prompts, snake_case",
      {
        prompt_token_count: 17,
        tool_use_prompt_token_count: 119,
        candidates_token_count: 201,
        thoughts_token_count: 213,
        total_token_count: 550,
      },
      [136, 0, 0, 0, 201, 213],
    ],
    [
      "Gemini interactions",
      {
        total_input_tokens: 9,
        total_output_tokens: 13,
        total_thought_tokens: 207,
        total_cached_tokens: 0,
        total_tokens: 229,
      },
      [9, 0, 0, 0, 13, 207],
    ],
    [
      "Bedrock Converse",
      {
        inputTokens: 22,
        outputTokens: 13,
        totalTokens: 2527,
        cacheReadInputTokens: 0,
        cacheWriteInputTokens: 2492,
      },
      [22, 0, 2492, 0, 13, 0],
    ],
    [
      "Bedrock writes by life",
      {
        inputTokens: 3,
        outputTokens: 2,
        cacheWriteInputTokens: 100,
        cacheDetails: [
          { inputTokens: 60, ttl: "5m" },
          { inputTokens: 40, ttl: "1h" },
        ],
      },
      [3, 0, 60, 40, 2, 0],
    ],
    [
      "Bedrock invocation log",
      { inputTokenCount: 10, outputTokenCount: 5, cacheReadInputTokenCount: 100 },
      [10, 100, 0, 0, 5, 0],
    ],
    ["Bedrock Llama", { prompt_token_count: 36, generation_token_count: 100 }, [36, 0, 0, 0, 100, 0]],
    [
      "Cohere billed units",
      {
        billed_units: { input_tokens: 7, output_tokens: 149 },
        tokens: { input_tokens: 69, output_tokens: 150 },
        cached_tokens: 64,
      },
      [7, 0, 0, 0, 149, 0],
    ],
    [
      "Mistral's engine cache is not billed apart",
      { prompt_tokens: 70, completion_tokens: 12, total_tokens: 82, num_cached_tokens: 69 },
      [70, 0, 0, 0, 12, 0],
    ],
    [
      "DeepSeek",
      {
        prompt_tokens: 563,
        completion_tokens: 116,
        total_tokens: 679,
        prompt_cache_hit_tokens: 512,
        prompt_cache_miss_tokens: 51,
        completion_tokens_details: { reasoning_tokens: 60 },
      },
      [51, 512, 0, 0, 56, 60],
    ],
    [
      "xAI, reasoning outside by the total",
      {
        prompt_tokens: 687,
        completion_tokens: 240,
        total_tokens: 1092,
        prompt_tokens_details: { cached_tokens: 682 },
        completion_tokens_details: { reasoning_tokens: 165 },
      },
      [5, 682, 0, 0, 240, 165],
    ],
    [
      "OpenRouter's grok, reasoning inside by the total",
      {
        prompt_tokens: 687,
        completion_tokens: 240,
        total_tokens: 927,
        completion_tokens_details: { reasoning_tokens: 165 },
      },
      [687, 0, 0, 0, 75, 165],
    ],
    [
      "Perplexity, more reasoning than output",
      { prompt_tokens: 33, completion_tokens: 7163, total_tokens: 7196, reasoning_tokens: 73997 },
      [33, 0, 0, 0, 7163, 73997],
    ],
    ["Ollama", { prompt_eval_count: 17, eval_count: 63 }, [17, 0, 0, 0, 63, 0]],
    [
      "LiteLLM's Anthropic rows",
      {
        prompt_tokens: 1110,
        completion_tokens: 20,
        total_tokens: 1130,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 100,
      },
      [10, 1000, 100, 0, 20, 0],
    ],
    [
      "a chat shape whose total adds the cache",
      {
        prompt_tokens: 300,
        completion_tokens: 20,
        total_tokens: 420,
        prompt_tokens_details: { cached_tokens: 100 },
      },
      [300, 100, 0, 0, 20, 0],
    ],
    [
      "AI SDK",
      { inputTokens: 100, outputTokens: 20, totalTokens: 120, cachedInputTokens: 60, reasoningTokens: 5 },
      [40, 60, 0, 0, 15, 5],
    ],
    [
      "AI SDK, nested",
      { inputTokens: { total: 100, noCache: 40, cacheRead: 60 }, outputTokens: { total: 20, reasoning: 5 } },
      [40, 60, 0, 0, 15, 5],
    ],
    [
      "LangChain",
      {
        input_tokens: 100,
        output_tokens: 20,
        total_tokens: 120,
        input_token_details: { cache_read: 60, cache_creation: 10 },
        output_token_details: { reasoning: 5 },
      },
      [30, 60, 10, 0, 15, 5],
    ],
    [
      "Codex",
      {
        input_tokens: 100,
        cached_input_tokens: 60,
        output_tokens: 20,
        reasoning_output_tokens: 5,
        total_tokens: 120,
      },
      [40, 60, 0, 0, 15, 5],
    ],
    [
      "OpenRouter's generation record",
      {
        tokens_prompt: 90,
        native_tokens_prompt: 100,
        native_tokens_cached: 60,
        tokens_completion: 18,
        native_tokens_completion: 20,
        native_tokens_reasoning: 5,
      },
      [40, 60, 0, 0, 15, 5],
    ],
    [
      "two spellings, one left 0",
      { prompt_tokens: 0, completion_tokens: 0, input_tokens: 25, output_tokens: 10, total_tokens: 35 },
      [25, 0, 0, 0, 10, 0],
    ],
    ["counts as text", { prompt_tokens: "12", completion_tokens: "3" }, [12, 0, 0, 0, 3, 0]],
  ])("splits %s into disjoint parts", (_, raw, expected) => {
    expect(parts(raw)).toEqual(expected);
  });

  test("knows xAI's convention without a total", () => {
    const raw = {
      prompt_tokens: 10,
      completion_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 15 },
    };
    expect(parts(raw, { provider: "x-ai" })).toEqual([10, 0, 0, 0, 20, 15]);
    expect(parts(raw, { provider: "openai" })).toEqual([10, 0, 0, 0, 5, 15]);
  });

  test("believes a declared convention", () => {
    const raw = { input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 60 };
    expect(parts(raw)).toEqual([100, 60, 0, 0, 10, 0]);
    expect(parts(raw, { convention: "inclusive" })).toEqual([40, 60, 0, 0, 10, 0]);
  });

  test.each<[unknown, string | null]>([
    [{ prompt_tokens: -1, completion_tokens: 2 }, "negative_tokens"],
    [{ input_tokens: 5, output_tokens: -3 }, "negative_tokens"],
    [{ prompt_tokens: "many" }, "bad_value"],
    [{ prompt_tokens: 1.5, completion_tokens: 1 }, "bad_value"],
    [{ prompt_tokens: Number.NaN }, "bad_value"],
    [{ prompt_tokens: 1e300 }, "bad_value"],
    [
      {
        prompt_tokens: 100,
        completion_tokens: 10,
        total_tokens: 110,
        prompt_tokens_details: { cached_tokens: 500 },
      },
      "cache_exceeds_input",
    ],
    [
      { prompt_tokens: 100, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 500 } },
      "cache_exceeds_input",
    ],
    [{}, null],
    [null, null],
    ["12", null],
    [[], null],
    [{ prompt_tokens: null, completion_tokens: null }, null],
    [{ total_tokens: 30 }, null],
  ])("answers %j with %s", (raw, expected) => {
    expect(parts(raw)).toEqual(expected);
  });

  test("takes Voyage's lone total as input", () => {
    expect(parts({ total_tokens: 30 }, { provider: "voyageai" })).toEqual([30, 0, 0, 0, 0, 0]);
  });

  test("notes the tokens of another model", () => {
    const raw = {
      input_tokens: 2390,
      output_tokens: 121,
      iterations: [
        { type: "message", input_tokens: 1128 },
        { type: "advisor_message", model: "claude-opus-4-8", input_tokens: 2518 },
      ],
    };
    expect(normaliseUsage(raw)).toMatchObject({
      notes: ["iterations hold tokens of claude-opus-4-8 that the counts leave out"],
    });
  });

  test("notes a total that the parts don't reach", () => {
    expect(normaliseUsage({ prompt_tokens: 35, completion_tokens: 12, total_tokens: 109 })).toMatchObject({
      notes: ["the total is 109, its parts sum to 47"],
    });
  });

  test("keeps audio and image counts beside the parts", () => {
    const gemini = {
      promptTokenCount: 300,
      candidatesTokenCount: 1,
      promptTokensDetails: [
        { modality: "IMAGE", tokenCount: 258 },
        { modality: "AUDIO", tokenCount: 20 },
      ],
    };
    expect(normaliseUsage(gemini)).toMatchObject({
      usage: { inputUncached: 300, inputImage: 258, inputAudio: 20, outputAudio: null },
    });
  });

  test("sums its parts to the stated counts, for any counts of the chat shape", () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, count, count, (fresh, cached, text, reasoning) => {
        const read = normaliseUsage({
          prompt_tokens: fresh + cached,
          completion_tokens: text + reasoning,
          total_tokens: fresh + cached + text + reasoning,
          prompt_tokens_details: { cached_tokens: cached },
          completion_tokens_details: { reasoning_tokens: reasoning },
        });
        if (read === null || "error" in read) throw new Error("no usage");
        expect([inputTotal(read.usage), outputTotal(read.usage)]).toEqual([fresh + cached, text + reasoning]);
        expect([read.usage.inputCacheRead, read.usage.outputReasoning]).toEqual([cached, reasoning]);
      }),
    );
  });

  test("never throws and never gives a negative part, whatever the object", () => {
    const key = fc.constantFrom(
      "prompt_tokens",
      "input_tokens",
      "output_tokens",
      "total_tokens",
      "cached_tokens",
      "thoughtsTokenCount",
      "cache_read_input_tokens",
      "prompt_tokens_details",
      "cache_creation",
      "billed_units",
      "inputTokens",
      "iterations",
      "cacheDetails",
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.integer(), fc.nat(99)))),
        (raw) => {
          const read = parts(raw);
          if (Array.isArray(read))
            expect(read.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const file = join(
  process.env.SIGNALBOX_DATA ?? join(packageRoot, "../shared/data"),
  "logs/usage-shapes/genai_prices_usages.json",
);

test.skipIf(!existsSync(file))(
  `equals genai-prices' extraction on 1,577 real usage objects (${file})`,
  () => {
    const comparisons = (JSON.parse(readFileSync(file, "utf8")) as UsageShape[]).map(compareUsageShape);
    expect(comparisons).toHaveLength(1577);
    expect(comparisons.filter(({ differences }) => differences.length > 0)).toEqual([]);
  },
);
