import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import type { ReadRecord } from "../../../datasets/reader/read-record.js";
import { readRecords } from "../../../datasets/reader/read-records.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-reader-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Read a file of the given bytes; its name says nothing about its content. */
async function read(content: string | Uint8Array, maxLineBytes?: number): Promise<ReadRecord[]> {
  const path = join(folder, "input.bin");
  writeFileSync(path, content);
  return readPath(path, maxLineBytes);
}

async function readPath(path: string, maxLineBytes?: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  for await (const batch of readRecords(path, { maxLineBytes })) records.push(...batch);
  return records;
}

/** A record in short: its line with the value or the reason. */
function brief(records: ReadRecord[]): unknown[] {
  return records.map(({ line, value, problem }) => [line, problem ? problem.reason : value]);
}

const a = { id: "a" };
const b = { id: "b" };

describe("readRecords", () => {
  const cases: Array<[string, string | Uint8Array, unknown[]]> = [
    [
      "JSONL",
      '{"id":"a"}\n{"id":"b"}\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    ["an empty file", "", []],
    ["white space alone", " \n\r\n\t\n", []],
    [
      "a last line without its newline",
      '{"id":"a"}\n{"id":"b"}',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "blank lines, which count for line numbers only",
      '\n{"id":"a"}\n  \n{"id":"b"}\n',
      [
        [2, a],
        [4, b],
      ],
    ],
    [
      "CRLF",
      '{"id":"a"}\r\n{"id":"b"}\r\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "a byte order mark",
      '\ufeff{"id":"a"}\n{"id":"b"}\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "a byte order mark in the middle, from joined files",
      '{"id":"a"}\n\ufeff{"id":"b"}\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "UTF-16, PowerShell's habit",
      Buffer.from('\ufeff{"id":"a"}\r\n{"id":"b"}\r\n', "utf16le"),
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "a broken line in the middle",
      '{"id":"a"}\n{"id":\n{"id":"b"}\n',
      [
        [1, a],
        [2, "json_syntax"],
        [3, b],
      ],
    ],
    [
      "a broken first line",
      'starting up\n{"id":"a"}\n',
      [
        [1, "json_syntax"],
        [2, a],
      ],
    ],
    [
      "a cut last line",
      '{"id":"a"}\n{"id":"b',
      [
        [1, a],
        [2, "truncated_tail"],
      ],
    ],
    [
      "zero bytes before a record",
      '{"id":"a"}\n\0\0\0{"id":"b"}\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "a line of zero bytes",
      '{"id":"a"}\n\0\0\0\n{"id":"b"}\n',
      [
        [1, a],
        [2, "json_syntax"],
        [3, b],
      ],
    ],
    ["Python's NaN", '{"id":"a","t":NaN,"s":"NaN"}\n', [[1, { id: "a", t: null, s: "NaN" }]]],
    [
      "integers that a double can't hold",
      '{"id":12345678901234567890}\n',
      [[1, { id: "12345678901234567890" }]],
    ],
    [
      "invalid UTF-8",
      Buffer.from([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d, 0x0a]),
      [[1, { id: "\ufffd" }]],
    ],
    [
      "a JSON array",
      '[{"id":"a"},{"id":"b"}]',
      [
        [1, a],
        [1, b],
      ],
    ],
    [
      "a pretty JSON array",
      '[\n  {\n    "id": "a"\n  },\n  {\n    "id": "b"\n  }\n]\n',
      [
        [2, a],
        [5, b],
      ],
    ],
    ["an empty array", "[]", []],
    [
      "an array that was cut between elements",
      '[{"id":"a"},\n',
      [
        [1, a],
        [2, "truncated_tail"],
      ],
    ],
    [
      "an array that was cut inside an element",
      '[{"id":"a"},\n{"id":"b',
      [
        [1, a],
        [2, "truncated_tail"],
      ],
    ],
    [
      "scalars in an array",
      '[1, "x", null, true]',
      [
        [1, 1],
        [1, "x"],
        [1, null],
        [1, true],
      ],
    ],
    [
      "a broken element of a pretty array",
      '[\n  {\n    "id": "bad\n  },\n  {\n    "id": "b"\n  }\n]\n',
      [
        [2, "json_syntax"],
        [5, b],
      ],
    ],
    ["one pretty object", '{\n  "id": "a"\n}\n', [[1, a]]],
    [
      "objects without newlines between them",
      '{"id":"a"}{"id":"b"} {"id":"a"}',
      [
        [1, a],
        [1, b],
        [1, a],
      ],
    ],
    [
      "JSONL of arrays",
      '[{"id":"a"}]\n[{"id":"b"}]\n',
      [
        [1, a],
        [2, b],
      ],
    ],
    [
      "CSV",
      "id,model\na,gpt\nb,\n",
      [
        [2, { id: "a", model: "gpt" }],
        [3, { id: "b", model: null }],
      ],
    ],
    [
      "CSV with quotes, newlines and CRLF",
      'id,"model"\r\n"a,""1""\nx",""\r\nb,m',
      [
        [2, { id: 'a,"1"\nx', model: "" }],
        [4, { id: "b", model: "m" }],
      ],
    ],
    ["TSV", "id\tmodel\na\tgpt\n", [[2, { id: "a", model: "gpt" }]]],
    [
      "CSV rows that don't fit the header",
      "id,model\na\nb,m\nc,m,x\n",
      [
        [2, "csv_syntax"],
        [3, { id: "b", model: "m" }],
        [4, "csv_syntax"],
      ],
    ],
    [
      "a CSV quote that never closes",
      'id,model\n"a,m\nb,m\n',
      [
        [2, "csv_syntax"],
        [3, { id: "b", model: "m" }],
      ],
    ],
    [
      "plain text",
      "one\ntwo three\n",
      [
        [1, "json_syntax"],
        [2, "json_syntax"],
      ],
    ],
    ["a zip file", Buffer.from("PK\u0003\u0004rest"), [[1, "unreadable_file"]]],
    ["a file that only claims to be Parquet", Buffer.from("PAR1 and nothing"), [[1, "unreadable_file"]]],
  ];
  test.each(cases)("reads %s", async (_, content, expected) => {
    expect(brief(await read(content))).toEqual(expected);
  });

  test.each(cases.filter(([name]) => !/zip|Parquet/.test(name)))(
    "reads %s from gzip too",
    async (_, content, expected) => {
      expect(brief(await read(gzipSync(content)))).toEqual(expected);
    },
  );

  test("reads gzip of several members and zero padding", async () => {
    const file = Buffer.concat([gzipSync('{"id":"a"}\n'), gzipSync('{"id":"b"}\n'), Buffer.alloc(600)]);
    expect(brief(await read(file))).toEqual([
      [1, a],
      [2, b],
    ]);
  });

  test("keeps the rows before the cut of a gzip file and reports the cut", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `{"id":${i},"x":"${Math.sin(i)}"}\n`).join("");
    const file = gzipSync(lines);
    const records = await read(file.subarray(0, Math.floor(file.length / 2)));
    expect(records.length).toBeGreaterThan(1500);
    expect(records.slice(0, -1).every((record, i) => (record.value as { id: number }).id === i)).toBe(true);
    expect(records.at(-1)?.problem?.reason).toBe("truncated_tail");
  });

  test("reports bytes behind the last gzip member", async () => {
    const records = await read(Buffer.concat([gzipSync('{"id":"a"}\n'), Buffer.from('{"id":"b"}\n')]));
    expect(brief(records)).toEqual([
      [1, a],
      [2, "unreadable_file"],
    ]);
  });

  test("reports a wrong gzip checksum", async () => {
    const file = gzipSync('{"id":"a"}\n');
    file[file.length - 8]! ^= 1;
    expect(brief(await read(file))).toEqual([
      [1, a],
      [2, "unreadable_file"],
    ]);
  });

  test("reads zstd, every byte of it", async () => {
    const path = join(folder, "lines.zst");
    const engine = await openDuckDb();
    await engine.run(
      `COPY (SELECT unnest(['{"id":"é €\\u0000"}', '', '{"id":"b"}'])) TO '${path}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01', COMPRESSION zstd)`,
    );
    engine.close();
    expect(brief(await readPath(path))).toEqual([
      [1, { id: "é €\0" }],
      [3, b],
    ]);
    writeFileSync(path, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]));
    expect(brief(await readPath(path))).toEqual([[1, "unreadable_file"]]);
  });

  test("reads Parquet rows, timestamps as microseconds", async () => {
    const path = join(folder, "rows.dat");
    const engine = await openDuckDb();
    await engine.run(
      `COPY (SELECT 'a' AS id, TIMESTAMP '2026-01-02 03:04:05' AS t, NULL AS n) TO '${path}' (FORMAT parquet)`,
    );
    engine.close();
    expect(brief(await readPath(path))).toEqual([
      [1, { id: "a", t: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000, n: null }],
    ]);
  });

  test("reports a line over the limit without holding it, and reads on", async () => {
    const long = `{"id":"${"x".repeat(5000)}"}`;
    for (const content of [`{"id":"a"}\n${long}\n{"id":"b"}\n`, `[{"id":"a"},\n${long},\n{"id":"b"}]`]) {
      const records = await read(content, 1000);
      expect(brief(records)).toEqual([
        [1, a],
        [2, "oversized_line"],
        [3, b],
      ]);
      expect(records[1]!.raw.length).toBeLessThanOrEqual(1000);
    }
  });

  test("reports a file that isn't there", async () => {
    expect(brief(await readPath(join(folder, "absent")))).toEqual([[1, "unreadable_file"]]);
  });

  test("finds every value again, wherever the chunks are cut", async () => {
    const value = fc.dictionary(
      fc.string(),
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        fc.array(fc.string()),
      ),
      { minKeys: 1 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("\n", "\r\n", "\n\n"),
        async (values, newline) => {
          const texts = values.map((item) => JSON.stringify(item));
          const expected = texts.map((text) => JSON.parse(text));
          for (const content of [
            texts.join(newline),
            `[${texts.join(`,${newline}`)}]`,
            JSON.stringify(values, null, 2),
          ]) {
            expect((await read(content)).map((record) => record.value)).toEqual(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("never throws and never swallows a byte that isn't punctuation", async () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      ",",
      "\n",
      "a",
      "1",
      '{"k":1}',
      " ",
      "\0",
      "é",
      '"x"',
      ":",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("[", "{", '{"k":1}\n'),
        fc.array(piece, { maxLength: 40 }),
        async (start, pieces) => {
          const content = start + pieces.join("");
          const kept = (await read(content)).map((record) => record.raw).join("");
          for (const letter of ["a", "1", "é", "k"]) {
            expect(kept.split(letter).length).toBe(content.split(letter).length);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
