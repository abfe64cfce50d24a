import { calcPrice, findProvider, type Usage } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import type { RateCard } from "../../datasets/prices/rate-card.js";
import { applyRates } from "../../datasets/prices/rate-card.js";
import { rateRows } from "../../datasets/prices/rate-rows.js";
import { resolveModel } from "../../datasets/prices/resolve-model.js";
import { inputTotal, outputTotal, type TokenUsage } from "../../datasets/tokens/token-usage.js";

const book = openPriceBook();
const DAY_US = 86_400_000_000;
const day = (text: string) => Date.parse(`${text}T00:00:00Z`) * 1000;

const providers =
  "openai anthropic google aws azure mistral groq openrouter x-ai deepseek together perplexity"
    .split(" ")
    .map((id) => findProvider({ providerId: id })!);
const listed = providers.flatMap(({ id, models }) =>
  models.map((model) => ({ provider: id, model: model.id })),
);

const count = fc.oneof(
  fc.constantFrom(0, 1, 127_999, 128_000, 199_999, 200_000, 200_001, 271_999, 272_000, 272_001, 512_001),
  fc.nat(1_000_000),
);
const usageOf = fc.record({
  inputUncached: count,
  inputCacheRead: count,
  inputCacheWrite5m: fc.nat(50_000),
  inputCacheWrite1h: fc.nat(50_000),
  outputText: count,
  outputReasoning: fc.nat(100_000),
  inputAudio: fc.constant(null),
  inputImage: fc.constant(null),
  outputAudio: fc.constant(null),
});
const moment = fc.integer({ min: Date.UTC(2024, 0, 1) / 1000, max: Date.UTC(2027, 5, 1) / 1000 });

function genaiUsage(usage: TokenUsage): Usage {
  return {
    input_tokens: inputTotal(usage),
    output_tokens: outputTotal(usage),
    cache_read_tokens: usage.inputCacheRead,
    cache_write_tokens: usage.inputCacheWrite5m + usage.inputCacheWrite1h,
    cache_write_1h_tokens: usage.inputCacheWrite1h,
    output_reasoning_tokens: usage.outputReasoning,
  };
}

describe("prices read off genai-prices", () => {
  test("equal its own calculation for any model, moment and usage", () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.constantFrom(...listed), usageOf, moment, ({ provider, model }, usage, second) => {
        const createdAt = second * 1_000_000;
        const ours = book.price({ provider, model, usage, createdAt });
        if (
          ours.usd === null ||
          ours.priceSource.startsWith("override") ||
          resolveModel(model, provider) === null
        )
          return;
        const theirs = calcPrice(genaiUsage(usage), resolveModel(model, provider)!.name, {
          providerId: ours.provider,
          timestamp: new Date(createdAt / 1000),
        });
        if (ours.priceSource === "free-variant" || /write-1h|vendor-cache/.test(ours.priceSource)) return;
        compared += 1;
        expect(ours.usd, `${provider} ${model} ${createdAt}`).toBeCloseTo(theirs!.total_price, 11);
        expect(Math.abs(ours.usd - theirs!.total_price)).toBeLessThanOrEqual(1e-12 * Math.max(1, ours.usd));
      }),
      { numRuns: 6_000 },
    );
    expect(compared).toBeGreaterThan(3_500);
  });

  test.each([
    ["gemini-2.5-pro", "google", 200_000, 1.25, 2.5],
    ["gpt-5.4", "openai", 272_000, 2.5, 5],
  ])(
    "charge all of a prompt of %s above the threshold at the higher rate",
    (model, provider, limit, low, high) => {
      const usd = (inputUncached: number) =>
        book.price({ provider, model, usage: { ...noTokens, inputUncached }, createdAt: day("2026-06-01") })
          .usd;
      const card = book.rateCard({ provider, model, createdAt: day("2026-06-01") }) as RateCard;
      const threshold = card.tiers[1]!.minInputTokens;
      expect(Math.abs(threshold - limit)).toBeLessThanOrEqual(1);
      expect(usd(threshold - 1)).toBeCloseTo(((threshold - 1) * low) / 1e6, 12);
      expect(usd(threshold)).toBeCloseTo((threshold * high) / 1e6, 12);
    },
  );
});

const noTokens: TokenUsage = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText: 0,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
};

