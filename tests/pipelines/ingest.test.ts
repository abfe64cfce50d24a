import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import type { RequestRow } from "../../datasets/request-log.js";
import type { IngestResult } from "../../datasets/results.js";
import { openOrCreateWorkspace, readManifest, readResult, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { readTable } from "../support/read-table.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-ingest-"));
const logs = join(root, "logs");
let workspace: Workspace;
let run = 0;

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  workspace = openOrCreateWorkspace(join(root, `ws${run++}`));
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs);
});

/** A row of LiteLLM's spend logs. */
function spend(id: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    request_id: id,
    call_type: "acompletion",
    spend: 0.002,
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    startTime: "2026-01-05 12:00:00.123456",
    endTime: "2026-01-05 12:00:01.123456",
    model: "gpt-4o-mini",
    custom_llm_provider: "openai",
    api_key: "k",
    cache_hit: "False",
    status: "success",
    metadata: "{}",
    messages: [{ role: "user", content: `Question of ${id}, answer to bob@example.org` }],
    response: {},
    ...fields,
  };
}

const file = (name: string, lines: ReadonlyArray<object | string>) => writeLines(join(logs, name), lines);

const stored = <Row extends object>(sql: string) => readTable<Row>(workspace, sql);

async function ids(): Promise<string[]> {
  return (await stored<RequestRow>("SELECT request_id FROM requests ORDER BY request_id")).map(
    ({ request_id }) => request_id,
  );
}

function parquet(): string[] {
  return ["requests", "quarantine"].flatMap((table) => {
    const folder = join(workspace.path, table);
    const names = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
    return names.filter((name) => name.endsWith(".parquet")).map((name) => join(table, name));
  });
}

const nothing = { read: 0, accepted: 0, quarantined: 0, duplicates: 0, skipped: 0 };

