import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { OutcomeItemRow, OutcomeRow } from "../../datasets/outcomes.js";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import { openOrCreateWorkspace, readManifest, type Workspace } from "../../datasets/workspace.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { readTable } from "../support/read-table.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-outcomes-"));
let workspace: Workspace;
let run = 0;

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  workspace = openOrCreateWorkspace(join(root, `ws${run++}`));
});

const good = { quality: 1, cost_usd: 0.01, output_tokens: 10, latency_ms: 800 };

const file = (name: string, lines: ReadonlyArray<object | string>) => writeLines(join(root, name), lines);

const stored = <Row extends object>(sql: string) => readTable<Row>(workspace, sql);

describe("importOutcomes", () => {
  test("stores items and one outcome per model", async () => {
    const path = file("plain.jsonl", [
      {
        id: "a",
        prompt: "What is 2 + 2?",
        group: "maths",
        session: "s1",
        created_at: "2026-01-05T12:00:00.123456Z",
        outcomes: { big: good, small: { quality: 0.25 } },
      },
      {
        id: 7,
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hi" },
        ],
        outcomes: { big: { quality: 0 } },
      },
    ]);
    const result = await importOutcomes(workspace, path);
    expect(result).toMatchObject({ read: 2, items: 2, outcomes: 3, rejected: [], reused: false });
    expect(result.models.map(({ model, outcomes, mean_quality }) => [model, outcomes, mean_quality])).toEqual(
      [
        ["big", 2, 0.5],
        ["small", 1, 0.25],
      ],
    );
    const items = await stored<OutcomeItemRow>("SELECT * FROM outcome_items ORDER BY item_id");
    expect(items[1]).toEqual({
      item_id: "a",
      messages_json: JSON.stringify({ messages: [{ role: "user", content: "What is 2 + 2?" }] }),
      group: "maths",
      session_id: "s1",
      created_at: Date.UTC(2026, 0, 5, 12) * 1000 + 123_456,
      weight: 1,
      tier: null,
      is_stakes: null,
    });
    expect(JSON.parse(items[0]!.messages_json)).toEqual({
      messages: [{ role: "user", content: "Hi" }],
      system: "Be brief.",
    });
    expect(await stored<OutcomeRow>("SELECT * FROM outcomes WHERE item_id = 'a' ORDER BY model")).toEqual([
      {
        item_id: "a",
        model: "big",
        quality: 1,
        cost_usd: 0.01,
        cost_source: "given",
        output_tokens: 10,
        latency_ms: 800,
        origin: "imported",
      },
      {
        item_id: "a",
        model: "small",
        quality: 0.25,
        cost_usd: null,
        cost_source: "missing",
        output_tokens: null,
        latency_ms: null,
        origin: "imported",
      },
    ]);
    expect(readManifest(workspace, "outcomes")!.rows).toEqual({
      read: 2,
      items: 2,
      quarantined: 0,
      duplicates: 0,
      outcomes: 3,
    });
  });

  test.each([
    ["not JSON", "{broken", "json_syntax", /./],
    ["no object", [1], "bad_value", /not a JSON object/],
    ["no id", { prompt: "x", outcomes: { m: good } }, "bad_value", /id is missing/],
    ["no prompt", { id: "a", outcomes: { m: good } }, "bad_value", /no prompt/],
    ["blank prompt", { id: "a", prompt: "  ", outcomes: { m: good } }, "bad_value", /no prompt/],
    ["empty messages", { id: "a", messages: [], outcomes: { m: good } }, "bad_value", /no prompt/],
    ["no outcomes", { id: "a", prompt: "x" }, "bad_value", /no outcomes/],
    ["empty outcomes", { id: "a", prompt: "x", outcomes: {} }, "bad_value", /no outcomes/],
    [
      "quality above 1",
      { id: "a", prompt: "x", outcomes: { m: { quality: 1.2 } } },
      "bad_value",
      /outcomes\.m: quality is 1\.2/,
    ],
    [
      "quality below 0",
      { id: "a", prompt: "x", outcomes: { m: { quality: -0.1 } } },
      "bad_value",
      /quality is -0\.1/,
    ],
    [
      "quality as text",
      { id: "a", prompt: "x", outcomes: { m: { quality: "good" } } },
      "bad_value",
      /quality is "good"/,
    ],
    [
      "quality missing",
      { id: "a", prompt: "x", outcomes: { m: { score: 1 } } },
      "bad_value",
      /quality is missing/,
    ],
    [
      "one bad of two",
      { id: "a", prompt: "x", outcomes: { m: good, n: { quality: null } } },
      "bad_value",
      /outcomes\.n: quality is missing/,
    ],
    [
      "negative cost",
      { id: "a", prompt: "x", outcomes: { m: { quality: 1, cost_usd: -1 } } },
      "bad_value",
      /cost_usd is -1/,
    ],
    [
      "half a token",
      { id: "a", prompt: "x", outcomes: { m: { quality: 1, output_tokens: 1.5 } } },
      "bad_value",
      /output_tokens is 1\.5/,
    ],
    [
      "cost as text",
      { id: "a", prompt: "x", outcomes: { m: { quality: 1, cost_usd: "1" } } },
      "bad_value",
      /cost_usd is "1"/,
    ],
    [
      "no time",
      { id: "a", prompt: "x", created_at: "soon", outcomes: { m: good } },
      "bad_value",
      /created_at/,
    ],
    ["nameless model", { id: "a", prompt: "x", outcomes: { " ": good } }, "bad_value", /no name/],
  ])("rejects %s with its line and reason, and keeps the others", async (name, line, reason, detail) => {
    const path = file(`bad-${name.replaceAll(" ", "-")}.jsonl`, [
      { id: "first", prompt: "x", outcomes: { m: good } },
      line,
      { id: "last", prompt: "y", outcomes: { m: good } },
    ]);
    const result = await importOutcomes(workspace, path);
    expect(result).toMatchObject({ read: 3, items: 2, outcomes: 2 });
    expect(result.rejected).toEqual([{ line: 2, reason, detail: expect.stringMatching(detail) }]);
    const [kept] = await stored<QuarantineRow>("SELECT * FROM quarantine");
    expect(kept).toMatchObject({ source: "outcomes", source_line: 2, disposition: "quarantined", reason });
    expect(kept!.raw).not.toBeNull();
  });

  test("rejects an id that the file gave before, and one that another file gave, naming it", async () => {
    const first = file("first.jsonl", [
      { id: "a", prompt: "x", outcomes: { m: good } },
      { id: "a", prompt: "y", outcomes: { m: good } },
    ]);
    expect((await importOutcomes(workspace, first)).rejected).toEqual([
      {
        line: 2,
        reason: "duplicate_id",
        detail: expect.stringContaining("id a was given before by line 1 of this file"),
      },
    ]);
    const second = file("second.jsonl", [
      { id: "a", prompt: "x", outcomes: { n: good } },
      { id: "b", prompt: "z", outcomes: { n: good } },
    ]);
    const result = await importOutcomes(workspace, second);
    expect(result).toMatchObject({ read: 2, items: 1 });
    expect(result.rejected[0]!.detail).toContain(first);
    expect(await stored("SELECT item_id, model FROM outcomes ORDER BY item_id")).toEqual([
      { item_id: "a", model: "m" },
      { item_id: "b", model: "n" },
    ]);
    expect(readManifest(workspace, "outcomes")!.rows).toEqual({
      read: 4,
      items: 2,
      quarantined: 0,
      duplicates: 2,
      outcomes: 2,
    });
  });

  test("importing the same content twice changes nothing, a changed file replaces what its path gave", async () => {
    const path = file("again.jsonl", [{ id: "a", prompt: "x", outcomes: { m: good } }, "{"]);
    const { reused: _, ...first } = await importOutcomes(workspace, path);
    expect(await importOutcomes(workspace, path)).toEqual({ ...first, reused: true });
    expect(await stored("SELECT * FROM outcomes")).toHaveLength(1);
    file("again.jsonl", [
      { id: "a", prompt: "x", outcomes: { m: { quality: 0.5 } } },
      { id: "b", prompt: "x", outcomes: { m: good } },
    ]);
    expect(await importOutcomes(workspace, path)).toMatchObject({
      read: 2,
      items: 2,
      rejected: [],
      reused: false,
    });
    expect(await stored("SELECT item_id, quality FROM outcomes ORDER BY item_id")).toEqual([
      { item_id: "a", quality: 0.5 },
      { item_id: "b", quality: 1 },
    ]);
    expect(await stored("SELECT * FROM quarantine")).toEqual([]);
  });

  test("prices known output lengths from the price book and leaves unknown models without a cost", async () => {
    const prompt = "x".repeat(4000);
    const path = file("priced.jsonl", [
      {
        id: "a",
        prompt,
        created_at: "2025-06-01",
        outcomes: {
          "gpt-4o-mini": { quality: 1, output_tokens: 1000 },
          "no-such-model": { quality: 1, output_tokens: 1000 },
        },
      },
    ]);
    await importOutcomes(workspace, path);
    const [mini, unknown] = await stored<OutcomeRow>("SELECT * FROM outcomes ORDER BY model");
    // 1,000 input tokens (4,000 characters / 4) at $0.15 and 1,000 output tokens at $0.60 per million.
    expect(mini!.cost_usd).toBeCloseTo(0.00075, 10);
    expect(mini!.cost_source).toBe("price_book");
    expect(unknown).toMatchObject({ cost_usd: null, cost_source: "missing" });
  });

  test("redacts prompts and rejected lines by default, and keeps them when told so", async () => {
    const lines = [
      { id: "a", prompt: "Mail bob@example.org", outcomes: { m: good } },
      { id: "b", prompt: "Mail eve@example.org" },
    ];
    await importOutcomes(workspace, file("personal.jsonl", lines));
    const text = async () =>
      JSON.stringify([await stored("SELECT * FROM outcome_items"), await stored("SELECT * FROM quarantine")]);
    expect(await text()).not.toMatch(/bob@|eve@/);
    expect(await text()).toMatch(/EMAIL_/);
    await importOutcomes(workspace, join(root, "personal.jsonl"), { content: "full" });
    expect(await text()).toMatch(/bob@.*eve@/s);
  });

  test("keeps personal data out of ids and groups, and still knows an id again", async () => {
    const item = (id: string) => ({ id, group: "of bob@example.org", prompt: "x", outcomes: { m: good } });
    const { items, rejected } = await importOutcomes(
      workspace,
      file("ids.jsonl", [item("bob@example.org-1"), item("bob@example.org-2"), item("bob@example.org-1")]),
    );
    expect([items, rejected.map(({ reason }) => reason)]).toEqual([2, ["duplicate_id"]]);
    const all = [
      rejected,
      await stored("SELECT * FROM outcome_items"),
      await stored("SELECT * FROM outcomes"),
      await stored("SELECT * FROM quarantine"),
    ];
    expect(JSON.stringify(all)).not.toContain("bob@");
  });

  test("clears what a killed import left and keeps what other stages stored", async () => {
    await importOutcomes(workspace, file("kept.jsonl", [{ id: "a", prompt: "x", outcomes: { m: good } }]));
    const folder = join(workspace.path, "outcomes");
    writeFileSync(join(folder, "imported-0123456789ab.parquet"), "half");
    writeFileSync(join(folder, "judged.txt"), "theirs");
    await importOutcomes(workspace, file("next.jsonl", [{ id: "b", prompt: "x", outcomes: { m: good } }]));
    expect(readdirSync(folder).filter((name) => name.includes("0123456789ab"))).toEqual([]);
    expect(existsSync(join(folder, "judged.txt"))).toBe(true);
    expect(await stored("SELECT item_id FROM outcomes ORDER BY item_id")).toEqual([
      { item_id: "a" },
      { item_id: "b" },
    ]);
  });

  test("takes an empty file and a file of nothing but rubbish", async () => {
    expect(await importOutcomes(workspace, file("empty.jsonl", []))).toMatchObject({
      read: 0,
      items: 0,
      outcomes: 0,
      rejected: [],
      models: [],
    });
    expect(await importOutcomes(workspace, file("rubbish.jsonl", ["\u0001\u0002", "hello"]))).toMatchObject({
      items: 0,
      models: [],
    });
    expect(await stored("SELECT * FROM outcome_items")).toEqual([]);
  });

  test("says so when the file isn't there", async () => {
    await expect(importOutcomes(workspace, join(root, "absent.jsonl"))).rejects.toThrow(/no such file/);
  });
});
