import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCli } from "../../scripts/create-cli.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-prices-command-"));
afterAll(() => rmSync(root, { recursive: true }));

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

async function run(...words: string[]): Promise<string> {
  printed = "";
  await createCli(["prices", ...words], 100).parseAsync();
  return printed;
}

const workspace = ["--workspace", join(root, "ws")];
const contract = join(root, "contract.json");
writeFileSync(
  contract,
  JSON.stringify({
    contract: "acme",
    prices: [{ provider: "azure", model: "gpt-4o", discount_percent: 10 }],
    aliases: { "azure/prod": "gpt-4o" },
  }),
);

describe("signalbox prices", () => {
  test("an alias that names its provider needs no other word for it, and keeps that provider's price", async () => {
    await run("import", contract, ...workspace);
    const [alone, logged] = [
      await run("explain", "azure/prod", "--tokens", "1000,100,400", ...workspace),
      await run("explain", "prod", "--provider", "azure", "--tokens", "1000,100,400", ...workspace),
    ];
    for (const text of [alone, logged]) {
      expect(text).toContain("found as gpt-4o in the list of azure: contract:acme");
      expect(text).toContain("price of these tokens: $0.002700");
    }
    await run("remove", "acme", ...workspace);
  });

  test("imports a contract, and explains a price by it", async () => {
    expect(await run("import", contract, ...workspace)).toBe("imported acme (contract): 1 price, 1 alias\n");
    const explained = await run(
      ...[
        "explain",
        "prod",
        "--provider",
        "azure_openai",
        "--at",
        "2026-06-01",
        "--tokens",
        "1000000,0",
        ...workspace,
      ],
    );
    expect(explained).toContain("an alias makes prod the model gpt-4o of azure");
    expect(explained).toContain("contract acme: what the user pays by an imported contract");
    expect(explained).toContain("price of these tokens: $2.25");
    expect(await run("list", ...workspace)).toContain("contract.json");
    expect(await run("remove", "acme", ...workspace)).toMatch(/^removed contract-acme-/);
    expect(await run("list", ...workspace)).toContain("No list was imported");
  });

  test("counts what of a list was not imported", async () => {
    const list = join(root, "prices.json");
    writeFileSync(
      list,
      JSON.stringify({
        "acme/one": { litellm_provider: "acme", input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
        "acme/free": { litellm_provider: "acme", input_cost_per_token: 0, output_cost_per_token: 0 },
      }),
    );
    const text = await run("import", list, "--as-of", "2026-05-01", "--name", "lists", ...workspace);
    expect(text).toContain("imported lists (litellm of 2026-05-01): 1 price");
    expect(text).toMatch(/zero_price +1 +acme\/free/);
    expect(JSON.parse(await run("list", "--json", ...workspace))).toMatchObject([
      { name: "lists", entries: 1 },
    ]);
  });

  test("explains without a workspace, with tiers and the price after", async () => {
    const text = await run("explain", "gemini-2.5-pro", "--provider", "google", "--at", "2026-06-01");
    expect(text).toMatch(/up to 200,000 tokens +1\.25/);
    expect(text).toMatch(/200,001 tokens and more +2\.5/);
    expect(await run("explain", "o3", "--at", "2025-06-01")).toContain(
      "after: standard, genai-prices from 2025-06-10",
    );
    const json = JSON.parse(await run("explain", "gpt-9", "--at", "2025-06-01", "--json")) as object;
    expect(json).toMatchObject({ reason: "unknown_model", rates: [], lists: [] });
  });

  test.each([
    [["explain"], "name a MODEL"],
    [["import", contract], "name --workspace DIR"],
    [["import", ...workspace], "name a FILE"],
    [["aliases", contract, ...workspace], "not an alias map"],
    [["import", join(root, "none.json"), ...workspace], "can't be read"],
    [["import", contract, "--as-of", "May", ...workspace], "not a day"],
    [["explain", "gpt-4o", "--at", "yesterday"], "not a time"],
    [["explain", "gpt-4o", "--tokens", "10,5,20"], "cached and written ones are part of the input"],
    [["explain", "gpt-4o", "--tokens", "many"], "each a whole number"],
    [["remove", "nothing", ...workspace], "no such price list"],
  ])("refuses %j", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
  });
});
