import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import type { RequestRow } from "../../datasets/request-log.js";
import type { IngestResult } from "../../datasets/results.js";
import { openOrCreateWorkspace, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { readTable } from "../support/read-table.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-hostile-"));
let workspace: Workspace;
let logs: string;
let run = 0;

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  workspace = openOrCreateWorkspace(join(root, `ws${run}`));
  logs = join(root, `logs${run++}`);
  mkdirSync(logs);
});

/** A canonical row as a line. */
function line(id: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    request_id: id,
    created_at: "2026-01-05T12:00:00Z",
    model: "gpt-4o-mini",
    provider: "openai",
    input_uncached_tokens: 100,
    output_text_tokens: 20,
    status: "ok",
    ...fields,
  });
}

const lines = (count: number, prefix = "r"): string =>
  Array.from({ length: count }, (_, i) => `${line(`${prefix}${i}`)}\n`).join("");

/** Write and ingest one file; read = accepted + quarantined + duplicates + skipped is asserted for every test. */
async function take(name: string, content: string | Buffer): Promise<IngestResult> {
  writeFileSync(join(logs, name), content);
  return ingestAll();
}

async function ingestAll(): Promise<IngestResult> {
  const result = await ingest(workspace, [logs], { now: new Date("2026-02-01T00:00:00Z") });
  for (const file of result.files)
    expect(file.read, file.path).toBe(file.accepted + file.quarantined + file.duplicates + file.skipped);
  return result;
}

const accepted = async (): Promise<string[]> =>
  (await readTable<RequestRow>(workspace, "SELECT request_id FROM requests ORDER BY request_id")).map(
    ({ request_id }) => request_id,
  );
const reasons = async (): Promise<string[]> =>
  (
    await readTable<QuarantineRow>(
      workspace,
      "SELECT reason FROM quarantine ORDER BY source_file, source_line",
    )
  ).map(({ reason }) => reason);

