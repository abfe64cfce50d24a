import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { QuarantineRow } from "../../datasets/quarantine.js";
import type { IngestResult } from "../../datasets/results.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import {
  type PlantedRecord,
  plantLog,
  writePlantedFile,
  writePlantedMapping,
} from "../support/planted-attempts.js";
import { readTable } from "../support/read-table.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-duplicates-"));
const { attempts } = plantLog(11, 40);
let folder: string;
let map: string;
let workspace: Workspace;
let run = 0;

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = join(root, `run${run++}`);
  mkdirSync(folder);
  map = writePlantedMapping(folder);
  workspace = openOrCreateWorkspace(join(folder, "ws"));
});

const file = (name: string, records: readonly PlantedRecord[]) =>
  writePlantedFile(join(folder, name), records);

/** A later version of a record. */
const newer = (record: PlantedRecord, minutes = 1): PlantedRecord => ({
  ...record,
  updated: new Date(Date.parse(record.updated) + minutes * 60_000).toISOString(),
  usd: (record.usd ?? 0) + minutes,
});

async function counts(): Promise<Record<string, number[]>> {
  const { files, totals } = readResult<IngestResult>(workspace, "ingest")!;
  const [stored] = await readTable<{ rows: number; rejected: number }>(
    workspace,
    "SELECT (SELECT count(*) FROM requests) AS rows, (SELECT count(*) FROM quarantine) AS rejected",
  );
  expect(stored).toEqual({ rows: totals.accepted, rejected: totals.read - totals.accepted });
  for (const counted of [...files, totals])
    expect(counted.read).toBe(counted.accepted + counted.quarantined + counted.duplicates + counted.skipped);
  return Object.fromEntries(
    files.map(({ path, read, accepted, duplicates }) => [
      path.slice(folder.length + 1),
      [read, accepted, duplicates],
    ]),
  );
}

const costs = () =>
  readTable<{ id: string; usd: number }>(
    workspace,
    "SELECT request_id AS id, cost_reported_usd AS usd FROM requests ORDER BY request_id",
  );

test("a newer version in a later file takes the row over, and the counts of both files stay true", async () => {
  const [a, b, c] = attempts as [PlantedRecord, PlantedRecord, PlantedRecord];
  await ingest(workspace, [file("old.jsonl", [a, b, c])], { map });
  await ingest(workspace, [file("new.jsonl", [newer(b), c])], { map });
  expect(await counts()).toEqual({ "old.jsonl": [3, 2, 1], "new.jsonl": [2, 1, 1] });
  expect(await costs()).toEqual(
    [a, newer(b), c].map(({ id, usd }) => ({ id, usd })).sort((x, y) => (x.id < y.id ? -1 : 1)),
  );
  const rejected = await readTable<QuarantineRow>(
    workspace,
    "SELECT source_file, source_line, reason, raw IS NULL AS is_elsewhere FROM quarantine ORDER BY source_file DESC",
  );
  expect(rejected).toEqual([
    { source_file: join(folder, "old.jsonl"), source_line: 2, reason: "re_export", is_elsewhere: true },
    { source_file: join(folder, "new.jsonl"), source_line: 2, reason: "duplicate_id", is_elsewhere: false },
  ]);
});

test("an older version that comes later changes nothing that is stored", async () => {
  const [a] = attempts as [PlantedRecord];
  await ingest(workspace, [file("new.jsonl", [newer(a)])], { map });
  await ingest(workspace, [file("old.jsonl", [a])], { map });
  expect(await counts()).toEqual({ "new.jsonl": [1, 1, 0], "old.jsonl": [1, 0, 1] });
  expect(await costs()).toEqual([{ id: a.id, usd: newer(a).usd }]);
});

test("a file of which every row was taken over keeps its marker and its quarantine", async () => {
  const some = attempts.slice(0, 5);
  const old = file("old.jsonl", some);
  await ingest(workspace, [old], { map });
  for (const minutes of [1, 2, 3])
    await ingest(
      workspace,
      [
        file(
          `v${minutes}.jsonl`,
          some.map((record) => newer(record, minutes)),
        ),
      ],
      { map },
    );
  expect(await counts()).toEqual({
    "old.jsonl": [5, 0, 5],
    "v1.jsonl": [5, 0, 5],
    "v2.jsonl": [5, 0, 5],
    "v3.jsonl": [5, 5, 0],
  });
  expect((await ingest(workspace, [old], { map })).files[0]).toMatchObject({ reused: true, accepted: 0 });
});

