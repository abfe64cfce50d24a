import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { createTableSql } from "../../datasets/table.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { countReasons } from "../../pipelines/ingest/count-reasons.js";
import { rememberStored, settleDuplicates } from "../../pipelines/ingest/settle-duplicates.js";
import { Staging } from "../../pipelines/ingest/staging.js";
import { requestRow } from "../support/request-row.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-staging-"));
const workspace = openOrCreateWorkspace(join(root, "ws"));
let staging: Staging;

beforeEach(async () => {
  staging = await Staging.open(workspace);
  staging.beginFile("test.jsonl");
});
afterEach(() => staging.close());
afterAll(() => rmSync(root, { recursive: true }));

async function writePart(path: string, rows: readonly RequestRow[]): Promise<string> {
  await staging.engine.run(createTableSql(requestLog, "part_rows"));
  await staging.engine.append("part_rows", requestLog, rows);
  await staging.engine.run(`COPY part_rows TO '${path}' (FORMAT parquet)`);
  await staging.engine.run("DROP TABLE part_rows");
  return path;
}

async function settled(
  stored: readonly string[] = [],
): Promise<{ lost: number; rejected: Array<[number, string | null, string | null]> }> {
  await rememberStored(staging.engine, stored);
  await staging.flush();
  const lost = await settleDuplicates(staging, stored);
  const rejected = await staging.engine.rows<QuarantineRow>(
    "SELECT * FROM rejected ORDER BY source_line, detail",
  );
  return {
    lost: [...lost.values()].reduce((sum, n) => sum + n, 0),
    rejected: rejected.map(({ source_line, reason, detail }) => [source_line, reason, detail]),
  };
}

test("rows with different ids or attempts are all kept, suspected or not", async () => {
  staging.addRow(requestRow({ request_id: "a" }), 1);
  staging.addSuspect(requestRow({ request_id: "b", source_line: 2 }), "raw", 1);
  staging.addSuspect(requestRow({ request_id: "a", attempt_no: 2, source_line: 3 }), "raw", 1);
  expect(await settled()).toEqual({ lost: 0, rejected: [] });
});

test("two equal records of one line are a row and a duplicate", async () => {
  staging.addRow(requestRow({ request_id: "a" }), 1);
  staging.addSuspect(requestRow({ request_id: "a" }), "raw", 1);
  expect(await settled()).toEqual({
    lost: 1,
    rejected: [
      [
        1,
        "duplicate_id",
        "request a (attempt 1) was read before at test.jsonl:1, the same in every compared column",
      ],
    ],
  });
});

const at = (second: number) => Date.UTC(2026, 0, 5, 12, 0, second) * 1_000;
test.each<[string, Partial<RequestRow>, Partial<RequestRow>, number, string]>([
  [
    "the newest",
    { updated_at: at(1), output_total_tokens: 9 },
    { updated_at: at(2), output_total_tokens: 9 },
    1,
    "re_export",
  ],
  [
    "the newest, though shorter",
    { updated_at: at(2), output_total_tokens: 5 },
    { updated_at: at(1), output_total_tokens: 9 },
    2,
    "re_export",
  ],
  [
    "one with a version",
    { output_total_tokens: 9 },
    { updated_at: at(1), output_total_tokens: 9 },
    1,
    "re_export",
  ],
  ["the longer output", { output_total_tokens: 5 }, { output_total_tokens: 9 }, 1, "streamed_partial"],
  ["known output", {}, { output_total_tokens: 9 }, 1, "re_export"],
  ["the larger input", { input_total_tokens: 5 }, { input_total_tokens: 9 }, 1, "re_export"],
  ["the first, when nothing tells them apart", { status: "ok" }, { status: "error" }, 2, "re_export"],
  ["the first of equals", {}, {}, 2, "duplicate_id"],
])("of two records with one id %s counts", async (_, first, second, losingLine, reason) => {
  staging.addRow(requestRow({ request_id: "a", source_line: 1, ...first }), 1);
  staging.addSuspect(requestRow({ request_id: "a", source_line: 2, ...second }), "raw", 1);
  expect((await settled()).rejected.map((row) => row.slice(0, 2))).toEqual([[losingLine, reason]]);
});

