import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../datasets/errors.js";
import { importPrices, removePrices } from "../../datasets/prices/import/import-prices.js";
import { openPriceBook, type PriceQuery } from "../../datasets/prices/price-book.js";
import { priceFolder, readPriceManifest } from "../../datasets/prices/read-price-folder.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-prices-"));
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;
const newFolder = () => mkdtempSync(join(root, `${made++}-`));
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) * 1000;

/** A workspace folder with documents imported in turn. */
function workspaceWith(...documents: unknown[]) {
  const workspace = { path: newFolder() };
  for (const [i, document] of documents.entries()) {
    const file = join(workspace.path, `document-${i}.json`);
    writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
    importPrices(workspace, file);
  }
  return workspace;
}

const bookWith = (...documents: unknown[]) =>
  openPriceBook({ folder: priceFolder(workspaceWith(...documents)) });

function tokens(
  parts: Partial<TokenUsage> = { inputUncached: 1_000_000, outputText: 1_000_000 },
): TokenUsage {
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

const request = (model: string, provider: string | null, more: Partial<PriceQuery> = {}): PriceQuery => ({
  model,
  provider,
  usage: tokens(),
  createdAt: at("2026-06-01"),
  ...more,
});

/** LiteLLM's format, with models that no other list has. */
const litellm = {
  sample_spec: { litellm_provider: "one of ...", input_cost_per_token: 0 },
  last_updated: "2026-05-01T10:00:00+00:00",
  "acme/one": {
    litellm_provider: "acme",
    input_cost_per_token: 1e-6,
    output_cost_per_token: 4e-6,
    cache_read_input_token_cost: 1e-7,
    cache_creation_input_token_cost: 1.25e-6,
    cache_creation_input_token_cost_above_1hr: 2e-6,
    output_cost_per_reasoning_token: 5e-6,
    input_cost_per_token_above_200k_tokens: 2e-6,
    output_cost_per_token_above_200k_tokens: 6e-6,
    input_cost_per_token_batches: 4e-7,
    output_cost_per_token_batches: 2e-6,
    input_cost_per_token_priority: 1.75e-6,
    output_cost_per_token_priority: 7e-6,
    input_cost_per_token_flex: 5e-7,
  },
  "acme/ranged": {
    litellm_provider: "acme",
    tiered_pricing: [
      { range: [0, 32_000], input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
      { range: [32_000, 128_000], input_cost_per_token: 3e-6, output_cost_per_token: 4e-6 },
    ],
  },
  "acme/base-2026-01-02": {
    litellm_provider: "acme",
    input_cost_per_token: 1e-6,
    output_cost_per_token: 1e-6,
  },
  "acme/base-2026-02-03": {
    litellm_provider: "acme",
    input_cost_per_token: 1e-6,
    output_cost_per_token: 1e-6,
  },
  "acme/moved-2026-01-02": {
    litellm_provider: "acme",
    input_cost_per_token: 1e-6,
    output_cost_per_token: 1e-6,
  },
  "acme/moved-2026-02-03": {
    litellm_provider: "acme",
    input_cost_per_token: 2e-6,
    output_cost_per_token: 1e-6,
  },
  "acme.two-v1:0": { litellm_provider: "bedrock", input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
  "ft:gpt-9-2030-01-01": {
    litellm_provider: "openai",
    input_cost_per_token: 2e-7,
    output_cost_per_token: 8e-7,
  },
  "acme/free": { litellm_provider: "acme", input_cost_per_token: 0, output_cost_per_token: 0 },
  "acme/per-mtok": { litellm_provider: "acme", input_cost_per_token: 0.055, output_cost_per_token: 0.2 },
  "acme/painter": { litellm_provider: "acme", output_cost_per_image: 0.04 },
  "acme/nobody": { input_cost_per_token: 1e-6 },
  "acme/broken": 7,
};

describe("LiteLLM's price JSON", () => {
  test("counts what it can't use, and why", () => {
    const workspace = workspaceWith(litellm);
    expect(readPriceManifest(priceFolder(workspace)).lists[0]).toMatchObject({
      name: "document-0-2026-05-01",
      kind: "import",
      version: "2026-05-01",
      ignored: { zero_price: 1, implausible_price: 1, no_token_price: 1, no_provider: 1, not_an_object: 1 },
    });
  });

  const book = bookWith(litellm);

  test.each([
    ["acme/one", null, {}, 2 + 6],
    ["one", "acme", {}, 2 + 6],
    ["one", "acme", { usage: tokens({ inputUncached: 200_000 }) }, 0.2],
    ["one", "acme", { usage: tokens({ inputUncached: 200_001 }) }, 0.400002],
    ["one", "acme", { usage: tokens({ inputUncached: 1000, inputCacheRead: 1000 }) }, 0.0011],
    ["one", "acme", { usage: tokens({ inputCacheWrite5m: 1000, inputCacheWrite1h: 1000 }) }, 0.00325],
    ["one", "acme", { usage: tokens({ outputReasoning: 1000 }) }, 0.005],
    ["one", "acme", { isBatch: true, usage: tokens({ inputUncached: 1000, outputText: 1000 }) }, 0.0024],
    ["one", "acme", { isBatch: true, usage: tokens({ inputCacheRead: 1000 }) }, 0.00004],
    [
      "one",
      "acme",
      { serviceTier: "priority", usage: tokens({ inputUncached: 1000, outputText: 1000 }) },
      0.00875,
    ],
    ["ranged", "acme", { usage: tokens({ inputUncached: 32_000 }) }, 0.032],
    ["ranged", "acme", { usage: tokens({ inputUncached: 32_001 }) }, 0.096003],
    ["acme.two-v1:0", "aws", {}, 2],
    ["ft:gpt-9-2030-01-01:org::abc", "openai", {}, 1],
  ] as const)("prices %s of %s with %o at %d USD", (model, provider, more, usd) => {
    const price = book.price(request(model, provider, more));
    expect(price.usd).toBeCloseTo(usd, 12);
    expect(price.priceSource).toBe("import:document-0-2026-05-01");
  });

  test.each([
    ["one", "acme", { serviceTier: "flex" }, "unknown_tier"],
    ["one", "acme", { serviceTier: "scale" }, "unknown_tier"],
    ["one", null, {}, "unknown_model"],
    ["one", "ollama", {}, "unknown_model"],
    ["moved", "acme", {}, "unknown_model"],
    ["free", "acme", {}, "unknown_model"],
    ["per-mtok", "acme", {}, "unknown_model"],
  ] as const)("has no price for %s of %s with %o", (model, provider, more, reason) => {
    expect(book.price(request(model, provider, more))).toMatchObject({ usd: null, priceSource: reason });
  });

  test.each([
    ["base-2026-03-04", "acme", "snapshot-family"],
    ["base", "acme", "snapshot-family"],
    ["apac.acme.two-v1:0", "aws", "base-region"],
    ["arn:aws:bedrock:ap-south-1:1:inference-profile/apac.acme.two-v1:0", "aws", "base-region"],
  ])("says what stands in for %s of %s", (model, provider, note) => {
    expect(book.price(request(model, provider))).toMatchObject({
      usd: 2,
      priceSource: `import:document-0-2026-05-01+${note}`,
    });
  });

  test("comes after genai-prices, but before a standard price that would have to be halved", () => {
    const gpt = { "gpt-4o": { ...litellm["acme/one"], litellm_provider: "openai" } };
    const both = bookWith(gpt);
    expect(both.price(request("gpt-4o", "openai")).priceSource).toBe("genai-prices");
    const usage = tokens({ inputUncached: 1000 });
    expect(both.price(request("gpt-4o", "openai", { isBatch: true, usage }))).toMatchObject({
      priceSource: "import:document-0",
      usd: 0.0004,
    });
  });

  test("of several days, the one that held at the request's day is taken", () => {
    const on = (day: string, usd: number) => ({
      last_updated: `${day}T00:00:00Z`,
      "acme/one": { litellm_provider: "acme", input_cost_per_token: usd, output_cost_per_token: 0 },
    });
    const dated = bookWith(on("2026-03-01", 3e-6), on("2026-05-01", 5e-6));
    const price = (day: string) => dated.price(request("one", "acme", { createdAt: at(day) }));
    expect(price("2026-05-02")).toMatchObject({ usd: 5, priceSource: "import:document-1-2026-05-01" });
    expect(price("2026-04-30")).toMatchObject({ usd: 3, priceSource: "import:document-0-2026-03-01" });
    expect(price("2026-01-01")).toMatchObject({
      usd: 3,
      priceSource: "import:document-0-2026-03-01+backdated",
    });
  });

  test("never throws on any values, and never makes a negative price", () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.object());
    const model = fc.dictionary(
      fc.oneof(fc.constantFrom(...Object.keys(litellm["acme/one"]), "tiered_pricing"), fc.string()),
      value,
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), model), (models) => {
        const document = { ...models, "acme/one": litellm["acme/one"], x: { litellm_provider: "acme" } };
        const book = bookWith(document);
        for (const name of Object.keys(models)) {
          const { usd } = book.price(request(name, "acme"));
          expect(usd === null || usd >= 0).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("a price history in llm-prices' format", () => {
  const book = bookWith({
    vendor: "acme",
    models: [
      {
        id: "one",
        price_history: [
          { input: 2, output: 10, input_cached: 0.2, from_date: null, to_date: "2026-03-01" },
          { input: 3, output: 15, input_cached: null, from_date: "2026-03-01", to_date: null },
        ],
      },
      { id: "one-200k", price_history: [{ input: 6, output: 30, from_date: "2026-03-01", to_date: null }] },
      { id: "two-32k", price_history: [{ input: 1, output: 1, from_date: null, to_date: null }] },
    ],
  });

  test("is read with its dates and long prompts", () => {
    const input = (count: number, day: string, model = "one") =>
      book.price(request(model, "acme", { createdAt: at(day), usage: tokens({ inputUncached: count }) })).usd;
    expect(input(100_000, "2026-02-28")).toBeCloseTo(0.2, 12);
    expect(input(100_000, "2026-03-01")).toBeCloseTo(0.3, 12);
    expect(input(300_000, "2026-02-28")).toBeCloseTo(0.6, 12);
    expect(input(300_000, "2026-03-01")).toBeCloseTo(1.8, 12);
    expect(input(100_000, "2026-03-01", "two-32k")).toBeCloseTo(0.1, 12);
  });

  test("is read as one file of all vendors", () => {
    const all = bookWith({
      updated_at: "2026-05-01",
      prices: [{ id: "one", vendor: "acme", name: "One", input: 2, output: 3, input_cached: null }],
    });
    expect(all.price(request("one", "acme"))).toMatchObject({
      usd: 5,
      priceSource: "import:document-0-2026-05-01",
    });
  });
});

describe("OpenRouter's list of models", () => {
  const pricing = { prompt: "0.000001", completion: "0.000004", request: "0", web_search: "0.01" };
  const book = bookWith({
    data: [
      {
        id: "acme/one",
        canonical_slug: "acme/one-2026-01-02",
        pricing: { ...pricing, input_cache_read: "0.0000001" },
      },
      { id: "acme/asked", pricing: { ...pricing, request: "0.005" } },
      { id: "openrouter/auto", pricing: { prompt: "-1", completion: "-1" } },
      { id: "acme/one:free", pricing: { prompt: "0", completion: "0" } },
    ],
  });

  test.each([
    ["acme/one", {}, 5, "import:document-0"],
    ["acme/one-2026-01-02", {}, 5, "import:document-0"],
    ["acme/one:nitro", {}, 5, "import:document-0+base-variant"],
    ["acme/one", { usage: tokens({ inputCacheRead: 1e6 }) }, 0.1, "import:document-0"],
    ["acme/asked", {}, 5.005, "import:document-0"],
    ["acme/one:free", {}, 0, "free-variant"],
    ["openrouter/auto", {}, null, "unknown_model"],
  ] as const)("prices %s with %o at %d USD, by %s", (model, more, usd, priceSource) => {
    const price = book.price(request(model, "openrouter", more));
    expect(price.priceSource).toContain(priceSource);
    if (usd === null) expect(price.usd).toBeNull();
    else expect(price.usd).toBeCloseTo(usd, 12);
  });
});

describe("a contract", () => {
  const contract = {
    contract: "Acme 2026",
    currency: "USD",
    valid_from: "2026-01-01",
    prices: [
      { provider: "openai", models: ["gpt-4o*"], discount_percent: 20 },
      { provider: "openai", model: "gpt-4o-mini", discount_percent: 50, valid_to: "2026-07-01" },
      { provider: "azure", model: "gpt-4.1", input: 1, output: 5, cache_read: 0.25, per_request_usd: 0.001 },
      { provider: "azure", model: "gpt-4.1", service_tier: "batch", input: 0.4, output: 2 },
      { model: "in-house-*", input: 0.1, output: 0.2, tiers: [{ above_input_tokens: 1000, input: 0.3 }] },
      { provider: "anthropic", model: "*", per_request_usd: 0.01 },
    ],
    aliases: {
      "azure/prod-chat": "gpt-4.1",
      "azure/prod-*": "azure/gpt-4o",
      "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123":
        "global.anthropic.claude-haiku-4-5-20251001-v1:0",
      gateway_default: "anthropic/claude-sonnet-4-5",
    },
  };
  const book = bookWith(contract, litellm);

  test.each([
    ["gpt-4o", "openai", {}, 10, "contract:acme-2026+genai-prices"],
    ["gpt-4o", "openai", { isBatch: true }, 5, "contract:acme-2026+genai-prices+batch50"],
    ["gpt-4o", "openai", { serviceTier: "priority" }, 17, "contract:acme-2026+override"],
    ["gpt-4o", "openai", { createdAt: at("2025-12-31") }, 12.5, "genai-prices"],
    ["gpt-4o", null, {}, 10, "contract:acme-2026+genai-prices"],
    ["gpt-4o", "azure", {}, 12.5, "genai-prices"],
    ["gpt-4o-mini", "openai", {}, 0.375, "contract:acme-2026+genai-prices"],
    ["gpt-4o-mini", "openai", { createdAt: at("2026-07-01") }, 0.6, "contract:acme-2026+genai-prices"],
    ["gpt-4.1", "azure", {}, 6.001, "contract:acme-2026"],
    ["gpt-4.1", "azure", { isBatch: true }, 2.4, "contract:acme-2026"],
    ["gpt-4.1", "azure", { serviceTier: "priority" }, null, "unknown_tier"],
    ["in-house-7b", "vllm", {}, 0.5, "contract:acme-2026"],
    ["in-house-7b", null, {}, 0.5, "contract:acme-2026"],
    ["prod-chat", "azure", {}, 6.001, "contract:acme-2026+alias"],
    ["prod-search", "azure", {}, 12.5, "genai-prices+alias"],
    ["prod-search", "openai", {}, null, "unknown_model"],
    ["gateway_default", null, {}, 6 + 22.5 + 0.01, "contract:acme-2026+genai-prices+alias"],
    ["abc123", "aws", {}, null, "unknown_model"],
    ["arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", "aws", {}, 6, "genai-prices+alias"],
  ] as const)("prices %s of %s with %o at %d USD, by %s", (model, provider, more, usd, source) => {
    const price = book.price(request(model, provider, more));
    expect(price.priceSource).toBe(source);
    if (usd === null) expect(price.usd).toBeNull();
    else expect(price.usd).toBeCloseTo(usd, 9);
  });

  test("keeps the list's fee for searches where it names none", () => {
    const usage = { ...tokens({ inputUncached: 1000 }), webSearches: 3 };
    const own = bookWith({
      prices: [{ provider: "anthropic", model: "claude-sonnet-4-5", input: 1, output: 1 }],
    });
    expect(own.price(request("claude-sonnet-4-5", "anthropic", { usage })).usd).toBeCloseTo(0.031, 12);
    const discount = bookWith({ prices: [{ provider: "anthropic", model: "*", discount_percent: 10 }] });
    expect(discount.price(request("claude-sonnet-4-5", "anthropic", { usage })).usd).toBeCloseTo(0.0297, 12);
  });

  test("gives requests the name of the model behind an alias", () => {
    expect(book.canonicalModel("prod-chat", "azure")).toBe("gpt-4.1");
    expect(book.canonicalModel("gpt-4o-2024-08-06", "openai")).toBe("gpt-4o");
  });

  test.each([
    [{ prices: [{ model: "gpt-4o", discount: 15 }] }, "prices[0] has unknown fields: discount"],
    [
      { prices: [{ model: "gpt-4o", discount_percent: 150 }] },
      "discount_percent is 150: not a number from -1000 to 100",
    ],
    [{ prices: [{ discount_percent: 15 }] }, "names no model"],
    [{ prices: [{ model: "gpt-4o" }] }, "has no price"],
    [{ prices: [{ model: "gpt-4o", input: "2.5" }] }, 'input is "2.5": not USD per million tokens'],
    [{ prices: [{ model: "gpt-4o", input: -1, output: 1 }] }, "input is -1"],
    [{ prices: [{ model: "gpt-4o", input: 1, discount_percent: 1 }] }, "rates and discount_percent"],
    [
      { prices: [{ model: "gpt-4o", input: 1, valid_from: "01.02.2026" }] },
      "valid_from is 01.02.2026: not a day",
    ],
    [
      { prices: [{ model: "a", input: 1, valid_from: "2026-02-01", valid_to: "2026-01-01" }] },
      "before it begins",
    ],
    [{ prices: [{ model: "a", input: 1, tiers: [{ input: 2 }] }] }, "needs above_input_tokens"],
    [{ currency: "EUR", prices: [{ model: "a", input: 1 }] }, "only USD"],
    [{ prices: [] }, "neither prices nor aliases"],
    [{ prices: {} }, "prices is not a list"],
    [{ prices: [7] }, "prices[0] is not an object"],
    [{ contract: "x", aliases: { a: 7 } }, "aliases[0] needs a name and a model"],
    [{ contract: "+++", prices: [{ model: "a", input: 1 }] }, "no name for a price list"],
    [{ hello: 1 }, "not a price file that is understood"],
    ["[1]", "needs a name and a model"],
    ["{", "not readable as JSON"],
    ["7", "not a JSON object"],
  ])("refuses %j", (document, message) => {
    const folder = newFolder();
    const file = join(folder, "contract.json");
    writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
    expect(() => importPrices({ path: folder }, file)).toThrow(InputError);
    expect(() => importPrices({ path: folder }, file)).toThrow(message);
    expect(existsSync(join(folder, "prices", "manifest.json"))).toBe(false);
  });
});

describe("a workspace's lists", () => {
  const small = (input: number) => ({
    contract: "c",
    prices: [{ provider: "openai", model: "gpt-4o", input, output: 1 }],
  });

  test("are replaced by name, and removed by name", () => {
    const workspace = workspaceWith(small(1), small(2));
    const folder = priceFolder(workspace);
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/^contract-c-[0-9a-f]{8}\.json$/),
      "manifest.json",
    ]);
    expect(openPriceBook({ folder }).price(request("gpt-4o", "openai")).usd).toBe(3);
    expect(() => removePrices(workspace, "d")).toThrow("imported are: c");
    removePrices(workspace, "c");
    expect(openPriceBook({ folder }).price(request("gpt-4o", "openai")).usd).toBe(12.5);
  });

  test("decide the fingerprint", () => {
    const prints = [openPriceBook(), bookWith(small(1)), bookWith(small(2)), bookWith(small(1), litellm)].map(
      ({ fingerprint }) => fingerprint,
    );
    expect(new Set(prints).size).toBe(4);
    expect(bookWith(small(1)).fingerprint).toBe(prints[1]);
    expect(openPriceBook({ folder: join(root, "nowhere") }).fingerprint).toBe(prints[0]);
  });

  test("are refused when they were changed by hand, cut or lost", () => {
    const workspace = workspaceWith(small(1));
    const folder = priceFolder(workspace);
    const file = join(folder, readPriceManifest(folder).lists[0]!.file);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"input": 1', '"input": 9'));
    expect(() => openPriceBook({ folder })).toThrow("its hash differs");
    writeFileSync(file, text.slice(0, 40));
    expect(() => openPriceBook({ folder })).toThrow(InputError);
    rmSync(file);
    expect(() => openPriceBook({ folder })).toThrow("this price list is missing");
  });
});

const data = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs/prices");
describe.skipIf(!existsSync(data))(`public price lists (${data})`, () => {
  const workspace = { path: newFolder() };
  const litellmFile = join(data, "litellm_model_prices.json");

  test("are imported, nearly all of them", () => {
    const { list, ignored } = importPrices(workspace, litellmFile, { name: "litellm" });
    expect(list.version).toBe("2026-07-24");
    expect(list.entries).toBeGreaterThan(2_300);
    expect(ignored.some(({ key }) => key === "wandb/openai/gpt-oss-120b")).toBe(true);
    for (const vendor of readdirSync(join(data, "llm-prices")))
      expect(importPrices(workspace, join(data, "llm-prices", vendor)).ignored).toEqual([]);
  });

  test("bear out every row of our own overrides", () => {
    const book = openPriceBook({ folder: priceFolder(workspace) });
    const raw = JSON.parse(readFileSync(litellmFile, "utf8")) as Record<string, Record<string, number>>;
    const priority = [
      [
        "gpt-4.1",
        "gpt-4.1-mini",
        "gpt-4.1-nano",
        "gpt-4o",
        "gpt-4o-2024-05-13",
        "gpt-4o-mini",
        "gpt-5",
        "gpt-5.1",
      ],
      [
        "gpt-5.1-codex",
        "gpt-5.1-codex-mini",
        "gpt-5.2",
        "gpt-5.3-codex",
        "gpt-5.4",
        "gpt-5.4-mini",
        "gpt-5.5",
      ],
      ["gpt-5-mini", "gpt-5.6", "gpt-5.6-terra", "gpt-5.6-luna", "o3", "o4-mini"],
    ].flat();
    for (const model of priority) {
      const createdAt = at("2026-07-24");
      const price = book.price(request(model, "openai", { serviceTier: "priority", createdAt }));
      const listed = raw[model]!;
      expect(price.priceSource, model).toBe("override");
      expect(price.usd, model).toBeCloseTo(
        (listed.input_cost_per_token_priority! + listed.output_cost_per_token_priority!) * 1e6,
        9,
      );
    }
    for (const [model, key] of [
      ["deepseek-chat", "deepseek/deepseek-chat"],
      ["mistral-large-latest", "mistral/mistral-large-latest"],
    ] as const) {
      const price = book.price(
        request(model, model.startsWith("deepseek") ? "deepseek" : "mistral", {
          createdAt: at("2026-07-24"),
        }),
      );
      const listed = raw[key]!;
      expect(price, model).toMatchObject({ priceSource: "override" });
      expect(price.usd, model).toBeCloseTo(
        (listed.input_cost_per_token! + listed.output_cost_per_token!) * 1e6,
        9,
      );
    }
  });
});
