import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import { requestLog } from "../../datasets/request-log.js";
import { createTableSql } from "../../datasets/table.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { Staging } from "../../pipelines/ingest/staging.js";
import { requestRow } from "../support/request-row.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-staging-"));
const workspace = openOrCreateWorkspace(join(root, "ws"));
let staging: Staging;

beforeEach(async () => {
  staging = await Staging.open(workspace);
});
afterEach(() => staging.close());
afterAll(() => rmSync(root, { recursive: true }));

async function settled(
  stored: string | null = null,
): Promise<{ staged: string[]; rejected: Array<[number, string | null]> }> {
  await staging.settleSuspects(() => stored);
  const staged = await staging.engine.rows<{ id: string }>(
    "SELECT request_id || '/' || attempt_no AS id FROM staged ORDER BY id",
  );
  const rejected = await staging.engine.rows<QuarantineRow>(
    "SELECT * FROM rejected ORDER BY source_line, detail",
  );
  return {
    staged: staged.map(({ id }) => id),
    rejected: rejected.map(({ source_line, detail }) => [source_line, detail]),
  };
}

test("a suspect whose id nobody has becomes a row after all, once", async () => {
  await staging.addRow(requestRow({ request_id: "a" }), 1);
  await staging.addSuspect(requestRow({ request_id: "b", source_line: 2 }), "raw", 1);
  await staging.addSuspect(requestRow({ request_id: "b", source_line: 3 }), "raw", 1);
  await staging.addSuspect(requestRow({ request_id: "a", attempt_no: 2, source_line: 4 }), "raw", 1);
  expect(await settled()).toEqual({
    staged: ["a/1", "a/2", "b/1"],
    rejected: [
      [3, "request b (attempt 1) was read before at test.jsonl:2, the same in every compared column"],
    ],
  });
});

test("two records of one line with one id are a row and a duplicate", async () => {
  await staging.addRow(requestRow({ request_id: "a", status: "ok" }), 1);
  await staging.addSuspect(requestRow({ request_id: "a", status: "error", output_total_tokens: 3 }), null, 1);
  expect(await settled()).toEqual({
    staged: ["a/1"],
    rejected: [
      [
        1,
        "request a (attempt 1) was read before at test.jsonl:1, but differs in status, output_total_tokens",
      ],
    ],
  });
});

test("a row stored before comes first", async () => {
  await staging.engine.run(createTableSql(requestLog, "earlier"));
  await staging.engine.append("earlier", requestLog, [
    requestRow({ request_id: "a", source_file: "old.jsonl", source_line: 9 }),
  ]);
  await staging.addSuspect(requestRow({ request_id: "a" }), null, 1);
  expect(await settled("earlier")).toEqual({
    staged: [],
    rejected: [
      [1, "request a (attempt 1) was read before at old.jsonl:9, the same in every compared column"],
    ],
  });
});

test("counts reasons with their first example, and starts the next file empty", async () => {
  const rejected = {
    source_file: "f",
    source: null,
    disposition: "quarantined",
    reason: "bad_value",
    raw: null,
  };
  await staging.addRejected({ ...rejected, source_line: 7, detail: "seventh" });
  await staging.addRejected({ ...rejected, source_line: 2, detail: "second" });
  await staging.addRejected({
    ...rejected,
    source_line: 3,
    disposition: "skipped",
    reason: "empty_record",
    detail: null,
  });
  await staging.flush();
  expect(await staging.countReasons()).toEqual([
    { disposition: "quarantined", reason: "bad_value", count: 2, example: "f:2: second" },
    { disposition: "skipped", reason: "empty_record", count: 1, example: "f:3: empty_record" },
  ]);
  await staging.clear();
  expect(await staging.countReasons()).toEqual([]);
  expect(await staging.countStaged()).toBe(0);
});
