import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { langfuseSource } from "../../../datasets/sources/langfuse.js";
import { draftOf } from "../../support/map-records.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-parquet-"));
afterAll(() => rmSync(root, { recursive: true }));

test("reads the maps of a Parquet file as objects, texts and numbers as they are", async () => {
  const path = join(root, "observations.parquet");
  const engine = await openDuckDb({ threads: 1 });
  await engine.run(
    `COPY (SELECT 'o1' AS id, 't1' AS trace_id, 'GENERATION' AS type, NULL::VARCHAR AS parent_observation_id,
       TIMESTAMP_MS '2026-06-05 09:15:00.123' AS start_time, TIMESTAMP_NS '2026-06-05 09:15:01.123456789' AS end_time,
       MAP {'ls_provider': 'anthropic', 'note': 'a, ''b'': {c}'} AS metadata, 'claude-sonnet-4-5' AS provided_model_name,
       MAP {'input': 4::UBIGINT, 'output': 60::UBIGINT, 'input_cached_tokens': 1000::UBIGINT} AS usage_details,
       MAP {'total': 0.001962::DECIMAL(18, 12)} AS cost_details, MAP {}::MAP(VARCHAR, VARCHAR) AS tool_definitions
     ) TO '${path}' (FORMAT parquet)`,
  );
  engine.close();
  const records = [];
  for await (const batch of readRecords(path)) records.push(...batch);
  expect(records[0]?.value).toMatchObject({
    metadata: { ls_provider: "anthropic", note: "a, 'b': {c}" },
    usage_details: { input: 4, output: 60, input_cached_tokens: 1000 },
    tool_definitions: {},
  });
  expect(draftOf(langfuseSource, records[0]?.value)).toMatchObject({
    createdAt: Date.UTC(2026, 5, 5, 9, 15, 0, 123) * 1000,
    provider: "anthropic",
    usage: { inputUncached: 4, inputCacheRead: 1000, outputText: 60 },
    costReportedUsd: 0.001962,
    tools: null,
  });
});