test("every loser names the record that beat it at the time", async () => {
  const lines = [5, 9, 7, 12];
  for (const [i, tokens] of lines.entries())
    staging.addRow(requestRow({ request_id: "a", source_line: i + 1, output_total_tokens: tokens }), 1);
  expect((await settled()).rejected.map(([line, , detail]) => [line, detail!.split(",")[0]])).toEqual([
    [1, "request a (attempt 1) was read again at test.jsonl:2"],
    [2, "request a (attempt 1) was read again at test.jsonl:4"],
    [3, "request a (attempt 1) was read before at test.jsonl:2"],
  ]);
});

test("a stored row stays before its equal, and gives way to a better one", async () => {
  const stored = await writePart(join(root, "stored.parquet"), [
    requestRow({ request_id: "a", source_file: "old.jsonl", source_line: 9 }),
    requestRow({ request_id: "b", source_file: "old.jsonl", source_line: 10 }),
    requestRow({ request_id: "c", source_file: "old.jsonl", source_line: 11 }),
  ]);
  staging.addSuspect(requestRow({ request_id: "a" }), null, 1);
  staging.addSuspect(requestRow({ request_id: "b", output_total_tokens: 3 }), null, 1);
  expect(await settled([stored])).toEqual({
    lost: 2,
    rejected: [
      [
        1,
        "duplicate_id",
        "request a (attempt 1) was read before at old.jsonl:9, the same in every compared column",
      ],
    ],
  });
  expect(
    await staging.engine.rows("SELECT b.part, row_no, reason FROM beaten AS b JOIN losers USING (part)"),
  ).toEqual([{ part: stored, row_no: 1, reason: "re_export" }]);
});

test("parts and rows are settled together, in the order of the files", async () => {
  staging.addRow(requestRow({ request_id: "a", source_file: "test.jsonl", source_line: 7 }), 1);
  staging.beginFile("bulk.jsonl");
  await staging.addPart(
    await writePart(join(staging.folder, "0.parquet"), [
      requestRow({ request_id: "a", source_file: "bulk.jsonl", source_line: 1 }),
      requestRow({ request_id: "b", source_file: "bulk.jsonl", source_line: 2 }),
    ]),
  );
  expect(await settled()).toEqual({
    lost: 1,
    rejected: [
      [
        1,
        "duplicate_id",
        "request a (attempt 1) was read before at test.jsonl:7, the same in every compared column",
      ],
    ],
  });
});

test("rows become parts, one for every day, when they are many", async () => {
  const day = 86_400_000_000;
  for (let i = 0; i < 5_000; i++) {
    staging.addRow(
      requestRow({ request_id: `r${i}`, created_at: at(0) + (i % 2) * day, source_line: i + 1 }),
      30_000,
    );
    await staging.makeRoom();
  }
  expect(staging.parts.length).toBeGreaterThanOrEqual(2);
  expect(await settled()).toEqual({ lost: 0, rejected: [] });
  const days = await staging.engine.rows(
    "SELECT count(DISTINCT sb_day(created_at)) AS days FROM staged GROUP BY filename HAVING days > 1",
  );
  expect(days).toEqual([]);
  expect(await staging.engine.rows("SELECT count(*) AS n FROM staged")).toEqual([{ n: 5_000 }]);
});

test("counts reasons by file with their first example, and starts the next batch empty", async () => {
  const rejected = {
    source_file: "f",
    source: null,
    disposition: "quarantined",
    reason: "bad_value",
    raw: null,
  };
  staging.addRejected({ ...rejected, source_line: 7, detail: "seventh" });
  staging.addRejected({ ...rejected, source_line: 2, detail: "second" });
  staging.addRejected({
    ...rejected,
    source_file: "g",
    source_line: 3,
    disposition: "skipped",
    reason: "empty_record",
    detail: null,
  });
  staging.addRow(requestRow({ request_id: "a" }), 1);
  await staging.flush();
  expect(await countReasons(staging.engine, "rejected")).toEqual(
    new Map([
      ["f", [{ disposition: "quarantined", reason: "bad_value", count: 2, example: "f:2: second" }]],
      ["g", [{ disposition: "skipped", reason: "empty_record", count: 1, example: "g:3: empty_record" }]],
    ]),
  );
  const [part] = staging.parts;
  await staging.clear();
  expect(await countReasons(staging.engine, "rejected")).toEqual(new Map());
  expect([staging.parts, staging.files, existsSync(part!)]).toEqual([[], [], false]);
});