describe("ingest", () => {
  test("stores rows by day, rejects into quarantine, and accounts for every record", async () => {
    const path = file("a.jsonl", [
      spend("r1"),
      spend("r2", { startTime: "2026-01-06 00:00:00", endTime: "2026-01-06 00:00:02" }),
      "{broken",
      spend("r3", { prompt_tokens: -5 }),
    ]);
    const result = await ingest(workspace, [path]);
    expect(result.totals).toEqual({ ...nothing, read: 4, accepted: 2, quarantined: 2 });
    expect(result.files).toMatchObject([{ path, source: "litellm", reused: false, read: 4 }]);
    expect(result.reasons.map(({ reason, count }) => [reason, count]).sort()).toEqual([
      ["json_syntax", 1],
      ["negative_tokens", 1],
    ]);
    expect(result.reasons[0]!.example).toContain(`${path}:`);
    const name = result.files[0]!.sha256.slice(0, 12);
    expect(parquet().sort()).toEqual([
      join("quarantine", `${name}.parquet`),
      join("requests", "day=2026-01-05", `${name}.parquet`),
      join("requests", "day=2026-01-06", `${name}.parquet`),
    ]);
    const [first] = await stored<RequestRow>("SELECT * FROM requests ORDER BY request_id");
    expect(first).toMatchObject({
      request_id: "r1",
      source: "litellm",
      source_file: path,
      source_line: 1,
      created_at: Date.UTC(2026, 0, 5, 12) * 1000 + 123_456,
      latency_ms: 1000,
      input_total_tokens: 100,
      output_total_tokens: 20,
      cost_reported_usd: 0.002,
      content_state: "redacted",
    });
    expect(first!.user_text).toMatch(/^Question of r1, answer to \[EMAIL_[0-9a-f]{6}\]$/);
    const rejected = await stored<QuarantineRow>("SELECT * FROM quarantine ORDER BY source_line");
    expect(
      rejected.map(({ source_line, disposition, reason }) => [source_line, disposition, reason]),
    ).toEqual([
      [3, "quarantined", "json_syntax"],
      [4, "quarantined", "negative_tokens"],
    ]);
    expect(JSON.stringify(rejected)).not.toContain("bob@");
    expect(readManifest(workspace, "ingest")!.rows).toEqual(result.totals);
    expect(readResult<IngestResult>(workspace, "ingest")!.totals).toEqual(result.totals);
    expect(existsSync(join(workspace.path, "ingest.lock"))).toBe(false);
  });

  test("is a no-op the second time", async () => {
    const path = file("a.jsonl", [spend("r1"), spend("r1"), "{broken"]);
    const first = await ingest(workspace, [path]);
    const before = parquet();
    const second = await ingest(workspace, [path]);
    expect(second).toEqual({ ...first, files: [{ ...first.files[0], reused: true }] });
    expect(parquet()).toEqual(before);
    expect(await ids()).toEqual(["r1"]);
  });

  test("finds duplicates in a file, across the files of a run and against earlier runs; the fullest one stays, else the first", async () => {
    const a = file("a.jsonl", [spend("r1"), spend("r1"), spend("r2")]);
    const b = file("b.jsonl", [spend("r2", { completion_tokens: 99, total_tokens: 199 }), spend("r3")]);
    const result = await ingest(workspace, [a, b]);
    expect(result.files.map(({ accepted, duplicates }) => [accepted, duplicates])).toEqual([
      [1, 2],
      [2, 0],
    ]);
    const c = file("c.jsonl", [spend("r3"), spend("r4"), spend("r4", { model: "gpt-4o" })]);
    expect((await ingest(workspace, [c])).totals).toEqual({
      ...nothing,
      read: 3,
      accepted: 1,
      duplicates: 2,
    });
    expect(await ids()).toEqual(["r1", "r2", "r3", "r4"]);
    const details = await stored<QuarantineRow>(
      "SELECT * FROM quarantine WHERE disposition = 'duplicate' ORDER BY source_file, source_line",
    );
    expect(details.map(({ detail }) => detail)).toEqual([
      `request r1 (attempt 1) was read before at ${a}:1, the same in every compared column`,
      `request r2 (attempt 1) was read again at ${b}:1, where it is newer or fuller, but differs in output_total_tokens; the record itself is only in its file`,
      `request r3 (attempt 1) was read before at ${b}:2, the same in every compared column`,
      `request r4 (attempt 1) was read before at ${c}:2, but differs in model`,
    ]);
    expect(details.map(({ reason }) => reason)).toEqual([
      "duplicate_id",
      "streamed_partial",
      "duplicate_id",
      "re_export",
    ]);
    expect(details.map(({ raw }) => raw !== null)).toEqual([true, false, true, true]);
  });

  test("takes what is new in a log that has grown", async () => {
    const path = file("a.jsonl", [spend("r1"), spend("r2")]);
    await ingest(workspace, [path]);
    file("a.jsonl", [spend("r1"), spend("r2"), spend("r3")]);
    expect((await ingest(workspace, [path])).totals).toEqual({
      ...nothing,
      read: 3,
      accepted: 1,
      duplicates: 2,
    });
    expect(await ids()).toEqual(["r1", "r2", "r3"]);
    expect(readResult<IngestResult>(workspace, "ingest")!.totals).toEqual({
      ...nothing,
      read: 5,
      accepted: 3,
      duplicates: 2,
    });
  });

  test("finds exact copies of records without an id", async () => {
    const { request_id: _, ...anonymous } = spend("x");
    const path = file("a.jsonl", [
      anonymous,
      anonymous,
      { ...anonymous, prompt_tokens: 101, total_tokens: 121 },
    ]);
    const result = await ingest(workspace, [path], { source: "litellm" });
    expect(result.totals).toEqual({ ...nothing, read: 3, accepted: 2, duplicates: 1 });
  });

  test("reads a copy of a file once and counts it as duplicates", async () => {
    const a = file("a.jsonl", [spend("r1"), spend("r2"), "{"]);
    const b = file("b.jsonl", [spend("r1"), spend("r2"), "{"]);
    const result = await ingest(workspace, [a, b]);
    expect(result.files[1]).toMatchObject({
      path: b,
      read: 3,
      accepted: 0,
      duplicates: 2,
      quarantined: 1,
      reused: true,
    });
    expect(await ids()).toEqual(["r1", "r2"]);
  });

  test("replaces a file's rows when the content mode changes, duplicates and all", async () => {
    const a = file("a.jsonl", [spend("r1"), spend("r1")]);
    const b = file("b.jsonl", [spend("r1"), spend("r2")]);
    const first = await ingest(workspace, [a, b]);
    for (const content of ["full", "hash", "none", "redacted"] as const) {
      const again = await ingest(workspace, [a, b], { content });
      expect(again.totals).toEqual(first.totals);
      expect(again.files.every(({ reused }) => !reused)).toBe(true);
      expect(await ids()).toEqual(["r1", "r2"]);
      const everything = JSON.stringify([
        await stored("SELECT * FROM requests"),
        await stored("SELECT * FROM quarantine"),
      ]);
      expect(everything.includes("bob@example.org")).toBe(content === "full");
      expect(everything.includes("Question of")).toBe(content === "full" || content === "redacted");
    }
  });

  test.each(["full", "redacted", "hash", "none"] as const)(
    "keeps nothing personal of rejected records but under full (%s)",
    async (content) => {
      const secret = "Question of bob@example.org";
      const path = file("a.jsonl", [
        spend("r1"),
        `{"messages": "${secret}" "x"}`,
        `${secret}`,
        spend("r2", { prompt_tokens: -1, messages: secret }),
      ]);
      const result = await ingest(workspace, [path], { content });
      expect(result.totals).toMatchObject({ read: 4, accepted: 1, quarantined: 3 });
      const kept = JSON.stringify([
        await stored("SELECT * FROM quarantine"),
        result,
        readResult(workspace, "ingest"),
        readFileSync(join(workspace.path, "ingest", `${result.files[0]!.sha256.slice(0, 12)}.json`), "utf8"),
      ]);
      expect(kept.includes("bob@")).toBe(content === "full");
      expect(kept.includes("Question of")).toBe(content === "full" || content === "redacted");
    },
  );

  test("names what it does not recognise, without guessing", async () => {
    const path = file("a.jsonl", [{ hello: 1 }, { hello: 2 }]);
    const result = await ingest(workspace, [path]);
    expect(result.files[0]).toMatchObject({ source: null, read: 2, quarantined: 2 });
    expect(result.reasons).toMatchObject([{ reason: "unknown_schema", count: 2 }]);
    expect(await ids()).toEqual([]);
  });

  test("reads a record that is beyond doubt another format as that", async () => {
    const bedrock = {
      schemaType: "ModelInvocationLog",
      schemaVersion: "1.0",
      timestamp: "2026-01-05T12:00:00Z",
      accountId: "1",
      region: "us-east-1",
      requestId: "b1",
      operation: "Converse",
      modelId: "anthropic.claude-3-haiku-20240307-v1:0",
      input: {
        inputTokenCount: 10,
        inputBodyJson: { messages: [{ role: "user", content: [{ text: "Hi" }] }] },
      },
      output: { outputTokenCount: 5 },
    };
    const path = file("a.jsonl", [spend("r1"), spend("r2"), bedrock]);
    const result = await ingest(workspace, [path]);
    expect(result.files).toMatchObject([{ source: "litellm + bedrock", accepted: 3 }]);
    expect(await ids()).toEqual(["b1", "r1", "r2"]);
  });

  test("is not ended by a record that nobody foresaw", async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const path = file("a.jsonl", [
      spend("r1"),
      JSON.stringify(spend("deep", { response: "DEEP", metadata: "DEEP" })).replaceAll('"DEEP"', deep),
      deep,
      spend("r2", {
        messages: [[[[[[]]]]], null, 7, { role: 5, content: { text: [] } }],
        model: "\u0000x",
        end_user: ["a"],
      }),
      spend("r3", { prompt_tokens: 1e300 }),
      spend("r4", { startTime: "never" }),
      spend("r5"),
    ]);
    const result = await ingest(workspace, [path]);
    const { read, accepted, quarantined, duplicates, skipped } = result.totals;
    expect(read).toBe(7);
    expect(accepted + quarantined + duplicates + skipped).toBe(7);
    expect(await ids()).toEqual(expect.arrayContaining(["r1", "r5"]));
  });

  test("says of generated traffic that it is", async () => {
    const path = file("a.jsonl", [spend("r1")]);
    expect((await ingest(workspace, [path], { isSynthetic: true })).is_synthetic).toBe(true);
    expect(readResult<IngestResult>(workspace, "ingest")!.is_synthetic).toBe(true);
    workspace = openOrCreateWorkspace(join(root, "measured"));
    expect((await ingest(workspace, [path])).is_synthetic).toBeUndefined();
  });

  test("reads folders and compressed files, and lists what it left out", async () => {
    mkdirSync(join(logs, "day1"));
    writeFileSync(join(logs, "day1", "a.jsonl.gz"), gzipSync(JSON.stringify(spend("r1"))));
    file("b.jsonl", [spend("r2")]);
    writeFileSync(join(logs, "README.md"), "about");
    const result = await ingest(workspace, [logs]);
    expect(result.files).toHaveLength(2);
    expect(result.ignored_files).toMatchObject([{ path: join(logs, "README.md") }]);
    expect(await ids()).toEqual(["r1", "r2"]);
  });

  test("counts tokens without a price as unknown, never as free", async () => {
    const path = file("a.jsonl", [
      spend("r1", { model: "in-house-7b", custom_llm_provider: "", spend: null }),
    ]);
    const result = await ingest(workspace, [path]);
    expect(result.unpriced_models).toMatchObject([{ model: "in-house-7b", requests: 1, tokens: 120 }]);
    expect(await stored("SELECT cost_list_usd FROM requests")).toEqual([{ cost_list_usd: null }]);
  });

  test("quarantines times in the future, seen from the given clock", async () => {
    const path = file("a.jsonl", [spend("r1")]);
    const result = await ingest(workspace, [path], { now: new Date("2025-01-01T00:00:00Z") });
    expect(result.reasons).toMatchObject([{ reason: "future_time", count: 1 }]);
  });

  test.each([
    [
      "a path that isn't there",
      () => ingest(workspace, [join(logs, "absent.jsonl")]),
      /absent\.jsonl: no such file/,
    ],
    [
      "a source that isn't there",
      () => ingest(workspace, [file("a.jsonl", [])], { source: "carrier-pigeon" }),
      /carrier-pigeon/,
    ],
  ])("says so for %s", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
    expect(existsSync(join(workspace.path, "ingest.lock"))).toBe(false);
  });

  test("takes an empty file without complaint", async () => {
    const path = file("a.jsonl", []);
    writeFileSync(path, "");
    expect((await ingest(workspace, [path])).totals).toEqual(nothing);
    expect(readManifest(workspace, "ingest")).not.toBeNull();
  });

  test("refuses a second ingest of the same workspace at the same time", async () => {
    const path = file("a.jsonl", [spend("r1")]);
    const both = await Promise.allSettled([ingest(workspace, [path]), ingest(workspace, [path])]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await ids()).toEqual(["r1"]);
  });
});

