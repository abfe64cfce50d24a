import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import type { Engine } from "../../../datasets/engine/engine.js";
import { createTableSql, defineTable, type RowOf } from "../../../datasets/table.js";

const everyType = defineTable({
  name: "every_type",
  grain: "one row per case",
  columns: {
    id: { type: "BIGINT", required: true, about: "Order" },
    text: { type: "VARCHAR", about: "Text" },
    big: { type: "BIGINT", about: "Exact integer" },
    int: { type: "INTEGER", about: "32-bit integer" },
    real: { type: "DOUBLE", about: "Number" },
    flag: { type: "BOOLEAN", about: "Truth value" },
    moment: { type: "TIMESTAMP", about: "Microseconds since 1970" },
  },
});
type Row = RowOf<typeof everyType>;

const nulls: Row = { id: 0, text: null, big: null, int: null, real: null, flag: null, moment: null };
const rows: Row[] = [
  nulls,
  { id: 1, text: "plain", big: 1, int: -1, real: 0.1, flag: true, moment: 1_765_933_261_123_457 },
  { id: 2, text: "", big: Number.MAX_SAFE_INTEGER, int: 2 ** 31 - 1, real: 5e-324, flag: false, moment: 0 },
  {
    id: 3,
    text: "emoji 🚦, עברית, NUL \u0000, quote ' \" \\, line\r\nfeed",
    big: Number.MIN_SAFE_INTEGER,
    int: -(2 ** 31),
    real: 1.7976931348623157e308,
    flag: true,
    moment: -1,
  },
  { id: 4, text: "x".repeat(100_000), big: 0, int: 0, real: 0, flag: false, moment: 4_102_444_799_999_999 },
];

const folder = mkdtempSync(join(tmpdir(), "signalbox-engine-"));
const inOrder = 'SELECT * FROM "every_type" ORDER BY id';
let engine: Engine;

beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await engine
    .run('DROP VIEW IF EXISTS "every_type"')
    .catch(() => engine.run('DROP TABLE IF EXISTS "every_type"'));
  await engine.run(createTableSql(everyType));
});

describe("append", () => {
  test("gives back every type and null through rows", async () => {
    await engine.append("every_type", everyType, rows);
    expect(await engine.rows<Row>(inOrder)).toEqual(rows);
  });

  test("gives back the same rows through chunks, in order", async () => {
    const many = Array.from({ length: 5000 }, (_, id) => ({
      ...rows[id % rows.length]!,
      text: `row ${id}`,
      id,
    }));
    await engine.append("every_type", everyType, many);
    const read: Row[] = [];
    let chunks = 0;
    for await (const chunk of engine.chunks<Row>(inOrder)) {
      read.push(...chunk);
      chunks += 1;
    }
    expect(read).toEqual(many);
    expect(chunks).toBeGreaterThan(1);
  });

  test("gives back the same values through Arrow", async () => {
    await engine.append("every_type", everyType, rows);
    const table = await engine.arrow(inOrder);
    for (const name of Object.keys(everyType.columns) as Array<keyof Row>) {
      const column = table.getChild(name)!;
      expect(Array.from({ length: column.length }, (_, i) => column.get(i))).toEqual(
        rows.map((row) => row[name]),
      );
    }
  });

  test("keeps microseconds, nulls and text through Parquet", async () => {
    await engine.append("every_type", everyType, rows);
    const path = join(folder, "every_type.parquet");
    await engine.run(`COPY (${inOrder}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
    expect(await engine.rows<Row>("SELECT * FROM read_parquet($path) ORDER BY id", { path })).toEqual(rows);
  });

  test("keeps what any text, number and moment was", async () => {
    const row = fc.record({
      text: fc.option(fc.string({ unit: "grapheme" })),
      big: fc.option(fc.maxSafeInteger()),
      int: fc.option(fc.integer()),
      real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      flag: fc.option(fc.boolean()),
      moment: fc.option(fc.integer({ min: 946_684_800_000_000, max: 4_102_444_800_000_000 })),
    });
    await fc.assert(
      fc
        .asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (drawn) => {
          const given = drawn.map((values, id) => ({ id, ...values }));
          await engine.append("every_type", everyType, given);
          const read = await engine.rows<Row>(inOrder);
          expect(read).toEqual(given);
        })
        .afterEach(async () => engine.run('DELETE FROM "every_type"')),
      { numRuns: 100 },
    );
  });

  test("replaces a lone surrogate, which UTF-8 can't hold", async () => {
    await engine.append("every_type", everyType, [{ ...nulls, text: "a\ud800b" }]);
    expect((await engine.rows<Row>(inOrder))[0]!.text).toBe("a\ufffdb");
  });

  test("refuses a row without a required value", async () => {
    await expect(engine.append("every_type", everyType, [{ ...nulls, id: null }])).rejects.toThrow(
      "column id is required",
    );
  });

  test("takes no rows without complaint", async () => {
    await engine.append("every_type", everyType, []);
    expect(await engine.rows(inOrder)).toEqual([]);
  });
});

test("binds parameters of every kind", async () => {
  const parameters = {
    text: "a'b",
    whole: 7,
    real: 0.5,
    flag: true,
    none: null,
    big: 9_007_199_254_740_991n,
  };
  expect(
    await engine.rows(
      "SELECT $text AS text, $whole AS whole, $real AS real, $flag AS flag, $none AS none, $big AS big",
      parameters,
    ),
  ).toEqual([{ ...parameters, big: 9_007_199_254_740_991 }]);
});

test("never fetches an extension", async () => {
  await expect(engine.run("LOAD httpfs")).rejects.toThrow(/httpfs/);
});
