import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import { canonicalSource } from "../../datasets/sources/canonical.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { canonicalKinds } from "../../pipelines/ingest/bulk/canonical-fields.js";
import { contentRules } from "../../pipelines/ingest/content-rules.js";
import { KnownIds } from "../../pipelines/ingest/known-ids.js";
import { readFile } from "../../pipelines/ingest/read-file.js";
import { sqlList } from "../../pipelines/ingest/sql-text.js";
import { Staging } from "../../pipelines/ingest/staging.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-bulk-"));
const { salt } = openOrCreateWorkspace(join(root, "ws"));
let files = 0;
afterAll(() => rmSync(root, { recursive: true }));

const plain = {
  id: "r1",
  timestamp: "2025-06-01T10:00:00.123456Z",
  model: "gpt-4o-mini",
  provider: "openai",
  app: "desk",
  user_id: 4711,
  session_id: "s1",
  system_prompt: "You help.",
  prompt: 'Say "hé" 😀\n\tand \\ go',
  response: "done ✓",
  input_tokens: 100,
  output_tokens: 20,
  cached_tokens: 40,
  latency_ms: 812.5,
  cost_usd: 0.00042,
  status: "ok",
  finish_reason: "stop",
  stream: true,
};
const line = (fields: object) => JSON.stringify({ ...plain, ...fields });

describe("bulk reading gives what JavaScript gives", () => {
  for (const mode of Object.values(ContentMode)) {
    test(`for generated lines, hostile ones among them, content ${mode}`, async () => {
      for (const seed of [1, 2, Date.now() % 1_000_000]) {
        // The first line says that the file is JSONL.
        const lines = [Buffer.from(line({})), ...fc.sample(hostileLine, { numRuns: 300, seed })];
        const path = write(Buffer.concat(lines.flatMap((text) => [text, Buffer.from("\n")])));
        const { bulk, javascript } = await readTwice(path, mode);
        expect(bulk.rows.map(withoutEstimates), `seed ${seed}`).toEqual(
          javascript.rows.map(withoutEstimates),
        );
        expect(bulk.rejected, `seed ${seed}`).toEqual(javascript.rejected);
        expect(bulk.read).toEqual(javascript.read);
        expect(bulk.claimed).toBeGreaterThan(30);
      }
    });
  }
});

describe("bulk reading", () => {
  test("claims plain lines of every way to write them", async () => {
    const lines = [
      line({}),
      line({ timestamp: 1748772000, id: "r2" }),
      line({ timestamp: 1748772000123, id: 17 }),
      line({ timestamp: "2025-06-01 12:00:00+02:00", id: "r3" }),
      line({ id: undefined }),
      line({ prompt: undefined, system_prompt: undefined, id: "r4" }),
      line({ cached_tokens: null, provider: null, status: undefined, id: "r5" }),
      line({ model: "claude-sonnet-4-20250514", provider: "anthropic", id: "r6" }),
      line({ model: "nobody-knows", id: "r7", extra: { deep: [1, "}"] } }),
      line({ cache_status: "hit", id: "r8" }),
      `${line({ id: "r9" })}\r`,
    ];
    const { bulk, javascript } = await readTwice(write(lines.join("\n")), "redacted");
    expect(bulk.rows).toEqual(javascript.rows);
    // The last line has no line feed.
    expect(bulk.claimed).toBe(lines.length - 1);
  });

  test.each([
    ["a key that comes twice", `{"model":"gpt-4o",${line({}).slice(1)}`],
    ["a trailing comma", `${line({}).slice(0, -1)},}`],
    ["a key with an escape", line({}).replace('"model"', '"mod\\u0065l"')],
    ["a value that is no JSON", line({ other: 1 }).replace('"other":1', '"other":nan')],
    ["two records", `${line({})}${line({})}`],
    ["an object for a text", line({ prompt: [{ role: "user", content: "x" }] })],
    ["a conversation in a text", line({ prompt: '[{"role":"user","content":"x"}]' })],
    ["a number as text", line({ input_tokens: "100" })],
    ["half a token", line({ input_tokens: 100.5 })],
    ["more cache than input", line({ cached_tokens: 101 })],
    ["no tokens", line({ input_tokens: undefined, output_tokens: undefined })],
    ["a day that isn't", line({ timestamp: "2025-02-30T10:00:00Z" })],
    ["an unclear time", line({ timestamp: "1 June 2025" })],
    ["a failure", line({ status: "error" })],
    ["a mailbox in the prompt", line({ prompt: "write to jane.roe@example.org" })],
    ["a mailbox in a label", line({ app: "jane.roe@example.org" })],
    ["a control character", line({ prompt: "a\u0000b" })],
    ["a latency that isn't", line({ latency_ms: -1 })],
    ["tools", line({ tools: [{ name: "look" }] })],
    ["bytes that are no UTF-8", Buffer.from(line({ prompt: "x\u0080y" }), "latin1")],
  ])("leaves %s to JavaScript", async (_, odd) => {
    const path = write(Buffer.concat([Buffer.from(odd), Buffer.from(`\n${line({ id: "r2" })}\n`)]));
    const { bulk, javascript } = await readTwice(path, "redacted");
    expect(bulk.claimed).toBe(1);
    expect(bulk.rows).toEqual(javascript.rows);
    expect(bulk.rejected).toEqual(javascript.rejected);
  });
});

