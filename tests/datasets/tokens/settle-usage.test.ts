import { describe, expect, test } from "vitest";
import { type RequestDraft, unknownDraft } from "../../../datasets/sources/source.js";
import { normaliseUsage } from "../../../datasets/tokens/normalise-usage.js";
import { settleUsage } from "../../../datasets/tokens/settle-usage.js";
import { inputTotal, outputTotal } from "../../../datasets/tokens/token-usage.js";

function settled(raw: object, draft: Partial<RequestDraft> = {}): [input: number, output: number] | null {
  const read = normaliseUsage(raw);
  if (read !== null && "error" in read) throw new Error(read.detail);
  const usage = settleUsage({ ...unknownDraft, modelServed: "gpt-4o", ...draft, usage: read?.usage ?? null });
  expect(usage === null || !("outputUnknown" in usage)).toBe(true);
  return usage && [inputTotal(usage), outputTotal(usage)];
}

describe("usage of which one side is counted", () => {
  test.each<[string, object]>([
    ["input alone, OpenAI", { prompt_tokens: 12 }],
    ["input alone, OpenAI, null beside it", { prompt_tokens: 12, completion_tokens: null }],
    ["input alone, Anthropic", { input_tokens: 12, cache_read_input_tokens: 3 }],
    ["input alone, Gemini", { promptTokenCount: 12 }],
    ["output alone, OpenAI", { completion_tokens: 5 }],
    ["output alone, Anthropic's last event", { output_tokens: 5 }],
    ["output and cache", { output_tokens: 5, cache_read_input_tokens: 100 }],
    [
      "reasoning alone beside the input",
      { input_tokens: 12, output_tokens_details: { reasoning_tokens: 4 } },
    ],
  ])("is unknown: %s", (_, raw) => {
    expect(settled(raw)).toBeNull();
  });

  test.each<[string, object, [number, number]]>([
    ["a total beside the input", { prompt_tokens: 12, total_tokens: 20 }, [12, 8]],
    ["a total beside the output", { completion_tokens: 5, total_tokens: 20 }, [15, 5]],
    ["a total that is the input", { prompt_tokens: 12, total_tokens: 12 }, [12, 0]],
    ["an output of 0", { prompt_tokens: 12, completion_tokens: 0 }, [12, 0]],
    ["Gemini's thoughts without an answer", { promptTokenCount: 12, thoughtsTokenCount: 9 }, [12, 9]],
  ])("is whole by %s", (_, raw, expected) => {
    expect(settled(raw)).toEqual(expected);
  });

  test.each<[string, Partial<RequestDraft>]>([
    ["embeddings by their endpoint", { endpoint: "embeddings" }],
    ["LiteLLM's call type", { endpoint: "aembedding" }],
    ["an embedding model", { modelServed: "text-embedding-3-small" }],
    ["a vendor's embedding model", { modelServed: "voyage/voyage-3.5-lite" }],
    ["reranking", { modelServed: "cohere.rerank-v3-5:0" }],
    ["a failed call without an answer", { status: "error" }],
  ])("has no output by nature: %s", (_, draft) => {
    expect(settled({ prompt_tokens: 12 }, draft)).toEqual([12, 0]);
  });

  test("is unknown for a failed call with the beginning of an answer", () => {
    expect(settled({ prompt_tokens: 12 }, { status: "error", output: "Once" })).toBeNull();
  });
});
