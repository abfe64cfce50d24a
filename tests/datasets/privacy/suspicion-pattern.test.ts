import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import type { Engine } from "../../../datasets/engine/engine.js";
import { redact } from "../../../datasets/privacy/redact.js";
import { suspicionPattern } from "../../../datasets/privacy/suspicion-pattern.js";
import { readCorpus } from "../../../scripts/bench/bench-privacy-corpus.js";

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryLimit: "512MB" });
});
afterAll(() => engine.close());

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Which of the texts match in DuckDB, whose regular expressions are RE2's. */
async function suspicious(texts: readonly string[]): Promise<boolean[]> {
  const values = texts.map((text, i) => `(${i}, ${literal(text)})`).join(", ");
  const rows = await engine.rows<{ m: boolean }>(
    `SELECT regexp_matches(text, ${literal(suspicionPattern)}) AS m FROM (VALUES ${values}) AS t(i, text) ORDER BY i`,
  );
  return rows.map(({ m }) => m);
}

const corpus = [...readCorpus("development"), ...readCorpus("held-out")].map(({ text }) => text);

describe("suspicionPattern", () => {
  test("matches every text of the corpus that redact changes", async () => {
    const found = await suspicious(corpus);
    const missed = corpus.filter((text, i) => !found[i] && redact(text, "s").text !== text);
    expect(missed).toEqual([]);
  });

  test("matches every text that redact changes, however pieces of findings are mixed", async () => {
    const pieces = [...corpus, " ", "\n", "\\n", '"', ":", "4", "é", "😀", "(", "-", "+", "@", "."];
    const mutated = fc
      .tuple(
        fc.constantFrom(...corpus),
        fc.nat(),
        fc.nat(40),
        fc.constantFrom("", " ", "\\n", "-", "é", "1", "x", "\u00a0"),
      )
      .map(([text, at, length, patch]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + patch + text.slice(start + length);
      });
    const mixed = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(mutated, mixed), { minLength: 100, maxLength: 100 }),
        async (texts) => {
          const clean = texts.map((text) => text.toWellFormed().replaceAll("\0", ""));
          const found = await suspicious(clean);
          expect(clean.filter((text, i) => !found[i] && redact(text, "s").text !== text)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    "The committee met on a rainy afternoon and kept 3 of 12 proposals; the rest, it said, need work before 2025.",
    "In 2019 about 1,250 people came, 3.5 % more than in 2018, at 10:30 in the morning.",
    "def f(x): return x ** 2 + 1.5  # see https://example.org/a/b?c=1",
    "Return the result as JSON with the keys name, price and token_count.",
    "Which of the following is true? A. 12 B. 144 C. 1728 D. 20736",
    "2024-01-31 12:30:00 INFO started in 0.123456789 s",
  ])("does not suspect %s", async (text) => {
    expect(await suspicious([text])).toEqual([false]);
  });
});