test.each([
  [
    "request log",
    100,
    "id AS request_id, sent AS created_at, 'gpt-4o-mini' AS model_served, n AS input_total_tokens, 5 AS output_total_tokens, cached AS input_cache_read_tokens, prompt AS user_text, history AS history_json, 0.5::DOUBLE AS temperature",
  ],
  [
    "everyday names and a type that is left to JavaScript",
    0,
    "id, sent AS timestamp, 'claude-sonnet-4-20250514' AS model, n::DOUBLE AS prompt_tokens, 5::SMALLINT AS completion_tokens, cached::INTEGER AS cached_tokens, prompt, 12.5::FLOAT AS latency_ms, n AS user_id, n % 2 = 0 AS stream",
  ],
  [
    "epoch times, an object and a decimal",
    0,
    "id, epoch_ms(sent) AS ts, 'gpt-4o' AS model, n AS input_tokens, 5 AS output_tokens, {'a': 1} AS request, 1.25::DECIMAL(9, 4) AS cost, prompt AS input, 200 AS http_status",
  ],
])("bulk reading of Parquet with %s gives what JavaScript gives", async (_, leastClaimed, columns) => {
  const path = join(root, `${++files}.parquet`);
  const engine = await openDuckDb();
  await engine.run(
    `COPY (
       SELECT ${columns} FROM (
         SELECT concat('r', i) AS id, TIMESTAMP '2025-06-01' + INTERVAL (i) HOUR AS sent, CASE WHEN i % 11 = 0 THEN NULL ELSE 10 * i END AS n,
           CASE WHEN i % 7 = 0 THEN 10000 ELSE i END AS cached, CASE WHEN i % 5 = 0 THEN 'jane.roe@example.org' ELSE concat('Ask ', i) END AS prompt,
           CASE WHEN i % 13 = 0 THEN '[{"role":"user","content":"x"}]' END AS history
         FROM range(1, 301) t(i)
       )
     ) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 100)`,
  );
  engine.close();
  const { bulk, javascript } = await readTwice(path, "redacted");
  expect(bulk.rows.map(withoutEstimates)).toEqual(javascript.rows.map(withoutEstimates));
  expect(bulk.rejected).toEqual(javascript.rejected);
  expect(bulk.read).toEqual(javascript.read);
  expect(bulk.claimed).toBeGreaterThanOrEqual(leastClaimed);
});

test("keeps the rows of several files apart", async () => {
  const paths = ["a", "b", "c"].map((name) => write(`${line({ id: name })}\n${line({ id: `${name}2` })}\n`));
  const { rows, claimed } = await read(paths, "full", 0);
  expect(claimed).toBe(6);
  expect(rows.map(({ request_id: id }) => id).sort()).toEqual(["a", "a2", "b", "b2", "c", "c2"]);
});

interface Reading {
  read: unknown;
  rows: Record<string, unknown>[];
  rejected: unknown[];
  claimed: number;
}

async function readTwice(path: string, mode: ContentMode): Promise<{ bulk: Reading; javascript: Reading }> {
  return {
    bulk: await read([path], mode, 0),
    javascript: await read([path], mode, Number.POSITIVE_INFINITY),
  };
}

