import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { detectFile } from "../../datasets/sources/detect-file.js";
import { csvText } from "../../datasets/synthetic/write-request-log.js";
import { openOrCreateWorkspace, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { readTable } from "../support/read-table.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-zone-"));
afterAll(() => rmSync(root, { recursive: true }));

let workspaces = 0;
const workspace = () => openOrCreateWorkspace(join(root, `ws${workspaces++}`));
const now = new Date("2026-12-01");

/** Exports whose times name no zone: noon in July, and the hour after midnight in which Berlin skips one. */
const moments = ["2026-07-15 12:00:00.250", "2026-03-29 02:30:00.000"];
const exports: Record<string, (at: string, i: number) => Record<string, unknown>> = {
  litellm: (at, i) => ({
    request_id: `c${i}`,
    call_type: "acompletion",
    spend: 0.002,
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    startTime: at,
    endTime: at,
    model: "gpt-4o-mini",
    custom_llm_provider: "openai",
    metadata: "{}",
    api_key: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
    status: "success",
  }),
  canonical: (at, i) => ({
    id: `c${i}`,
    timestamp: at,
    model: "gpt-4o-mini",
    input_tokens: 1,
    output_tokens: 1,
  }),
  langfuse: (at, i) => ({
    id: `c${i}`,
    trace_id: "t",
    project_id: "p",
    environment: "production",
    type: "GENERATION",
    parent_observation_id: null,
    start_time: at,
    end_time: at,
    name: "summarise",
    provided_model_name: "gpt-4o-2024-08-06",
    usage_details: '{"input":300,"output":40,"total":340}',
    cost_details: '{"total":0.001}',
  }),
  openrouter: (at, i) => ({
    generation_id: `gen-${i}-abc`,
    created_at: at,
    cost_total: "0.00412",
    tokens_prompt: "1200",
    tokens_completion: "300",
    tokens_reasoning: "0",
    tokens_cached: "0",
    model_permaslug: "anthropic/claude-4.5-sonnet-20250929",
    provider_name: "Anthropic",
    cancelled: "false",
    streamed: "true",
    generation_time_ms: "4210",
  }),
};

function writeExport(name: string): string {
  const path = join(root, `${name}.csv`);
  writeFileSync(path, csvText(moments.map((at, i) => exports[name]!(at, i))));
  return path;
}

async function timesOf(ws: Workspace): Promise<string[]> {
  const rows = await readTable<{ created_at: number }>(ws, "SELECT created_at FROM requests ORDER BY 1 DESC");
  return rows.map(({ created_at: at }) => new Date(at / 1000).toISOString());
}

describe.each(Object.keys(exports))("a CSV of %s", (source) => {
  const path = writeExport(source);

  test("is read as UTC without a zone, and detection says that it has none", async () => {
    const ws = workspace();
    const { files } = await ingest(ws, [path], { now });
    expect(files[0]!.source).toBe(source);
    expect(await timesOf(ws)).toEqual(["2026-07-15T12:00:00.250Z", "2026-03-29T02:30:00.000Z"]);
    expect((await detectFile(path)).sample!.has_times_without_zone).toBe(true);
  });

  test.each([
    ["Europe/Berlin", ["2026-07-15T10:00:00.250Z", "2026-03-29T01:30:00.000Z"]],
    ["-05:00", ["2026-07-15T17:00:00.250Z", "2026-03-29T07:30:00.000Z"]],
  ])("is read by %s, recognised or named", async (zone, expected) => {
    for (const named of [undefined, source]) {
      const ws = workspace();
      const { totals } = await ingest(ws, [path], { zone, now, ...(named && { source: named }) });
      expect(totals).toMatchObject({ accepted: 2, quarantined: 0 });
      expect(await timesOf(ws)).toEqual(expected);
    }
  });
});

test("another zone reads the file again; the same one keeps it", async () => {
  const path = writeExport("canonical");
  const ws = workspace();
  const read = async (zone?: string) =>
    (await ingest(ws, [path], { now, ...(zone && { zone }) })).files[0]!.reused;
  expect(await read()).toBe(false);
  expect(await read("UTC")).toBe(true);
  expect(await read("Europe/Berlin")).toBe(false);
  expect(await timesOf(ws)).toEqual(["2026-07-15T10:00:00.250Z", "2026-03-29T01:30:00.000Z"]);
  expect(await read("Europe/Berlin")).toBe(true);
  expect(await read()).toBe(false);
  expect(await timesOf(ws)).toEqual(["2026-07-15T12:00:00.250Z", "2026-03-29T02:30:00.000Z"]);
});

test("a large file of JSON lines is read by the zone too", async () => {
  const path = join(root, "large.jsonl");
  const line = (i: number) =>
    JSON.stringify({ ...exports.canonical!("2026-07-15 12:00:00", i), prompt: "x".repeat(1000) });
  writeFileSync(path, Array.from({ length: 4500 }, (_, i) => `${line(i)}\n`).join(""));
  const ws = workspace();
  await ingest(ws, [path], { zone: "Europe/Berlin", now });
  expect(new Set(await timesOf(ws))).toEqual(new Set(["2026-07-15T10:00:00.000Z"]));
});

test("times that name their zone are left alone, and detection says nothing", async () => {
  const path = join(root, "zoned.csv");
  writeFileSync(path, csvText([exports.canonical!("2026-07-15T12:00:00+09:00", 1)]));
  const ws = workspace();
  await ingest(ws, [path], { zone: "Europe/Berlin", now });
  expect(await timesOf(ws)).toEqual(["2026-07-15T03:00:00.000Z"]);
  expect((await detectFile(path)).sample!.has_times_without_zone).toBe(false);
});

test.each([
  ["the zone of the call", undefined, "2026-07-15T10:00:00.000Z"],
  ["its own before that of the call", "Asia/Tokyo", "2026-07-15T03:00:00.000Z"],
])("a mapping file's times take %s", async (_, own, expected) => {
  const path = join(root, `mapped-${own === undefined}.csv`);
  writeFileSync(path, csvText([{ when: "15.07.2026 12:00:00", engine: "gpt-4o-mini", no: 1 }]));
  const map = join(root, `map-${own === undefined}.json`);
  writeFileSync(
    map,
    JSON.stringify({
      name: "house",
      ...(own && { time_zone: own }),
      fields: { created_at: { path: "when", unit: "dmy" }, model: "engine" },
    }),
  );
  const ws = workspace();
  await ingest(ws, [path], { map, zone: "Europe/Berlin", now });
  expect(await timesOf(ws)).toEqual([expected]);
});

test.each(["Europe/Atlantis", "CEST+", "25:00", "+15:00", ""])("zone %j is refused", async (zone) => {
  const reading = ingest(workspace(), [writeExport("canonical")], { zone, now });
  await expect(reading).rejects.toThrow(/no such time zone; name one of the IANA database.*\+02:00/);
});