describe("a killed ingest", () => {
  const lines = (prefix: string) => [
    spend(`${prefix}1`),
    spend(`${prefix}2`, { startTime: "2026-01-06 00:00:00", endTime: "2026-01-06 00:00:02" }),
    spend(`${prefix}1`),
    "{broken",
  ];

  test("leaves nothing torn: wherever it dies, the next run loses nothing and doubles nothing", async () => {
    const paths = [file("a.jsonl", lines("a")), file("b.jsonl", lines("b"))];
    const whole = await ingest(workspace, paths);
    let died = 0;
    for (let step = 0; ; step++) {
      workspace = openOrCreateWorkspace(join(root, `killed${step}`));
      let seen = 0;
      const outcome = await ingest(workspace, paths, {
        onProgress: ({ label }) => {
          if (label === "storing" && seen++ === step) throw new Error("killed");
        },
      }).catch((error: Error) => error.message);
      if (outcome !== "killed") break;
      died += 1;
      expect(readManifest(workspace, "ingest")).toBeNull();
      const again = await ingest(workspace, paths);
      expect(again.totals).toEqual(whole.totals);
      expect(again.reasons.map(({ reason, count }) => [reason, count])).toEqual(
        whole.reasons.map(({ reason, count }) => [reason, count]),
      );
      expect(await ids()).toEqual(["a1", "a2", "b1", "b2"]);
      expect(await stored("SELECT * FROM quarantine")).toHaveLength(4);
      expect(readManifest(workspace, "ingest")!.rows).toEqual(whole.totals);
    }
    expect(died).toBe(6);
  }, 300_000);

  test("keeps the old rows of a file that was being replaced, until it is replaced", async () => {
    const paths = [file("a.jsonl", lines("a"))];
    await ingest(workspace, paths);
    for (const content of ["none", "hash", "full"] as const) {
      const killed = ingest(workspace, paths, {
        content,
        onProgress: ({ label }) => {
          if (label === "storing") throw new Error("killed");
        },
      });
      await expect(killed).rejects.toThrow("killed");
      await ingest(workspace, [file("other.jsonl", [spend("o1")])]);
      expect(await ids()).toEqual(["a1", "a2", "o1"]);
    }
    expect((await ingest(workspace, paths, { content: "none" })).files[0]!.reused).toBe(false);
    expect(await ids()).toEqual(["a1", "a2", "o1"]);
    expect(await stored("SELECT DISTINCT content_state FROM requests WHERE request_id LIKE 'a%'")).toEqual([
      { content_state: "none" },
    ]);
  });

  test("has its debris removed: Parquet without a marker, staging folders, a dead process's lock", async () => {
    const path = file("a.jsonl", lines("a"));
    mkdirSync(join(workspace.path, "requests", "day=2026-01-05"), { recursive: true });
    mkdirSync(join(workspace.path, "quarantine"));
    mkdirSync(join(workspace.path, "tmp", "ingest-0123456789ab"), { recursive: true });
    writeFileSync(join(workspace.path, "requests", "day=2026-01-05", "0123456789ab.parquet"), "half a file");
    writeFileSync(join(workspace.path, "quarantine", "0123456789ab.parquet"), "half a file");
    await ingest(workspace, [path]);
    expect(parquet().some((name) => name.includes("0123456789ab"))).toBe(false);
    expect(readdirSync(join(workspace.path, "tmp"))).toEqual([]);
    expect(await ids()).toEqual(["a1", "a2"]);
  });

  test("reads a file again when Parquet that it gave was deleted, and says so of a file that isn't given", async () => {
    const path = file("a.jsonl", [
      spend("r1"),
      spend("r2", { startTime: "2026-01-06 12:00:00", endTime: "2026-01-06 12:00:01" }),
      "not json",
    ]);
    await ingest(workspace, [path]);
    for (const folder of ["requests/day=2026-01-06", "quarantine"]) {
      rmSync(join(workspace.path, folder), { recursive: true });
      const elsewhere = await ingest(workspace, [file("b.jsonl", [spend("r3")])]);
      expect(elsewhere.ignored_files).toEqual([
        { path, why: expect.stringMatching(/are gone; ingest it again/) },
      ]);
      const again = await ingest(workspace, [path]);
      expect(again.files[0]).toMatchObject({ reused: false, read: 3, accepted: 2, quarantined: 1 });
      expect(await stored("SELECT count(*) AS n FROM requests")).toEqual([{ n: 3 }]);
    }
    expect((await ingest(workspace, [path])).files[0]).toMatchObject({ reused: true });
  });

  test("writes long texts in small row groups, so that no group fills the memory", async () => {
    const long = "word ".repeat(4_000);
    const rows = Array.from({ length: 5_000 }, (_, i) =>
      spend(`r${i}`, { messages: [{ role: "user", content: `${i} ${long}` }] }),
    );
    await ingest(workspace, [file("long.jsonl", rows)], { content: "full" });
    const groups = await stored(
      `SELECT max(row_group_num_rows) < 4096 AS is_small FROM parquet_metadata('${workspace.path}/requests/**/*.parquet')`,
    );
    expect(groups).toEqual([{ is_small: true }]);
  });

  test("keeps the integers of a Parquet file exact, whatever their size", async () => {
    const path = join(logs, "ids.parquet");
    await stored(
      `COPY (SELECT 9007199254740992::BIGINT + i AS id, TIMESTAMPTZ '2026-01-05 12:00:00+02' AS created_at,
        'gpt-4o' AS model, 10::SMALLINT AS input_tokens, 5::HUGEINT AS output_tokens, 0.5::DECIMAL(9, 3) AS cost_usd
       FROM range(3) t(i)) TO '${path}' (FORMAT parquet)`,
    );
    expect((await ingest(workspace, [path])).totals).toMatchObject({ read: 3, accepted: 3 });
    expect(
      await stored("SELECT request_id, cost_reported_usd AS usd, created_at FROM requests ORDER BY 1"),
    ).toEqual(
      ["9007199254740992", "9007199254740993", "9007199254740994"].map((id) => ({
        request_id: id,
        usd: 0.5,
        created_at: Date.UTC(2026, 0, 5, 10) * 1000,
      })),
    );
  });

  test("does not touch the quarantine of imported outcomes", async () => {
    await importOutcomes(workspace, file("evals.jsonl", [{ id: "a" }]));
    await ingest(workspace, [file("a.jsonl", [spend("r1"), "{"])]);
    expect(await stored("SELECT source, source_line FROM quarantine ORDER BY source_line")).toEqual([
      { source: "outcomes", source_line: 1 },
      { source: "litellm", source_line: 2 },
    ]);
  });
});