async function read(paths: readonly string[], mode: ContentMode, minBytes: number): Promise<Reading> {
  const workspace = { path: join(root, `ws-${++files}`), salt };
  const staging = await Staging.open(workspace);
  const counts: unknown[] = [];
  try {
    for (const path of paths) {
      staging.beginFile(path);
      const context = {
        workspace,
        staging,
        knownIds: new KnownIds(),
        rules: contentRules(mode, workspace),
        prices: openPriceBook(),
        source: canonicalSource,
        now: new Date("2026-01-01"),
        onProgress: () => {},
        bulk: { minBytes, learnedLines: 0 },
      };
      counts.push(await readFile(path, context));
    }
    await staging.flush();
    const rowsOf = async (parts: readonly string[]) =>
      parts.length === 0
        ? []
        : await staging.engine.rows<Record<string, unknown>>(
            `SELECT * REPLACE (round(cost_list_usd, 12) AS cost_list_usd) FROM read_parquet(${sqlList(parts)}) ORDER BY source_line`,
          );
    return {
      read: counts,
      rows: await rowsOf(staging.parts),
      rejected: await staging.engine.rows("SELECT * FROM rejected ORDER BY source_line, detail"),
      claimed: (await rowsOf(staging.parts.filter((part) => basename(part).startsWith("bulk-")))).length,
    };
  } finally {
    staging.close();
  }
}

/** Estimates learn from the rows that JavaScript saw, which are fewer in bulk reading. */
function withoutEstimates(row: Record<string, unknown>): Record<string, unknown> {
  if (row.tokens_source === "logged" || row.tokens_source === "missing") return row;
  const estimated = /_tokens$|^tokens_error_share$|^cost_list_usd$/;
  return Object.fromEntries(Object.entries(row).filter(([name]) => !estimated.test(name)));
}

function write(content: string | Buffer): string {
  const path = join(root, `${++files}.jsonl`);
  writeFileSync(path, content);
  return path;
}

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    " ",
    "12",
    "-1",
    "1e3",
    "0x10",
    "true",
    -1,
    0,
    1.5,
    1e9,
    1e10,
    1e20,
    true,
    false,
    {},
    [],
  ),
  fc.constantFrom<unknown>(
    "ok",
    "OK",
    "hit",
    "Semantic Hit",
    "success",
    "error",
    200,
    429,
    "200",
    "xai",
    "azure",
    "batch",
    "flex",
  ),
  fc.constantFrom<unknown>(
    "jane@example.org",
    "+49 30 1234567",
    "sk-proj-abcdefgh12345678",
    "4111 1111 1111 1111",
    "Dear Anna",
  ),
  fc.constantFrom<unknown>(
    "2025-06-01",
    "2025-06-01T10:00:00",
    1748772000000,
    "1748772000.5",
    "2031-01-01T00:00:00Z",
    "12345678901234567",
  ),
  fc.constantFrom<unknown>(
    "a\u0000b",
    "\u001f",
    "\ud800",
    "é😀\u2028",
    '[{"role":"user"}]',
    "data:a/b;base64,AAAA",
    "12345678901234567890",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.integer({ min: 0, max: 1000 }),
);

const record = fc
  .tuple(
    fc.nat(1e9),
    fc.dictionary(fc.constantFrom(...canonicalKinds().keys(), "unknown", "latency_s"), oddValue, {
      maxKeys: 3,
    }),
    fc.subarray(Object.keys(plain), { maxLength: 4 }),
  )
  .map(([id, odd, left]) => {
    const kept = Object.entries(plain).filter(([key]) => !left.includes(key));
    return JSON.stringify({ ...Object.fromEntries(kept), id: `r${id}`, ...odd }, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
  });

const hostileLine = fc.oneof(
  { weight: 8, arbitrary: record.map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        record,
        fc.constantFrom(",}", "}", "} x", "\r", ""),
        fc.constantFrom("{", " {", "\ufeff{", '{"id":"x",', "[{"),
      )
      .map(([text, end, start]) => Buffer.from(start + text.slice(1, -1) + end)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(record, fc.nat(200)).map(([text, cut]) => Buffer.from(text).subarray(0, -cut)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "null", "[]", "{}", "nonsense").map((text) => Buffer.from(text)),
  },
);
