import { describe, expect, test } from "vitest";
import { priceDraft } from "../../datasets/prices/price-draft.js";
import { providerSource } from "../../datasets/sources/provider.js";
import { type RequestDraft, unknownDraft } from "../../datasets/sources/source.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";

const usage = (inputUncached: number, outputText: number): TokenUsage => ({
  inputUncached,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
});
const draft: RequestDraft = {
  ...unknownDraft,
  createdAt: Date.UTC(2026, 5, 1) * 1000,
  provider: "anthropic",
  modelServed: "claude-sonnet-4-5",
  usage: usage(1000, 100),
};

describe("priceDraft", () => {
  test("adds what other models used inside the call, each at its own price", () => {
    const otherUsage = [{ model: "claude-opus-4-8", usage: usage(2000, 20) }];
    expect(priceDraft(draft)).toEqual({
      cost_list_usd: expect.closeTo((1000 * 3 + 100 * 15) / 1e6, 12),
      price_source: "genai-prices",
      price_date: "2026-06-01",
    });
    expect(priceDraft({ ...draft, otherUsage })).toEqual({
      cost_list_usd: expect.closeTo((1000 * 3 + 100 * 15 + 2000 * 5 + 20 * 25) / 1e6, 12),
      price_source: "genai-prices+other-models",
      price_date: "2026-06-01",
    });
  });

  test.each([
    [{ otherUsage: [{ model: "claude-99", usage: usage(1, 1) }] }, null, "unknown_model"],
    [{ usage: null }, null, "no_usage"],
    [{ usage: null, cacheStatus: "hit" }, 0, "gateway_cache_hit"],
    [{ cacheStatus: "semantic_hit" }, 0, "gateway_cache_hit"],
  ] as const)("of %j is %s (%s)", (parts, usd, source) => {
    expect(priceDraft({ ...draft, ...(parts as Partial<RequestDraft>) })).toEqual({
      cost_list_usd: usd,
      price_source: source,
      price_date: null,
    });
  });

  test("of a recorded answer with an advisor is the sum of both models", () => {
    const counts = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const mapped = providerSource.map({
      timestamp: "2026-08-01T00:00:00Z",
      url: "https://api.anthropic.com/v1/messages",
      request: { model: "claude-sonnet-5", messages: [{ role: "user", content: "hi" }] },
      response: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-sonnet-5",
        content: [{ type: "text", text: "hello" }],
        stop_reason: "end_turn",
        usage: {
          ...counts,
          input_tokens: 2390,
          output_tokens: 121,
          iterations: [
            { ...counts, input_tokens: 1128, output_tokens: 110, type: "message" },
            {
              ...counts,
              input_tokens: 2518,
              output_tokens: 22,
              type: "advisor_message",
              model: "claude-opus-4-8",
            },
            { ...counts, input_tokens: 1262, output_tokens: 11, type: "message" },
          ],
        },
      },
    });
    if (mapped.kind !== "row") throw new Error(mapped.detail);
    expect(mapped.draft.otherUsage).toMatchObject([
      { model: "claude-opus-4-8", usage: { inputUncached: 2518, outputText: 22 } },
    ]);
    const expected = (2390 * 2 + 121 * 10 + 2518 * 5 + 22 * 25) / 1e6;
    expect(priceDraft(mapped.draft).cost_list_usd).toBeCloseTo(expected, 12);
  });

  test("counts the searches that Anthropic made", () => {
    expect(priceDraft({ ...draft, usage: { ...usage(0, 0), webSearches: 2 } }).cost_list_usd).toBeCloseTo(
      0.02,
      12,
    );
  });
});
