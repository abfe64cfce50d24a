import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { detectFile } from "../../../datasets/sources/detect-file.js";
import { sources } from "../../../datasets/sources/index.js";
import { readMapping } from "../../../datasets/sources/mapping/read-mapping.js";
import { createCli } from "../../../scripts/create-cli.js";
import { writeLines } from "../../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-detect-"));
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

const run = async (...words: string[]) => {
  await createCli(["sources", ...words], 110).parseAsync();
  return printed;
};

const spend = (id: string, fields: object = {}) => ({
  request_id: id,
  call_type: "acompletion",
  spend: 0.002,
  prompt_tokens: 100,
  completion_tokens: 20,
  startTime: "2026-01-05 12:00:00",
  endTime: "2026-01-05 12:00:01",
  model: "gpt-4o-mini",
  custom_llm_provider: "openai",
  end_user: "jane",
  messages: [{ role: "user", content: "Write to jane@example.org" }],
  ...fields,
});

describe("detectFile", () => {
  test("says what the file is, how its records voted and what is in them", async () => {
    const path = join(root, "spend.jsonl.gz");
    const lines = [
      spend("a"),
      spend("b", { call_type: "aimage_generation" }),
      spend("c", { startTime: null }),
    ];
    writeFileSync(path, gzipSync(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"cut`));
    const found = await detectFile(path);
    expect(found).toMatchObject({
      container: "gzip",
      layout: "one JSON text a line",
      sampled: 3,
      unreadable: [{ line: 4 }],
      source: "litellm",
      sample: {
        records: 3,
        rows: 1,
        shares: { time: 1, usage: 1, cost: 1, prompt: 1, answer: 0, latency: 1 },
      },
    });
    expect(found.scores[0]).toMatchObject({ name: "litellm", votes: 3 });
    expect(found.sample!.not_rows.map(({ reason }) => reason).sort()).toEqual([
      "missing_time",
      "not_an_llm_call",
    ]);
    expect(found.sample!.first_row).toMatchObject({
      request_id: "a",
      user_hash: "(hashed)",
      input_total_tokens: 100,
    });
    expect(JSON.stringify(found)).not.toContain("jane");
  });

  test("says what to do with a file that nobody knows", async () => {
    const found = await detectFile(writeLines(join(root, "odd.jsonl"), [{ a: 1 }, { a: 2 }]));
    expect(found).toMatchObject({ source: null, sample: null });
    expect(found.advice).toContain("sources infer");
    expect((await detectFile(writeLines(join(root, "text.log"), ["hello", "there"]))).advice).toMatch(
      /could be parsed/,
    );
  });

  test("tells CSV and its delimiter, JSON documents, and containers that aren't read", async () => {
    writeFileSync(join(root, "a.csv"), "created_at;model;input_tokens\n2026-01-05;gpt-4o;5\n");
    expect(await detectFile(join(root, "a.csv"))).toMatchObject({
      layout: 'csv, delimiter ";"',
      source: "canonical",
    });
    writeFileSync(join(root, "a.json"), JSON.stringify([spend("a")], null, 2));
    expect(await detectFile(join(root, "a.json"))).toMatchObject({ layout: "JSON values or an array" });
    writeFileSync(join(root, "a.zip"), Buffer.from("PK\u0003\u0004rest"));
    expect((await detectFile(join(root, "a.zip"))).unreadable[0]).toMatchObject({
      reason: "unreadable_file",
    });
  });
});

describe("signalbox sources", () => {
  test("list names every format, as a table and as JSON", async () => {
    const text = await run("list");
    for (const { name, title } of sources) {
      expect(text).toContain(`${name} `);
      expect(text).toContain(title);
    }
    printed = "";
    expect(JSON.parse(await run("list", "--json"))).toEqual(
      sources.map(({ name, title }) => ({ name, title })),
    );
  });

  test("detect prints the verdict for each file", async () => {
    const path = writeLines(join(root, "two.jsonl"), [spend("a"), spend("b")]);
    const text = await run("detect", path);
    expect(text).toContain("recognised as litellm (2 of 2 lines");
    expect(text).toContain("2 of 2 sampled records become rows");
    expect(text).toContain("rows with: time 100 %");
    expect(text).toContain("next: signalbox ingest");
    printed = "";
    expect(JSON.parse(await run("detect", path, path, "--json"))).toHaveLength(2);
  });

  test("infer writes a mapping that loads, and says what has to be chosen", async () => {
    const path = join(root, "My Calls.csv");
    writeFileSync(
      path,
      "when,engine,tokens_in,tokens_out\n2026-01-05 12:00:00,gpt-4o,5,7\n2026-01-05 12:01:00,gpt-4o,6,8\n",
    );
    const out = join(root, "map.json");
    const text = await run("infer", path, "--out", out);
    expect(text).toContain("time_zone: one of UTC, the zone of the log");
    expect(text).toContain("Of 2 records in 2 lines 2 become rows.");
    expect(text).toContain(`--map ${out}`);
    expect(readMapping(out).mapping).toMatchObject({
      name: "map-my-calls",
      fields: { created_at: "when", model: "engine", input_tokens: "tokens_in", output_tokens: "tokens_out" },
    });
    printed = "";
    const json = JSON.parse(await run("infer", path, "--json"));
    expect(json.mapping).toEqual(JSON.parse(readFileSync(out, "utf8")));
  });

  test.each([
    [["detect"], /wants a file/],
    [["detect", "none.jsonl"], /none\.jsonl: no such file/],
    [["infer", "a", "b"], /no such file|takes one file/],
    [["list", "x"], /takes no files/],
  ])("refuses %j", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
    await expect(run(...words)).rejects.toThrow(InputError);
  });

  test("infer refuses a file of which nothing can be parsed", async () => {
    writeFileSync(join(root, "blob"), "\u0001\u0002");
    await expect(run("infer", join(root, "blob"))).rejects.toThrow(/no record could be parsed/);
  });
});
