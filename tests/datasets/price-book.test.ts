import { calcPrice, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { listPrice, priceRequest } from "../../datasets/prices/price-book.js";
import { canonicalProvider, providerOfUrl } from "../../datasets/prices/provider-names.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";

const at = Date.UTC(2026, 5, 1) * 1000;

function tokens(parts: Partial<TokenUsage>): TokenUsage {
  return {
    inputUncached: 0,
    inputCacheRead: 0,
    inputCacheWrite5m: 0,
    inputCacheWrite1h: 0,
    outputText: 0,
    outputReasoning: 0,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
    ...parts,
  };
}

const million = tokens({ inputUncached: 1_000_000, outputText: 1_000_000 });

describe("priceRequest", () => {
  test.each([
    ["gpt-4o", "openai", 12.5],
    ["gpt-4o-2024-08-06", "openai", 12.5],
    ["openai/gpt-4o", null, 12.5],
    ["openai/gpt-4o", "openai", 12.5],
    ["gpt-4o", null, 12.5],
    ["azure/gpt-4o", null, 12.5],
    ["gpt-4o", "azure_openai", 12.5],
    ["us.amazon.nova-lite-v1:0", "aws", 0.3],
    ["bedrock/us.amazon.nova-lite-v1:0", null, 0.3],
    ["amazon.nova-lite-v1%3A0", "AWS Bedrock", 0.3],
    ["arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0", "aws", 0.3],
    ["ft:gpt-4o-mini-2024-07-18:org::abc", "openai", 1.5],
    ["davinci-002", "openai", 4],
    ["grok-4", "xai", 36],
  ])("prices a million tokens in and out of %s at %s", (model, provider, usd) => {
    expect(priceRequest({ model, provider, usage: million, createdAt: at }).usd).toBeCloseTo(usd, 9);
  });

  test("prices Gemini under its resource name, at the rate of long prompts", () => {
    const price = priceRequest({
      model: "models/gemini-2.5-pro",
      provider: "gcp.gemini",
      usage: million,
      createdAt: at,
    });
    expect(price.usd).toBeCloseTo(2.5 + 15, 9);
  });

  test.each([
    ["gpt-9", "openai"],
    ["my-deployment", "azure"],
    ["ft:gpt-9-2030-01-01:org::abc", "openai"],
    ["llama3.1:8b", "ollama"],
    ["gpt-oss-120b", "vllm"],
    ["deepseek-r1:8b", null],
    ["deepseek-ai/DeepSeek-R1", "somebody's own server"],
    ["arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", "aws"],
    ["arn:aws:sagemaker:us-east-1:1:endpoint/mine", "aws"],
    ["", null],
  ])("has no price, rather than a price of 0, for %s of %s", (model, provider) => {
    const price = priceRequest({ model, provider, usage: million, createdAt: at });
    expect(price).toMatchObject({ usd: null, priceSource: "unknown_model", priceDate: null, modelKey: null });
  });

  test("prices each part of the input at its own rate", () => {
    const usage = tokens({
      inputUncached: 1000,
      inputCacheRead: 2000,
      inputCacheWrite5m: 3000,
      inputCacheWrite1h: 4000,
      outputText: 500,
    });
    const price = priceRequest({ model: "claude-sonnet-4-5", provider: "anthropic", usage, createdAt: at });
    const expected = (1000 * 3 + 2000 * 0.3 + 3000 * 3.75 + 4000 * 6 + 500 * 15) / 1e6;
    expect(price).toMatchObject({
      priceSource: "genai-prices",
      priceDate: "2026-06-01",
      provider: "anthropic",
    });
    expect(price.usd).toBeCloseTo(expected, 12);
  });

  test("uses the price of the request's own day", () => {
    const o3 = (day: number) =>
      priceRequest({ model: "o3", provider: "openai", usage: million, createdAt: day * 1000 }).usd;
    expect(o3(Date.UTC(2025, 4, 1))).toBeCloseTo(50, 9);
    expect(o3(Date.UTC(2025, 6, 1))).toBeCloseTo(10, 9);
  });

  test.each([
    ["openai", "gpt-4o", "genai-prices+batch50", 6.25],
    ["anthropic", "claude-sonnet-4-5", "genai-prices+batch50", (6 + 22.5) / 2],
    ["deepseek", "deepseek-chat", "unknown_tier", null],
  ])("halves a batch price only where %s documents it", (provider, model, priceSource, usd) => {
    const price = priceRequest({ model, provider, usage: million, createdAt: at, isBatch: true });
    expect(price).toMatchObject({ priceSource, usd });
  });

  test.each([
    ["default", "genai-prices", 12.5],
    ["flex", "genai-prices+flex50", 6.25],
    ["priority", "override", 21.25],
    ["moonlight", "unknown_tier", null],
  ])("prices the service tier %s from %s", (serviceTier, priceSource, usd) => {
    expect(
      priceRequest({ model: "gpt-4o", provider: "openai", usage: million, createdAt: at, serviceTier }),
    ).toMatchObject({ priceSource, usd });
  });

  test("applies a dated override only inside its dates", () => {
    const price = (day: number) =>
      priceRequest({
        model: "mistral-large-latest",
        provider: "mistral",
        usage: million,
        createdAt: day * 1000,
      });
    expect(price(Date.UTC(2026, 2, 1))).toMatchObject({ usd: 8, priceSource: "genai-prices" });
    expect(price(Date.UTC(2026, 2, 2))).toMatchObject({ usd: 2, priceSource: "override" });
  });

  test("names the maker's list when the serving cloud has none", () => {
    const price = priceRequest({
      model: "claude-sonnet-4-5",
      provider: "aws",
      usage: tokens({ inputUncached: 1000 }),
      createdAt: at,
    });
    expect(price).toMatchObject({ priceSource: "genai-prices+vendor-list", usd: 0.003 });
  });

  test.each([
    ["openai/gpt-4o", 1.25],
    ["anthropic/claude-3.7-sonnet", 0.3],
    ["deepseek/deepseek-r1-0528", 0.5],
  ])(
    "OpenRouter's %s reads its cache at %d USD a million, the maker's price where all others are",
    (model, usd) => {
      const price = priceRequest({
        model,
        provider: "openrouter",
        usage: tokens({ inputCacheRead: 1_000_000 }),
        createdAt: at,
      });
      expect(price.usd).toBeCloseTo(usd, 9);
      expect(price.priceSource.includes("vendor-cache")).toBe(usd !== 0.5);
    },
  );

  test.each([
    ["chatgpt-4o-latest", "openai", 5],
    ["text-embedding-ada-002", "openai", 0.1],
    ["text-embedding-3-small", "openai", 0.02],
  ])("finds the maker of %s, which doesn't begin as its others do", (model, provider, usd) => {
    const usage = tokens({ inputUncached: 1_000_000 });
    expect(priceRequest({ model, provider: null, usage, createdAt: at })).toMatchObject({ provider, usd });
  });

  test.each([
    [Date.UTC(2025, 5, 9), 2.5],
    [Date.UTC(2025, 5, 10), 0.5],
  ])("reads o3's cache at the price of its day, before and after the cut", (day, usd) => {
    const usage = tokens({ inputCacheRead: 1_000_000 });
    expect(priceRequest({ model: "o3", provider: "openai", usage, createdAt: day * 1000 }).usd).toBe(usd);
  });

  test("finds the provider by the address", () => {
    const price = priceRequest({
      model: "gpt-4o",
      provider: null,
      providerApiUrl: "https://x.openai.azure.com/openai/deployments/y",
      usage: million,
      createdAt: at,
    });
    expect(price).toMatchObject({ provider: "azure", usd: 12.5 });
  });

  test("keeps a closed model's price behind an unknown proxy, but not an open model's", () => {
    const at1 = {
      usage: million,
      createdAt: at,
      provider: null,
      providerApiUrl: "http://llm.corp.example/v1",
    };
    expect(priceRequest({ ...at1, model: "gpt-4o" }).usd).toBe(12.5);
    expect(priceRequest({ ...at1, model: "gpt-oss-120b" }).usd).toBeNull();
  });

  test("says so when audio is priced as text because the list has no audio price", () => {
    const usage = tokens({ inputUncached: 120, inputAudio: 100, outputText: 60, outputAudio: 40 });
    const price = (model: string) => priceRequest({ model, provider: "openai", usage, createdAt: at });
    expect(price("gpt-4o-audio-preview").priceSource).toBe("genai-prices+text-rate");
    expect(price("gpt-4o-realtime-preview").priceSource).toBe("genai-prices");
  });

  test("falls back to the text rate for audio that can't be split", () => {
    const usage = tokens({ inputUncached: 50, inputCacheRead: 50, inputAudio: 80, outputText: 1 });
    expect(
      priceRequest({ model: "gemini-2.5-flash", provider: "google", usage, createdAt: at }).priceSource,
    ).toBe("genai-prices+text-rate");
  });

  test("equals genai-prices' own calculation for every listed model", () => {
    const usage = tokens({
      inputUncached: 1100,
      inputCacheRead: 2200,
      inputCacheWrite5m: 330,
      inputCacheWrite1h: 44,
      outputText: 500,
      outputReasoning: 60,
    });
    const counts = {
      input_tokens: 3674,
      cache_read_tokens: 2200,
      cache_write_tokens: 374,
      cache_write_1h_tokens: 44,
      output_tokens: 560,
      output_reasoning_tokens: 60,
    };
    const compared = ["openai", "anthropic", "google", "aws", "groq", "deepseek", "perplexity"].flatMap(
      (provider) =>
        findProvider({ providerId: provider })!.models.flatMap(({ id }) => {
          const ours = priceRequest({ model: id, provider, usage, createdAt: at });
          const theirs = calcPrice(counts, id, { providerId: provider, timestamp: new Date(at / 1000) });
          const isListPrice = theirs !== null && ours.usd !== null && ours.priceSource === "genai-prices";
          return isListPrice ? [{ id, ours: ours.usd, theirs: theirs.total_price }] : [];
        }),
    );
    expect(compared.length).toBeGreaterThan(150);
    for (const { id, ours, theirs } of compared) expect(ours, id).toBeCloseTo(theirs, 12);
  });

  test("never throws, whatever the query", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(
          fc.oneof(fc.string(), fc.constantFrom("openai", "aws", "google", "__proto__", "constructor")),
        ),
        fc.option(fc.oneof(fc.string(), fc.webUrl())),
        fc.double(),
        fc.array(fc.oneof(fc.integer(), fc.double()), { minLength: 6, maxLength: 6 }),
        fc.option(fc.string()),
        (model, provider, providerApiUrl, createdAt, [a, b, c, d, e, f], serviceTier) => {
          const usage = tokens({
            inputUncached: a!,
            inputCacheRead: b!,
            inputCacheWrite5m: c!,
            inputCacheWrite1h: d!,
            outputText: e!,
            outputReasoning: f!,
          });
          const price = priceRequest({ model, provider, providerApiUrl, usage, createdAt, serviceTier });
          expect(price.usd === null || Number.isFinite(price.usd)).toBe(true);
          expect(typeof canonicalModel(model, provider)).toBe("string");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("listPrice", () => {
  test("gives the base price per million tokens and the context window", () => {
    expect(listPrice("gpt-4o", "openai", at)).toEqual({
      inputUsdPerMtok: 2.5,
      outputUsdPerMtok: 10,
      cacheReadUsdPerMtok: 1.25,
      contextWindow: 128_000,
    });
    expect(listPrice("gemini-2.5-pro", null, at)).toMatchObject({
      inputUsdPerMtok: 1.25,
      outputUsdPerMtok: 10,
    });
    expect(listPrice("mistral-large-latest", "mistral", at)).toMatchObject({
      inputUsdPerMtok: 0.5,
      outputUsdPerMtok: 1.5,
    });
  });

  test("has none for an unknown model", () => {
    expect(listPrice("llama3.1:8b", "ollama", at)).toBeNull();
  });
});

test.each([
  ["gpt-4o-2024-08-06", "openai", "gpt-4o"],
  ["openai/gpt-4o", null, "gpt-4o"],
  ["gpt-4o-2024-05-13", "azure", "gpt-4o-2024-05-13"],
  ["models/gemini-2.5-flash", "google", "gemini-2.5-flash"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", "claude-sonnet-4-5"],
  ["claude-sonnet-4-5@20250929", "google", "claude-sonnet-4-5"],
  ["anthropic/claude-sonnet-4.5", "openrouter", "claude-sonnet-4-5"],
  ["vertex_ai/claude-sonnet-4-5@20250929", null, "claude-sonnet-4-5"],
  ["arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0", "aws", "amazon.nova-lite-v1:0"],
  ["llama3.1:8b", "ollama", "llama3.1:8b"],
  ["meta-llama/Llama-3-8b-chat-hf", "together", "meta-llama/Llama-3-8b-chat-hf"],
  ["ft:gpt-4o-mini-2024-07-18:org::abc", "openai", "ft:gpt-4o-mini-2024-07-18:org::abc"],
  ["my-deployment", "azure", "my-deployment"],
])("canonicalModel: %s of %s is %s", (name, provider, canonical) => {
  expect(canonicalModel(name, provider)).toBe(canonical);
});

test.each([
  "openai",
  "anthropic",
  "google",
  "aws",
  "azure",
  "mistral",
  "cohere",
  "groq",
  "openrouter",
  "x-ai",
  "deepseek",
  "together",
])("canonical names of %s keep their price", (provider) => {
  const models = findProvider({ providerId: provider })!.models.map(({ id }) => id);
  const priced = models.filter((id) => listPrice(id, provider, at) !== null);
  const lost = priced.filter((id) => listPrice(canonicalModel(id, provider), provider, at) === null);
  expect(priced.length).toBeGreaterThan(3);
  expect(lost).toEqual([]);
});

test.each([
  ["azure_openai", "azure"],
  ["gcp.vertex_ai", "google"],
  ["aws.bedrock", "aws"],
  ["x_ai", "x-ai"],
  ["litellm", null],
  ["Ollama", "ollama"],
  ["writer", "writer"],
])("canonicalProvider: %s is %s", (name, id) => {
  expect(canonicalProvider(name)).toBe(id);
});

test.each([
  ["https://eu.api.openai.com/v1/chat/completions", "openai"],
  ["bedrock-runtime.us-east-1.amazonaws.com", "aws"],
  ["https://us-central1-aiplatform.googleapis.com/v1beta1/x", "google"],
  ["http://localhost:11434/api/chat", null],
  ["not a host", null],
])("providerOfUrl: %s is %s", (url, id) => {
  expect(providerOfUrl(url)).toBe(id);
});