describe("damaged and hostile files", () => {
  const cut = (bytes: Buffer, share: number): Buffer => bytes.subarray(0, Math.floor(bytes.length * share));

  test("a cut gzip keeps the rows before the cut and says so", async () => {
    await take("a.jsonl.gz", cut(gzipSync(lines(2000)), 0.6));
    expect((await accepted()).length).toBeGreaterThan(100);
    expect(await reasons()).toContain("truncated_tail");
  });

  test.each([0.4, 0.9, 0.999])(
    "a zstd file cut at %d of its length says so, wherever its lines end",
    async (share) => {
      const path = join(logs, "a.jsonl.zst");
      const engine = await openDuckDb({ threads: 1 });
      writeFileSync(join(root, "plain.jsonl"), lines(5000));
      await engine.run(
        `COPY (SELECT line FROM read_csv('${join(root, "plain.jsonl")}', columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, delim = E'\\x01', quote = '', escape = ''))
       TO '${path}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01', COMPRESSION zstd)`,
      );
      engine.close();
      await ingestAll();
      const whole = (await accepted()).length;
      expect([whole, await reasons()]).toEqual([5000, []]);
      truncateSync(path, Math.floor(readFileSync(path).length * share));
      workspace = openOrCreateWorkspace(join(root, `ws${run++}`));
      await ingestAll();
      expect((await accepted()).length).toBeLessThan(whole);
      expect(await reasons()).toContain("truncated_tail");
    },
  );

  test("NUL bytes, a byte order mark and CRLF do not cost a row", async () => {
    const nul = line("nul", { app: "a\u0000b" });
    await take("a.jsonl", `\ufeff${line("bom")}\r\n${nul}\r\n\r\n${line("last")}`);
    expect(await accepted()).toEqual(["bom", "last", "nul"]);
  });

  test("a block of NUL bytes, as a crash leaves it, is one bad line", async () => {
    await take(
      "a.jsonl",
      Buffer.concat([Buffer.from(lines(2)), Buffer.alloc(8192), Buffer.from(`\n${line("after")}\n`)]),
    );
    expect(await accepted()).toEqual(["after", "r0", "r1"]);
    expect(await reasons()).toEqual(["json_syntax"]);
  });

  test("a line of 80 MB is put aside, and the rest of the file is read", async () => {
    const path = join(logs, "a.jsonl");
    const file = openSync(path, "w");
    writeSync(file, `${line("before")}\n{"request_id":"huge","user_text":"`);
    const megabyte = Buffer.alloc(1_000_000, "x");
    for (let i = 0; i < 80; i++) writeSync(file, megabyte);
    writeSync(file, `"}\n${line("after")}\n`);
    closeSync(file);
    await ingestAll();
    expect(await accepted()).toEqual(["after", "before"]);
    expect(await reasons()).toEqual(["oversized_line"]);
  }, 60_000);

  test("a JSON array is read element by element", async () => {
    await take("a.json", `[${lines(500).trim().replaceAll("\n", ",\n")}]`);
    expect(await accepted()).toHaveLength(500);
  });

  test("a JSON array that is cut keeps its whole elements", async () => {
    const text = `[${lines(50).trim().replaceAll("\n", ",\n")}]`;
    await take("a.json", text.slice(0, -100));
    expect(await accepted()).toHaveLength(49);
    expect(await reasons()).toEqual(["truncated_tail"]);
  });

  test("one folder may hold several formats", async () => {
    writeFileSync(join(logs, "a.jsonl"), lines(3));
    writeFileSync(
      join(logs, "b.csv"),
      "request_id,created_at,model,provider,input_uncached_tokens,output_text_tokens,status\nc1,2026-01-05T12:00:00Z,gpt-4o-mini,openai,5,6,ok\n",
    );
    writeFileSync(join(logs, "c.jsonl"), '{"hello":"world"}\n');
    await ingestAll();
    expect(await accepted()).toEqual(["c1", "r0", "r1", "r2"]);
    expect(await reasons()).toEqual(["unknown_schema"]);
  });

  test("an empty archive, an empty array and a lone line break hold nothing", async () => {
    writeFileSync(join(logs, "a.jsonl.gz"), gzipSync(""));
    writeFileSync(join(logs, "b.json"), "[]");
    writeFileSync(join(logs, "c.jsonl"), "\n");
    const result = await ingestAll();
    expect(result.files.map(({ accepted: rows }) => rows)).toEqual([0, 0, 0]);
    expect(await accepted()).toEqual([]);
  });

  test.each([
    ["a.zip", Buffer.from("PK\u0003\u0004rest of an archive"), /unzip/],
    ["a.db", Buffer.from("SQLite format 3\u0000rest of a database"), /export the table/],
    ["a.jsonl.xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]), /unxz/],
    ["a.parquet", Buffer.from("PAR1 and no footer"), /./],
  ])("%s is refused with advice, not guessed at", async (name, bytes, advice) => {
    await take(name, bytes);
    const [row] = await readTable<QuarantineRow>(workspace, "SELECT reason, detail FROM quarantine");
    expect(row).toMatchObject({ reason: "unreadable_file" });
    expect(row!.detail).toMatch(advice);
  });

  test("a file that grows between two runs gives its new rows once", async () => {
    const path = join(logs, "a.jsonl");
    await take("a.jsonl", lines(10) + line("half").slice(0, 40));
    expect(await accepted()).toHaveLength(10);
    appendFileSync(path, `${line("half").slice(40)}\n${line("new")}\n`);
    await ingestAll();
    expect(await accepted()).toHaveLength(12);
  });

  test("a file that is gone when its turn comes is told of, and the others are read", async () => {
    const gone = join(logs, "b.jsonl");
    for (const name of ["a", "b", "c"]) writeFileSync(join(logs, `${name}.jsonl`), lines(3, name));
    let isRemoved = false;
    const attempt = ingest(workspace, [logs], {
      onProgress: () => {
        if (!isRemoved) rmSync(gone);
        isRemoved = true;
      },
    });
    const outcome = await attempt.then(
      (result) => result.files.map(({ path }) => path).join(),
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/b\.jsonl/);
    await ingestAll();
    expect(await accepted()).toEqual(["a0", "a1", "a2", "c0", "c1", "c2"]);
  });
});

describe("hostile values", () => {
  test.each([
    ["a negative count", { input_uncached_tokens: -5 }, "negative_tokens"],
    ["a time in the future", { created_at: "2031-01-01T00:00:00Z" }, "future_time"],
    ["a time that is none", { created_at: "yesterday" }, "missing_time"],
  ])("%s is put aside", async (_, fields, reason) => {
    await take("a.jsonl", `${line("good")}\n${line("bad", fields)}\n`);
    expect(await accepted()).toEqual(["good"]);
    expect(await reasons()).toEqual([reason]);
  });

  test("a billion tokens are a number like any other", async () => {
    await take("a.jsonl", `${line("big", { input_uncached_tokens: 1e9 })}\n`);
    const [row] = await readTable<RequestRow>(workspace, "SELECT * FROM requests");
    expect(row).toMatchObject({ input_total_tokens: 1e9 });
    expect(Number.isFinite(row!.cost_list_usd)).toBe(true);
  });

  test.each(["NaN", "Infinity"])("a count of %s, as Python writes it, costs no row", async (number) => {
    await take("a.jsonl", `${line("odd", { input_uncached_tokens: "X" }).replace('"X"', number)}\n`);
    expect(await accepted()).toEqual(["odd"]);
  });

  test.each(["1e400", "9007199254740993000000"])("a count of %s never reaches a row", async (number) => {
    await take(
      "a.jsonl",
      `${line("good")}\n${line("bad", { input_uncached_tokens: "X" }).replace('"X"', number)}\n`,
    );
    expect(await accepted()).toEqual(["good"]);
    expect(await reasons()).toHaveLength(1);
  });

  test("of a key that stands twice the last one counts, as in every JSON reader", async () => {
    await take("a.jsonl", `${line("twice").replace("{", '{"model":"first",')}\n`);
    const [row] = await readTable<RequestRow>(workspace, "SELECT model FROM requests");
    expect(row).toEqual({ model: "gpt-4o-mini" });
  });

  test("a record nested a hundred thousand deep is put aside alone", async () => {
    const deep = `{"request_id":"deep","created_at":"2026-01-05T12:00:00Z","model":"m","messages":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    await take("a.jsonl", `${line("before")}\n${deep}\n${line("after")}\n`);
    expect((await accepted()).filter((id) => id !== "deep")).toEqual(["after", "before"]);
  });

  test("rows out of order are rows", async () => {
    const days = [5, 1, 9, 3].map((day) => line(`d${day}`, { created_at: `2026-01-0${day}T00:00:00Z` }));
    await take("a.jsonl", `${days.join("\n")}\n`);
    expect(await accepted()).toEqual(["d1", "d3", "d5", "d9"]);
  });

  test("keys of prototypes are keys like any other", async () => {
    await take(
      "a.jsonl",
      `${line("proto").replace("{", '{"__proto__":{"model":"x"},"constructor":1,"toString":2,')}\n`,
    );
    expect(await accepted()).toEqual(["proto"]);
  });
});