describe("rateCard", () => {
  test("holds from the day of a price to the day of the next", () => {
    const at = (text: string) => book.rateCard({ provider: "openai", model: "o3", createdAt: day(text) });
    expect(at("2025-05-01")).toMatchObject({ validFrom: null, validTo: day("2025-06-10") });
    expect(at("2025-06-10")).toMatchObject({ validFrom: day("2025-06-10"), validTo: null });
  });

  test("splits the day where the price follows the clock", () => {
    const query = { provider: "deepseek", model: "deepseek-v4-flash", createdAt: day("2026-09-01") };
    const cards = book.rateCards(query, day("2026-09-02"));
    const hours = cards.map(({ validTo }) => (validTo! - query.createdAt) / 3_600_000_000);
    expect(hours).toEqual([1, 4, 6, 10, 25]);
    expect(cards.map((card) => "reason" in card)).toEqual([false, false, false, false, false]);
  });

  test("gives the same answer everywhere inside its window", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...listed),
        moment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ provider, model }, second, share) => {
          const createdAt = second * 1_000_000;
          const card = openPriceBook().rateCard({ provider, model, createdAt });
          const from = card.validFrom ?? createdAt - 400 * DAY_US;
          const to = card.validTo ?? createdAt + 400 * DAY_US;
          expect(from <= createdAt && createdAt < to).toBe(true);
          const inside = Math.min(to - 1, Math.floor(from + share * (to - from)));
          expect(book.rateCard({ provider, model, createdAt: inside })).toEqual(card);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("says for how long a model has no price", () => {
    const query = { provider: "openai", model: "gpt-5.6-terra", serviceTier: "priority" };
    expect(book.rateCard({ ...query, createdAt: day("2026-07-01") })).toMatchObject({
      reason: "unknown_tier",
      validTo: day("2026-07-09"),
    });
    expect(book.rateCard({ ...query, createdAt: day("2026-07-10") })).toMatchObject({
      priceSource: "override",
    });
    expect(book.rateCard({ provider: "openai", model: "gpt-9", createdAt: 0 })).toEqual({
      reason: "unknown_model",
      provider: "openai",
      validFrom: null,
      validTo: null,
    });
  });

  test("survives JSON, and its flat rows price what it prices", () => {
    fc.assert(
      fc.property(fc.constantFrom(...listed), usageOf, moment, ({ provider, model }, usage, second) => {
        const card = book.rateCard({ provider, model, createdAt: second * 1_000_000 });
        if ("reason" in card) return;
        const copy = JSON.parse(JSON.stringify(card)) as RateCard;
        expect(applyRates(copy, usage)).toEqual(applyRates(card, usage));
        const total = inputTotal(usage);
        const row = rateRows(card).find(
          ({ min_input_tokens: min, max_input_tokens: max }) =>
            total >= min && (max === null || total <= max),
        )!;
        const cost = applyRates(card, usage);
        const terms: Array<[number, number | null]> = [
          [usage.inputUncached, row.input_usd_per_mtok],
          [usage.inputCacheRead, row.cache_read_usd_per_mtok],
          [usage.inputCacheWrite5m, row.cache_write_5m_usd_per_mtok],
          [usage.inputCacheWrite1h, row.cache_write_1h_usd_per_mtok],
          [usage.outputText, row.output_usd_per_mtok],
          [usage.outputReasoning, row.reasoning_usd_per_mtok],
        ];
        const isPriced = terms.every(([tokens, rate]) => tokens === 0 || rate !== null);
        const usd =
          row.per_request_usd + terms.reduce((sum, [tokens, rate]) => sum + tokens * (rate ?? 0), 0) / 1e6;
        if ("failure" in cost) expect(isPriced).toBe(false);
        else expect(Math.abs(cost.usd - usd)).toBeLessThan(1e-12 * Math.max(1, usd));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("names that stand for something else", () => {
  const price = (model: string, provider: string | null, more: object = {}) =>
    book.price({
      provider,
      model,
      usage: { ...noTokens, inputUncached: 1e6 },
      createdAt: day("2026-06-01"),
      ...more,
    });

  test.each([
    ["arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0:300k/abc", "aws"],
    ["arn:aws:bedrock:us-east-1:1:provisioned-model/anthropic.claude-sonnet-4-5", "aws"],
    ["gpt-4o-2024-08-06.ft-0e208cf33a6a466994aff31a08aba678", "azure"],
    ["gpt-3.5-turbo-0613:ft-org-2023-01-01", "openai"],
    ["ft:mistral-small-latest:x:y", "mistral"],
    ["gpt-4o-prod", "azure"],
    ["projects/1/locations/us-central1/endpoints/123", "google"],
    ["openrouter/auto", "openrouter"],
  ])("%s of %s has no price of its base model", (model, provider) => {
    expect(price(model, provider)).toMatchObject({ usd: null, priceSource: "unknown_model" });
  });

  test.each([
    ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "aws", 0.06, "genai-prices"],
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", "aws", 1.1, "genai-prices+regional"],
    ["global.anthropic.claude-haiku-4-5-20251001-v1:0", "aws", 1, "genai-prices"],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", 6.6, "override"],
    ["anthropic.claude-sonnet-4-20250514-v1:0", "aws", 6, "override"],
    ["grok-4", "xai", 6, "override"],
    ["ft:gpt-4.1-mini-2025-04-14:org::id", "openai", 0.8, "override"],
    ["google/gemini-2.0-flash-exp:free", "openrouter", 0, "free-variant"],
    ["acme/new-model:free", "openrouter", 0, "free-variant"],
    ["openai/gpt-4o:nitro", "openrouter", 2.5, "genai-prices+vendor-cache+base-variant"],
    ["openai/gpt-4o:extended", "openrouter", 6, "genai-prices"],
    ["litellm_proxy/gpt-4o", null, 2.5, "genai-prices"],
    ["litellm_proxy/azure/gpt-4o", null, 2.5, "genai-prices"],
  ] as const)("%s of %s costs %d USD a million, by %s", (model, provider, usd, priceSource) => {
    expect(price(model, provider)).toMatchObject({ usd: expect.closeTo(usd, 9), priceSource });
  });

  test.each([
    ["2025-02-01T00:00:00Z", 0.14],
    ["2025-02-20T20:00:00Z", 0.27],
    ["2025-08-01T12:00:00Z", 0.27],
    ["2025-08-01T20:00:00Z", 0.135],
    ["2025-09-05T15:59:59Z", 0.27],
    ["2025-09-05T20:00:00Z", 0.56],
    ["2025-09-29T20:00:00Z", 0.28],
  ])("deepseek-chat at %s costs %d USD a million", (time, usd) => {
    const createdAt = Date.parse(time) * 1000;
    expect(price("deepseek-chat", "deepseek", { createdAt }).usd).toBeCloseTo(usd, 9);
  });

  test("Claude's 1-hour cache writes cost twice the input where the list has no price for them", () => {
    const usage = { ...noTokens, inputCacheWrite1h: 1e6 };
    expect(price("us.anthropic.claude-haiku-4-5-20251001-v1:0", "aws", { usage })).toMatchObject({
      usd: expect.closeTo(2.2, 9),
      priceSource: "genai-prices+regional+write-1h",
    });
    expect(price("claude-haiku-4-5", "anthropic", { usage })).toMatchObject({
      usd: expect.closeTo(2, 9),
      priceSource: "genai-prices",
    });
  });

  test("a tier is charged as the provider documents it", () => {
    const cached = { ...noTokens, inputCacheRead: 1e6 };
    const of = (model: string, provider: string, more: object) => price(model, provider, more).usd;
    expect(of("gemini-2.5-flash", "google", { isBatch: true })).toBeCloseTo(0.15, 9);
    expect(of("gemini-2.5-flash", "google", { isBatch: true, usage: cached })).toBeCloseTo(0.03, 9);
    expect(of("gemini-2.5-flash", "google", { serviceTier: "flex", usage: cached })).toBeCloseTo(0.015, 9);
    expect(of("gpt-5", "openai", { isBatch: true, usage: cached })).toBeCloseTo(0.0625, 9);
    expect(of("claude-opus-4-6", "anthropic", { serviceTier: "fast" })).toBeCloseTo(30, 9);
    expect(of("claude-sonnet-4-5", "anthropic", { serviceTier: "priority" })).toBeNull();
  });
});

describe("audio and images", () => {
  const price = (model: string, provider: string, parts: Partial<TokenUsage>) =>
    book.price({ provider, model, usage: { ...noTokens, ...parts }, createdAt: day("2026-06-01") });

  test("are charged apart from the text around them", () => {
    expect(price("gpt-realtime", "openai", { inputUncached: 150, inputAudio: 100 }).usd).toBeCloseTo(
      (50 * 4 + 100 * 32) / 1e6,
      12,
    );
    expect(price("gpt-image-1", "openai", { inputUncached: 150, inputImage: 100 }).usd).toBeCloseTo(
      (50 * 5 + 100 * 10) / 1e6,
      12,
    );
    expect(
      price("gemini-2.5-flash-image", "google", { outputText: 1_300, outputImage: 1_290 }).usd,
    ).toBeCloseTo((10 * 2.5 + 1_290 * 30) / 1e6, 12);
  });

  test("are said to be charged as text where the cache's share of them is unknown", () => {
    const cached = { inputUncached: 50, inputCacheRead: 100, inputAudio: 80 };
    expect(price("gpt-realtime", "openai", cached).priceSource).toBe("genai-prices+text-rate");
    const known = { ...cached, inputCacheReadAudio: 60 };
    expect(price("gpt-realtime", "openai", known)).toMatchObject({
      usd: expect.closeTo((30 * 4 + 20 * 32 + 100 * 0.4) / 1e6, 12),
      priceSource: "genai-prices",
    });
    const images = { inputUncached: 50, inputCacheRead: 100, inputImage: 80 };
    expect(price("gpt-image-1", "openai", images).priceSource).toBe("genai-prices+text-rate");
    expect(price("gpt-4o", "openai", images).priceSource).toBe("genai-prices");
  });
});