test("a file that is read anew gives way to itself, and wins again what it had won", async () => {
  const some = attempts.slice(0, 5);
  const paths = [
    file("old.jsonl", some),
    file(
      "new.jsonl",
      some.map((record) => newer(record)),
    ),
  ];
  await ingest(workspace, paths, { map, batchBytes: 1 });
  const before = await counts();
  for (const content of ["none", "full"] as const) {
    await ingest(workspace, paths, { map, content, batchBytes: 1 });
    expect(await counts()).toEqual(before);
  }
  await ingest(workspace, [paths[1]!], { map, content: "hash" });
  expect(await counts()).toEqual(before);
  expect(await costs()).toEqual(
    some.map((record) => ({ id: record.id, usd: newer(record).usd })).sort((x, y) => (x.id < y.id ? -1 : 1)),
  );
});

test("many small files share their Parquet, and each can be replaced, beaten and recognised by itself", async () => {
  const paths = attempts.map((record, i) => file(`one${String(i).padStart(3, "0")}.jsonl`, [record]));
  const result = await ingest(workspace, paths, { map });
  expect(result.files.every(({ accepted }) => accepted === 1)).toBe(true);
  expect(readdirSync(join(workspace.path, "ingest"))).toHaveLength(1);
  const days = new Set(attempts.map(({ at }) => at.slice(0, 10)));
  const parquet = () =>
    readdirSync(join(workspace.path, "requests"), { recursive: true }).filter((name) =>
      String(name).endsWith(".parquet"),
    );
  expect(parquet()).toHaveLength(days.size);
  expect((await ingest(workspace, paths, { map })).files.every(({ reused }) => reused)).toBe(true);

  await ingest(workspace, [paths[0]!, paths[1]!], { map, content: "none" });
  await ingest(workspace, [file("newer.jsonl", [newer(attempts[2]!), newer(attempts[0]!)])], { map });
  const counted = await counts();
  expect(counted["one000.jsonl"]).toEqual([1, 0, 1]);
  expect(counted["one001.jsonl"]).toEqual([1, 1, 0]);
  expect(counted["one002.jsonl"]).toEqual([1, 0, 1]);
  expect(counted["one003.jsonl"]).toEqual([1, 1, 0]);
  expect(counted["newer.jsonl"]).toEqual([2, 2, 0]);
  expect(
    await readTable(workspace, "SELECT content_state, count(*) AS n FROM requests GROUP BY 1 ORDER BY 1"),
  ).toEqual([
    { content_state: "none", n: 1 },
    { content_state: "redacted", n: attempts.length - 1 },
  ]);
});

test("ids that a log uses anew every day are no duplicates: the later calls are quarantined, and say what to do", async () => {
  const day = (name: string, date: string, tokens: number) =>
    writeLines(
      join(folder, name),
      Array.from({ length: 20 }, (_, id) => ({
        id: String(id),
        created_at: `${date}T10:00:00Z`,
        model: "gpt-4o",
        input_tokens: tokens + id,
        output_tokens: 10,
      })),
    );
  await ingest(workspace, [day("monday.jsonl", "2026-01-05", 100), day("tuesday.jsonl", "2026-01-06", 500)]);
  expect(await counts()).toEqual({ "monday.jsonl": [20, 20, 0], "tuesday.jsonl": [20, 0, 0] });
  const [reused] = await readTable<QuarantineRow & { n: number }>(
    workspace,
    "SELECT disposition, reason, min(detail) AS detail, count(*) AS n FROM quarantine GROUP BY ALL",
  );
  expect(reused).toMatchObject({ disposition: "quarantined", reason: "id_reused", n: 20 });
  expect(reused!.detail).toMatch(
    /^id 0 \(attempt 1\) belongs to another call at .*monday\.jsonl:1, more than an hour away/,
  );
});
