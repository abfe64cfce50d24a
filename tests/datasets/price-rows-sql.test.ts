import fc from "fast-check";
import { expect, test } from "vitest";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { type RateRow, rateRows } from "../../datasets/prices/rate-rows.js";

const book = openPriceBook();
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) * 1000;
const models = [
  ["gemini-2.5-pro", "google"],
  ["deepseek-chat", "deepseek"],
  ["o3", "openai"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws"],
  ["sonar", "perplexity"],
] as const;

test("a join with the cards' rows prices what the book prices, whatever the day and the size", async () => {
  const from = at("2025-01-01");
  const until = at("2025-12-01");
  const rates = models.flatMap(([model, provider]) =>
    book
      .rateCards({ model, provider, createdAt: from }, until)
      .flatMap((card) => ("reason" in card ? [] : rateRows(card).map((row) => ({ ...row, model })))),
  );
  const requests = fc.sample(
    fc.record({
      name: fc.constantFrom(...models),
      createdAt: fc.integer({ min: from / 1e6, max: until / 1e6 - 1 }).map((second) => second * 1e6),
      counts: fc.tuple(
        fc.nat(300_000),
        fc.nat(100_000),
        fc.nat(9000),
        fc.nat(9000),
        fc.nat(9000),
        fc.nat(9000),
      ),
    }),
    { numRuns: 300, seed: 7 },
  );
  const engine = await openDuckDb();
  const value = (cell: string | number | null) =>
    typeof cell === "string" ? `'${cell}'` : `${cell}::DOUBLE`;
  const columns = Object.keys(rates[0]!) as Array<keyof RateRow | "model">;
  await engine.run(
    `CREATE TABLE rates AS SELECT * FROM (VALUES ${rates.map((row) => `(${columns.map((name) => value(row[name])).join()})`).join()}) AS t(${columns.join()})`,
  );
  await engine.run(
    `CREATE TABLE requests AS SELECT * FROM (VALUES ${requests.map(({ name, createdAt, counts }, i) => `(${[i, value(name[0]), createdAt, ...counts].join()})`).join()}) AS t(i, model, sent, uncached, read, write_5m, write_1h, text, reasoning)`,
  );
  const priced = await engine.rows<{ i: number; usd: number }>(`
    SELECT i, per_request_usd + (uncached * input_usd_per_mtok + read * cache_read_usd_per_mtok
      + write_5m * cache_write_5m_usd_per_mtok + write_1h * cache_write_1h_usd_per_mtok
      + text * output_usd_per_mtok + reasoning * reasoning_usd_per_mtok)::DOUBLE / 1e6 AS usd
    FROM requests JOIN rates ON requests.model = rates.model
      AND sent >= coalesce(valid_from, sent) AND sent < coalesce(valid_to, sent + 1)
      AND uncached + read + write_5m + write_1h BETWEEN min_input_tokens
      AND coalesce(max_input_tokens, 1e15)
    ORDER BY i`);
  engine.close();
  expect(priced.length).toBe(requests.length);
  for (const [i, { name, createdAt, counts }] of requests.entries()) {
    const [inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, outputText, outputReasoning] =
      counts;
    const usage = {
      inputUncached,
      inputCacheRead,
      inputCacheWrite5m,
      inputCacheWrite1h,
      outputText,
      outputReasoning,
    };
    const media = { inputAudio: null, inputImage: null, outputAudio: null };
    const { usd } = book.price({
      model: name[0],
      provider: name[1],
      createdAt,
      usage: { ...usage, ...media },
    });
    expect(Math.abs(Number(priced[i]!.usd) - usd!), name[0]).toBeLessThan(1e-12 * Math.max(1, usd!));
  }
});
