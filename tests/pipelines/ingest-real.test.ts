import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";

const data = process.env.SIGNALBOX_DATA ?? "../shared/data";
const root = mkdtempSync(join(tmpdir(), "signalbox-real-"));
afterAll(() => rmSync(root, { recursive: true }));

test.for([
  "raw-api-pairs",
  "bedrock-invocation",
  "otlp-json",
  "litellm",
  "langfuse-traces",
  "coding-agents",
  "openai-batch",
])("accounts for every record of logs/%s, and recognises its format", async (name, { skip }) => {
  const folder = join(data, "logs", name);
  if (!existsSync(folder)) skip(`no data at ${folder}; set SIGNALBOX_DATA`);
  const result = await ingest(openOrCreateWorkspace(join(root, name)), [folder]);
  const { read, accepted, quarantined, duplicates, skipped } = result.totals;
  process.stdout.write(
    `${name}: ${JSON.stringify(result.totals)}\n${result.reasons.map((r) => `  ${r.disposition} ${r.reason} ${r.count}: ${r.example.slice(0, 160)}`).join("\n")}\n`,
  );
  expect(accepted).toBeGreaterThan(0);
  expect(read).toBe(accepted + quarantined + duplicates + skipped);
  // The one file there that is no log: a table of contents.
  const logs = result.files.filter(({ path }) => !path.endsWith(".tsv"));
  expect(logs.every(({ source }) => source !== null)).toBe(true);
  expect(result.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(read - accepted);
});
