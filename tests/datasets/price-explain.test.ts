import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainPrice } from "../../datasets/prices/explain-price.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { explainSource, priceNotes } from "../../datasets/prices/price-notes.js";

const book = openPriceBook();
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) * 1000;

describe("explainPrice", () => {
  test("shows how the name was resolved, the rates, and those before and after", () => {
    const explained = explainPrice(
      book,
      { model: "o3", provider: "openai", createdAt: at("2025-06-09") },
      null,
    );
    expect(explained).toMatchObject({
      reason: null,
      price: null,
      meaning: ["override: our own dated correction of genai-prices (overrides.json)"],
      rates: [{ input_usd_per_mtok: 10, output_usd_per_mtok: 40, valid_to: at("2025-06-10") }],
      before: [],
      after: [{ input_usd_per_mtok: 2, output_usd_per_mtok: 8, valid_from: at("2025-06-10") }],
      lists: [
        { price_source: "override", is_in_force: true, difference: 0 },
        { price_source: "genai-prices", is_in_force: false },
      ],
    });
    expect(explained.steps.at(-1)).toBe("found as o3 in the list of openai: override");
  });

  test("compares the lists, the one in force first", () => {
    const query = { model: "mistral-large-latest", provider: "mistral", createdAt: at("2026-06-01") };
    expect(explainPrice(book, query, null).lists).toMatchObject([
      { price_source: "override", input_usd_per_mtok: 0.5, usd: 2, difference: 0, is_in_force: true },
      { price_source: "genai-prices", input_usd_per_mtok: 2, usd: 8, difference: 3, is_in_force: false },
    ]);
  });

  test.each([
    ["gpt-9", "azure_openai", "provider azure_openai is azure", "no list has a price for it: unknown_model"],
    [
      "gpt-9",
      null,
      "no provider is known: the name alone decides",
      "no list has a price for it: unknown_model",
    ],
    [
      "us.amazon.nova-lite-v1:0",
      "bedrock",
      "provider bedrock is aws",
      "found as amazon.nova-lite-v1:0 in the list of aws: genai-prices",
    ],
  ])("says of %s of %s: %s", (model, provider, first, last) => {
    const { steps } = explainPrice(book, { model, provider, createdAt: at("2026-06-01") }, null);
    expect(steps[0]).toBe(first);
    expect(steps.at(-1)).toBe(last);
  });
});

test("every part of a price_source is explained", () => {
  expect(explainSource("contract:acme+genai-prices+batch50")).toEqual([
    "contract acme: what the user pays by an imported contract",
    "genai-prices: the list inside @pydantic/genai-prices",
    "batch50: half the list price: batch jobs, as the provider documents",
  ]);
});

test.each(Object.keys(priceNotes))("docs/prices.md explains %s", (code) => {
  expect(readFileSync(new URL("../../docs/prices.md", import.meta.url), "utf8")).toContain(`\`${code}`);
});
